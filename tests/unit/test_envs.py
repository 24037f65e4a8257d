"""Pinned environments: the lock is complete, and the environments of the rules agree with it and with the scripts."""

import ast
import functools
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from aestudy.base import registry
from aestudy.figures.catalogue import DRAWINGS

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "workflow/aestudy"
ENVS = sorted((ROOT / "envs").glob("*.yaml"))
LOCK = (ROOT / "requirements.lock").read_text()
REQUIREMENTS = (ROOT / "requirements.in").read_text()

# Functions that import torch, and that only stages with the environment torch call.
WITH_TORCH = {"torch_generator", "device_name", "gpu_uuid", "build", "add", "draw_levels"}


def entries() -> list[str]:
    """One text per package of the lock, with all of its hashes."""
    return re.split(r"\n(?=\S)", LOCK.strip())


def locked(python: str) -> dict[str, str]:
    """Versions by package that the lock gives on a version of Python, here."""
    requirements = [Requirement(entry.splitlines()[0].removesuffix("\\")) for entry in entries()]
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate(here)
    }


def python_of(env: Path) -> str:
    """Version of Python in an environment, such as 3.12."""
    return re.search(r"- python=([\d.]+)", env.read_text())[1]


def pins(env: Path) -> dict[str, str]:
    """What an environment installs with pip."""
    (pip,) = [entry["pip"] for entry in yaml.safe_load(env.read_text())["dependencies"] if isinstance(entry, dict)]
    return dict(re.fullmatch(r"([\w.-]+)==(\S+)", line).groups() for line in pip)


class TestLock:
    def test_pins_every_package_with_its_hashes(self):
        for entry in entries():
            first, *rest = [line.strip().removesuffix("\\").strip() for line in entry.splitlines()]
            assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+-]+( ; .+)?", first)
            assert rest, first
            assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in rest), first

    def test_names_no_place_to_download_from(self):
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host| @ ", LOCK)

    @pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
    def test_holds_what_the_project_uses(self, python):
        versions = locked(python)
        for line in re.findall(r"^[^#\s].*", REQUIREMENTS, re.MULTILINE):
            requirement = Requirement(line)
            assert versions[canonicalize_name(requirement.name)] in requirement.specifier


class TestEnvironments:
    @pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
    def test_versions_are_those_of_the_lock(self, env):
        versions = locked(python_of(env))
        for name, version in pins(env).items():
            assert versions.get(canonicalize_name(name)) == version, f"{env.name}: {name}"

    @pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
    def test_everything_else_is_pinned_too(self, env):
        document = yaml.safe_load(env.read_text())
        assert document["channels"] == ["conda-forge", "nodefaults"]
        rest = [entry for entry in document["dependencies"] if isinstance(entry, str)]
        assert all(re.fullmatch(r"[\w-]+=[\d.]+", entry) for entry in rest)
        assert {"python", "pip"} <= {entry.partition("=")[0] for entry in rest}


def stages() -> list[tuple[str, str]]:
    """(script, environment) of every rule that runs a script."""
    found = []
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for rule in re.split(r"^(?=(?:use )?(?:rule|checkpoint) )", file.read_text(), flags=re.MULTILINE):
            if script := re.search(r'\bscript:\s+"\.\./scripts/(\w+\.py)"', rule):
                env = re.search(r'\bconda:\s+"\.\./\.\./envs/(\w+\.yaml)"', rule)
                assert env, f"a rule in {file.name} runs {script[1]} without an environment"
                found.append((script[1], env[1]))
    return found


@functools.cache
def imports(path: Path, with_torch: bool = True) -> frozenset[str]:
    """Full names that a file imports anywhere, such as numpy or aestudy.base.files.sha256.

    with_torch: also within the functions of `WITH_TORCH`.
    """
    found, queue = set(), [ast.parse(path.read_text())]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write from aestudy.<package> import ..."
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif with_torch or not (isinstance(node, ast.FunctionDef) and node.name in WITH_TORCH):
            queue += ast.iter_child_nodes(node)
    return frozenset(found)


def own_file(name: str) -> Path | None:
    """The file of this library that an imported name is in."""
    path = LIBRARY.joinpath(*name.split(".")[1:]).with_suffix(".py")
    if path.is_file() or name.count(".") < 2:
        return path if path.is_file() else None
    return own_file(name.rpartition(".")[0])


def loaded_by_name(path: Path) -> set[str]:
    """Modules that a file loads by name: all kinds of the packages that it names to the registry, all drawings."""
    text = path.read_text()
    packages = re.findall(r'registry\.(?:load|kinds)\("(\w+)"', text)
    found = {f"aestudy.{package}.{kind}" for package in packages for kind in registry.kinds(package)}
    if 'f"aestudy.figures.{DRAWINGS' in text:
        found |= {f"aestudy.figures.{drawing.module}" for drawing in DRAWINGS.values()}
    return found


@functools.cache
def sources(script: str, with_torch: bool = True) -> frozenset[Path]:
    """The script and all files of this library that it may import (see `imports`)."""
    queue, found = [ROOT / "workflow/scripts" / script], set()
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            names = {name for name in imports(path, with_torch) if name.startswith("aestudy.")} | loaded_by_name(path)
            queue += [file for file in map(own_file, names) if file is not None]
    return frozenset(found)


def needed(script: str, with_torch: bool = True) -> set[str]:
    """Distributions that a script imports, anywhere in its sources (see `imports`)."""
    distributions = importlib.metadata.packages_distributions()
    imported = {name.split(".")[0] for path in sources(script, with_torch) for name in imports(path, with_torch)}
    outside = imported - set(sys.stdlib_module_names) - {"aestudy"}
    return {canonicalize_name(distributions[name][0]) for name in outside}


class TestStages:
    def test_every_script_belongs_to_a_rule(self):
        scripts = {path.name for path in (ROOT / "workflow/scripts").glob("*.py")}
        assert {script for script, _ in stages()} == scripts

    @pytest.mark.parametrize(("script", "env"), sorted(set(stages())))
    def test_environment_holds_what_the_script_imports(self, script, env):
        installed = {canonicalize_name(name) for name in pins(ROOT / "envs" / env)}
        missing = needed(script, with_torch=env == "torch.yaml") - installed
        assert not missing, f"add to envs/{env}, with the versions of requirements.lock: {', '.join(sorted(missing))}"

    def test_functions_that_need_torch_are_called_only_where_it_is(self):
        """Imports within them are left out above: so no other stage may use these functions."""
        for script, env in stages():
            if env != "torch.yaml":
                text = "".join(path.read_text() for path in sources(script, with_torch=False))
                called = {name for name in WITH_TORCH if re.search(rf"\.{name}\(", text)}
                assert called <= {"build", "add"}, script  # of models and noises; others have methods of these names

    def test_modules_loaded_by_name_are_seen(self):
        assert {"dense.py", "conv.py", "gaussian.py"} <= {path.name for path in sources("train.py")}
        assert {"pywavelets", "scikit-image"} <= needed("baselines.py")
        assert "scikit-learn" in needed("prepare.py")
