"""python -m aestudy: its verbs, its help, and how mistakes end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aestudy import __main__ as command_line

WORKFLOW = Path(command_line.__file__).parents[1]
VERBS = [
    "archive",
    "check-config",
    "cluster-resources",
    "converges",
    "describe",
    "documentation",
    "export",
    "findings",
    "gpu-check",
    "gpus",
    "publish",
    "restore",
    "schemas",
    "screenshots",
    "unarchive",
    "verdicts",
    "verify",
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Nothing that a verb writes may land in the project."""
    monkeypatch.chdir(tmp_path)


def ended(*arguments: str) -> int:
    """The exit status of a command, however it ends."""
    try:
        return command_line.main(arguments)
    except SystemExit as end:
        return end.code


def test_verbs_are_the_modules_that_can_be_run():
    assert list(command_line.verbs()) == VERBS


def test_what_a_verb_does_is_the_first_line_of_its_docstring():
    assert (
        command_line.verbs()["verdicts"]
        == "Shows the verdicts of a finished study, where its report is, and the complete output of its last run."
    )
    for does in command_line.verbs().values():
        assert does.endswith(".") and len(does) < 120


def test_help_lists_all_verbs_with_what_they_do(capsys):
    assert ended("--help") == 0
    printed = capsys.readouterr().out
    for verb, does in command_line.verbs().items():
        assert f"  {verb}" in printed and does in printed


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb(verb, capsys):
    assert ended(verb, "--help") == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: python -m aestudy {verb} [-h]")
    assert command_line.verbs()[verb] in printed


@pytest.mark.parametrize(
    "arguments", [[], ["verfy"], ["tools"], ["marks"], ["verify"], ["verify", "a", "b"], ["export"]]
)
def test_what_is_no_command_is_explained(arguments, capsys):
    assert ended(*arguments) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("usage: python -m aestudy") and "error: " in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "nowhere"], "error: results/nowhere/SHA256SUMS is not there: a study has it once it has run"),
        (["verdicts", "nowhere"], "error: there is no results/nowhere/tables/claims.csv: run the study to its end"),
        (["cluster-resources", "nowhere"], "error: results/nowhere/benchmarks: no benchmark file is there"),
        (["publish", "nowhere"], "error: results/nowhere holds no finished study (there is no SHA256SUMS)"),
        (["archive", "nowhere"], "error: results/nowhere/SHA256SUMS is not there: a study has it once it has run"),
        (["unarchive", "nowhere"], "error: No such file or directory: nowhere"),
        (
            ["screenshots", "nowhere"],
            "error: results/nowhere/report.html and results/nowhere/pages/playground.html not",
        ),
        (["describe", "nowhere"], "error: there is no folder nowhere"),
        (["export", "--run", "nowhere", "--out", "out"], "error: nowhere holds no trained replicate"),
        (["restore", "--run", "nowhere", "--images", "x", "--out", "y"], "error: nowhere holds no trained replicate"),
    ],
)
def test_a_users_mistake_ends_with_a_sentence(arguments, words, capsys):
    assert ended(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(words)
    assert "Traceback" not in printed.err and printed.out == ""


def test_status_is_that_of_the_verb(capsys):
    Path("results/trial").mkdir(parents=True)
    Path("results/trial/SHA256SUMS").write_text(f"{'0' * 64}  results/trial/a.csv\n")
    assert ended("verify", "trial") == 1
    Path("results/trial/SHA256SUMS").write_text("")
    assert ended("verify", "trial") == 0


def test_a_defect_of_ours_keeps_its_traceback(monkeypatch):
    from aestudy.tools import verdicts

    def fail(options):
        raise ZeroDivisionError

    monkeypatch.setattr(verdicts, "run", fail)
    with pytest.raises(ZeroDivisionError):
        command_line.main(["verdicts", "trial"])

    def fail_without_number(options):
        raise OSError("truncated")

    monkeypatch.setattr(verdicts, "run", fail_without_number)
    with pytest.raises(OSError, match="truncated"):
        command_line.main(["verdicts", "trial"])


def run(*arguments: str) -> subprocess.CompletedProcess:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "aestudy", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(WORKFLOW)},
    )


def test_as_a_program():
    assert run("--help").returncode == 0
    done = run("verify", "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("error: results/nowhere/SHA256SUMS is not there") and "Traceback" not in done.stderr


def test_help_imports_no_tool():
    code = "import sys; from aestudy.__main__ import verbs; verbs(); sys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(WORKFLOW)}, check=False)
    assert done.returncode == 0
