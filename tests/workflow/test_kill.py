"""Killed again and again, at random moments, a study ends with the results of one that was left alone.

`make test` does so to the tiny study, `make soak` to the demo.
"""

import os
import re
import shutil
import signal
import subprocess

import pytest
from faults import chance, tried

# What may differ from run to run: how long it took, and what tells so.
TIMES = ("tables/cost.csv", "pages/cost.html", "manifest.json")
# These show claims about time among others; the table that they show, tables/claims.csv, is compared line by line.
TIMES += ("pages/claims.html", "pages/opening.html", "figures/verdicts.svg", "figures/verdicts.png")
# Of p-values that are corrected for all claims, each depends on those of the claims about time.
TIMES += ("tables/certainty.csv",)
CLAIMS_ABOUT_COST = re.compile(rb"dense-1b|conv-6")  # time and memory


def results(project, names: list[str]) -> dict[str, bytes]:
    """Contents of files by name, without claims about time and memory."""
    found = {name: (project.folder / name).read_bytes() for name in names}
    for name in found:
        if "claims" in name:
            found[name] = b"".join(line for line in found[name].splitlines() if not CLAIMS_ABOUT_COST.match(line))
    return found


def assert_same_results(project, undisturbed, study: str) -> None:
    """Compare what the project has made with the files that the undisturbed study's manifest names."""
    folder = project.folder / "results" / study
    manifest = (undisturbed.folder / "results" / study / "SHA256SUMS").read_text()
    names = [line.split("  ", 1)[1] for line in manifest.splitlines()]
    if not (folder / "SHA256SUMS").exists():  # made up to the tables only
        shown = ("/figures/", "/pages/", "/captions/", "/portable/", "/configuration.yaml")
        names = [name for name in names if not any(part in name for part in shown)]
    names = [name for name in names if not name.endswith(TIMES)]
    expected, found = results(undisturbed, names), results(project, names)
    assert [name for name in names if found[name] != expected[name]] == []
    for part in ("tables/claims.csv", "tables/metrics.csv", "weights.safetensors", "scores.parquet", "history.csv"):
        assert any(name.endswith(part) for name in names)
    assert [path for path in folder.rglob("*checkpoint*") if path.is_file()] == []


def kill_again_and_again(project, undisturbed, study: str, command: list[str], kills: int, longest: float) -> None:
    """Run a study, killing it with all of its jobs `kills` times, each within `longest` seconds, then to its end.

    It is the same command each time: what a killed run has locked is none of the user's business.

    A study that ends before it is killed often enough is compared and started anew, from nothing.
    """
    moments = chance(2025)
    done = 0
    while done < kills:
        run = project.start(*command)
        try:
            output, _ = run.communicate(timeout=moments.uniform(3, longest))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            done += 1
        else:
            assert run.returncode == 0, output[-3_000:]
            assert_same_results(project, undisturbed, study)
            for folder in ("results", "resources", ".snakemake"):
                shutil.rmtree(project.folder / folder)
    last = project.snakemake(*command[1:])
    assert last.returncode == 0, last.stdout[-3_000:]
    assert_same_results(project, undisturbed, study)
    tried("kills (SIGKILL of a study with its jobs), then the same command", kills)


def test_the_tiny_study(finished, new_project):
    """With other --cores than the undisturbed one, and so in another order of jobs."""
    command = ["snakemake", "tables", "claims", "--cores", "3", "--configfile", "tests/tiny.yaml"]
    kill_again_and_again(new_project(), finished, "tiny", command, kills=3, longest=20)


@pytest.mark.soak
def test_the_demo(new_project):
    undisturbed = new_project()
    command = ["snakemake", "--cores", "2", "--resources", "gpu=2", "--configfile", "workflow/studies/demo.yaml"]
    done = undisturbed.snakemake(*command[1:])
    assert done.returncode == 0, done.stdout[-3_000:]
    kill_again_and_again(new_project(), undisturbed, "demo", command, kills=25, longest=20)
