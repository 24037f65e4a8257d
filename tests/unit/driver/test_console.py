"""What a user reads in the terminal before and after a run."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from aestudy.base import files
from aestudy.driver import console
from unit.driver import small_study


@pytest.fixture
def study():
    return small_study.study_of(["a", "b"], [2, 3])


def test_failure_shows_the_end_of_the_log_and_the_command_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/usr/bin/snakemake", "--cores", "2", "--config", "study=a b"])
    log = tmp_path / "train.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    printed = console.failure(SimpleNamespace(study="mine"), [("train", [str(log)]), ("page", ["nowhere.log"])])
    assert "A job of rule train failed" in printed and str(log) in printed
    assert "line 99" in printed and "line 50" not in printed
    assert "A job of rule page failed. It left no log." in printed
    assert "snakemake --cores 2 --config 'study=a b'" in printed


def test_banner_says_how_long(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    unknown = "8 trainings left; none like them was made here before, so how long is "
    assert unknown + "not known" in console.banner(*study, at_once=2)
    assert unknown + "measured when they begin" in console.banner(*study, at_once=2, measured=True)
    results = tmp_path / "results"
    small_study.manifest(results, "digits/a/latent-9", [8], epochs=1, seconds=60, name="other")
    printed = console.banner(*study, at_once=2)
    assert "Study small: 4 runs x 2 replicates, 0 of the runs trained." in printed
    assert "about 40 min for 8 trainings, 2 at a time" in printed
    for replicate in range(2):
        small_study.manifest(results, "digits/b/latent-2", [9], epochs=10, seconds=600, replicate=replicate)
    assert "1 of the runs trained" in console.banner(*study, at_once=2)


def test_banner_names_claims_on_runs_that_the_study_lacks(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lacking = console.banner(*study, at_once=1, untestable=["dense-1", "conv-2"])
    assert "which it will call not testable: dense-1, conv-2" in lacking
    assert "not testable" not in console.banner(*study, at_once=1)


def test_end_shows_the_verdicts_and_how_to_get_the_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["/usr/bin/snakemake", "--cores", "2"])
    mine = SimpleNamespace(study="mine", reports={"dense": None})
    printed = console.end(mine)
    assert "Verdicts" not in printed
    assert "Results are in results/mine/. The report: snakemake --report results/mine/report.html --cores 2" in printed
    header = "id,report,statement,expected,observed,ci_low,ci_high,tolerance,verdict,reason,evidence"
    files.write_text(
        "results/mine/tables/claims.csv", f"{header}\na-1,dense,x,20,20.5,20,21,1,reproduced,why,metrics\n"
    )
    printed = console.end(mine)
    assert "Verdicts of study mine:" in printed and "a-1" in printed and "In all: 1 reproduced." in printed
    assert "the study's own claims" not in printed
    assert "the study's own claims" in console.end(SimpleNamespace(study="mine", reports={"other": None}))
    assert "reproduced" not in console.end(mine, brief=True)


def test_further_failures_are_named_with_their_logs():
    failed = [("train", [f"{number}.log"]) for number in range(5)]
    assert "2 more failed; their logs: 3.log, 4.log" in console.failure(SimpleNamespace(study="mine"), failed)
    told = console.failure(SimpleNamespace(study="mine"), failed, told=True)
    assert "5 jobs failed; their logs: 0.log, " in told and "A job of rule" not in told


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("/usr/bin/snakemake", "snakemake --unlock --cores 2"),
        ("{here}/.venv/bin/snakemake", ".venv/bin/snakemake --unlock --cores 2"),
        ("/usr/lib/python3/site-packages/snakemake/__main__.py", "python -m snakemake --unlock --cores 2"),
    ],
)
def test_command_is_the_one_that_was_given(program, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [program.format(here=Path.cwd()), "--cores", "2"])
    assert console.command("--unlock") == words


def test_the_library_is_found_first_and_once(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["/mine", "/library"]))
    console.make_library_importable(Path("/library"))
    console.make_library_importable(Path("/library"))
    assert os.environ["PYTHONPATH"] == os.pathsep.join(["/library", "/mine"])
