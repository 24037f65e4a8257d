"""Profiles and what they need stay in step with each other and with the workflow."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROFILES = ROOT / "profiles"
OWN = {"resources", "retries"}  # of each profile: a laptop counts GPUs, a cluster has a scheduler that does


def profile(name):
    return yaml.safe_load((PROFILES / name / "config.yaml").read_text())


def rules():
    text = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    return set(re.findall(r"^(?:use )?rule (?:\w+ as )?(\w+)", text, re.MULTILINE))


def locked(path):
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / path).read_text(), re.MULTILINE))


def test_the_slurm_profile_repeats_what_the_default_one_has():
    default, slurm = profile("default"), profile("slurm")
    assert len(default) > 5
    assert {key: slurm.get(key) for key in default.keys() - OWN} == {key: default[key] for key in default.keys() - OWN}


@pytest.mark.parametrize("name", ["default", "slurm"])
def test_every_entry_has_a_comment_with_its_reason(name):
    lines = (PROFILES / name / "config.yaml").read_text().splitlines()
    keys = [i for i, line in enumerate(lines) if re.match(r"[a-z-]+:", line)]
    assert keys
    for i in keys:
        above = i - 1
        while re.match(r"[a-z-]+:|  ", lines[above]):  # a comment may stand above two or three entries
            above -= 1
        assert lines[above].startswith("#"), lines[i]


def test_the_slurm_profile_names_rules_that_exist_and_groups_that_are_filled():
    slurm = profile("slurm")
    groups = dict(entry.split("=") for entry in slurm["groups"])
    assert groups.keys() | slurm["set-resources"].keys() <= rules()
    assert {entry.split("=")[0] for entry in slurm["group-components"]} == set(groups.values())


def test_the_plugin_is_locked_with_the_versions_of_the_project():
    project, plugin = locked("requirements.lock"), locked("profiles/slurm/requirements.lock")
    assert "snakemake-executor-plugin-slurm" in plugin and "snakemake" in project
    shared = project.keys() & plugin.keys()
    assert shared and {name: plugin[name] for name in shared} == {name: project[name] for name in shared}
    assert (ROOT / "profiles/slurm/requirements.lock").read_text().count("--hash=sha256:") >= len(plugin)


def test_the_container_recipe_installs_files_that_exist():
    copied = re.findall(r"^COPY (\S+)", (ROOT / "envs/Containerfile").read_text(), re.MULTILINE)
    assert copied and all((ROOT / path).is_file() for path in copied)
