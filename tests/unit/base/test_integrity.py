"""What a job made is vouched for, and what was changed since is named and refused."""

import logging
from types import SimpleNamespace

import numpy as np
import pytest
from faults import tried

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.base.job import job


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for handler in logging.getLogger().handlers[:]:  # a job's own, whose files go away with the folder
        if isinstance(handler, logging.FileHandler):
            logging.getLogger().removeHandler(handler)
            handler.close()


def run(body, inputs=(), outputs=()):
    """A job whose script is the function `body`; returns its log, and raises SystemExit when it fails."""
    with job(SimpleNamespace(rule="train", wildcards=["digits", "x"], log=["job.log"], input=inputs, output=outputs)):
        body()


def flip(path, position=-1):
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


@pytest.fixture
def made(here):
    """Three results, made by a job."""
    paths = [here / "results/trial" / name for name in ("runs/weights.safetensors", "noisy/a.npy", "tables/m.csv")]
    names = [str(path.relative_to(here)) for path in paths]

    def make():
        files.write_bytes(names[0], bytes(range(200)))
        files.write_array(names[1], np.arange(12.0))
        files.write_text(names[2], "psnr\n20.5\n")

    run(make, outputs=names)
    return paths


def test_the_record_is_one_that_sha256sum_reads(here):
    files.write_text("a.csv", "a\n1\n")
    integrity.record(["a.csv"])
    assert (here / ".a.csv.sha256").read_text() == f"{files.sha256('a.csv')}  a.csv\n"
    assert integrity.recorded("a.csv") == files.sha256("a.csv")


def test_untouched_results_pass(made):
    ran = []
    run(lambda: ran.append(1), inputs=[str(path) for path in made])
    assert ran


@pytest.mark.parametrize("position", [0, 3, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_flipped_bit_is_named_and_refused(made, number, position, here):
    path = made[number]
    flip(path, position)
    ran = []
    with pytest.raises(SystemExit):
        run(lambda: ran.append(1), inputs=[str(path) for path in made])
    assert not ran
    log, name = (here / "job.log").read_text(), str(path.relative_to(here))
    assert "train/digits/x: " in log and name in log and "Remove them" in log and "Traceback" not in log
    tried("changed results")


def test_a_damaged_record_is_not_taken_for_none(made):
    integrity.record_of(made[0]).write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"weights\.safetensors"):
        integrity.refuse_changed(made)
    integrity.record_of(made[1]).write_bytes(b"")
    with pytest.raises(UserError, match=r"a\.npy: .*something unreadable"):
        integrity.refuse_changed(made)


def test_files_that_no_job_made_are_read_as_they_are(here):
    (here / "claims.yaml").write_text("claims: []")
    integrity.refuse_changed([here / "claims.yaml"])
    assert integrity.recorded(here / "claims.yaml") is None


def test_made_again_is_vouched_for_again(made):
    flip(made[2])
    with pytest.raises(UserError):
        integrity.refuse_changed(made)
    run(lambda: files.write_text(made[2], "psnr\n21\n"), outputs=[str(made[2])])
    integrity.refuse_changed(made)


def test_a_job_that_fails_vouches_for_nothing(here):
    def fail():
        files.write_text("half.csv", "a\n")
        raise UserError("no")

    with pytest.raises(SystemExit):
        run(fail, outputs=["half.csv"])
    assert integrity.recorded("half.csv") is None
