"""A finished study is archived, and its report is made from the archive in a fresh checkout, without training."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from aestudy.tools import verify

ROOT = Path(__file__).parents[2]
CONFIGURATION = "results/tiny/configuration.yaml"
LONG = {"prepare", "noisify", "train", "evaluate", "baselines", "tested", "portable"}
"""Rules that take their time; what they made is in the archive."""


def aestudy(project, *arguments: str):
    return project.run(["python", "-m", "aestudy", *arguments], PYTHONPATH=str(project.folder / "workflow"))


@pytest.fixture(scope="module")
def made(finished) -> Path:
    """The archive of the finished study."""
    shutil.copy(ROOT / "CITATION.cff", finished.folder)
    done = aestudy(finished, "archive", "tiny")
    assert done.returncode == 0, done.stdout
    assert "digits (CC BY 4.0)" in done.stdout
    return finished.folder / "results/tiny.crate.zip"


@pytest.fixture
def fresh(made, new_project):
    """A fresh checkout with the archive in it."""
    project = new_project()
    for path in (made, made.with_name(f"{made.name}.sha256")):
        shutil.copy(path, project.folder)
    return project


def test_the_report_is_rebuilt_without_training_and_the_study_goes_on_from_there(fresh, finished):
    done = aestudy(fresh, "unarchive", "tiny.crate.zip")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "rebuilt files are the archive's, byte for byte. The report: results/tiny/report.html" in done.stdout

    logs = "".join(path.read_text() for path in (fresh.folder / ".snakemake/log").glob("*.log"))
    ran = set(re.findall(r"^(?:local)?rule (\w+):$", logs, re.MULTILINE))
    assert {"metrics", "claims", "figure", "playground", "opening", "checksums"} <= ran
    assert not ran & LONG

    sums = verify.listed((finished.folder / "results/tiny/SHA256SUMS").read_text())
    assert len(sums) > 50
    for name in [*sums, "results/tiny/SHA256SUMS"]:
        assert (fresh.folder / name).read_bytes() == (finished.folder / name).read_bytes(), name
    assert "Study tiny" in (fresh.folder / "results/tiny/report.html").read_text(encoding="utf-8")

    assert fresh.planned() == {}
    assert fresh.planned("--configfile", CONFIGURATION) == {}
    more = fresh.planned("--config", "replicates=3")
    assert 0 < more["train"] <= 5 and "prepare" not in more

    again = aestudy(fresh, "unarchive", "tiny.crate.zip")
    assert again.returncode == 2 and "results/tiny is here already" in again.stdout


def test_a_checkout_that_would_train_anew_says_so_and_rebuilds_nothing(fresh):
    with fresh.edited("workflow/aestudy/models/conv.py", "nn.ReLU()", "nn.LeakyReLU()"):
        done = aestudy(fresh, "unarchive", "tiny.crate.zip")
    assert done.returncode == 2
    assert "this checkout would make results of the archive anew (rules evaluate" in done.stdout
    assert "train): its code is not that of the archive" in done.stdout and "Traceback" not in done.stdout
    assert not (fresh.folder / "results/tiny/tables").exists()


def test_one_flipped_byte_is_named_and_nothing_is_unpacked(fresh):
    path = fresh.folder / "tiny.crate.zip"
    with zipfile.ZipFile(path) as archive:
        info = next(
            info for info in archive.infolist() if info.filename.endswith("/conv/gaussian_once-0.25/scores.parquet")
        )
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 1
    path.write_bytes(content)
    done = aestudy(fresh, "unarchive", "tiny.crate.zip")
    assert done.returncode == 2
    assert info.filename in done.stdout and "Traceback" not in done.stdout
    assert not (fresh.folder / "results/tiny").exists()
