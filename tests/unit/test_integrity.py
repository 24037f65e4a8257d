"""What a job made is vouched for, and what was changed since is found, named and refused."""

import logging
from types import SimpleNamespace

import numpy as np
import pytest
from faults import tried

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.base.job import job
from aestudy.tools import verify


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
def study(here):
    """The files of a study of three results, made by a job, and its manifest."""
    paths = [here / "results/trial" / name for name in ("runs/weights.safetensors", "noisy/a.npy", "tables/m.csv")]
    names = [str(path.relative_to(here)) for path in paths]

    def make():
        files.write_bytes(names[0], bytes(range(200)))
        files.write_array(names[1], np.arange(12.0))
        files.write_text(names[2], "psnr\n20.5\n")

    run(make, outputs=names)
    total = "results/trial/SHA256SUMS"
    run(lambda: files.write_text(total, verify.manifest(names)), inputs=names, outputs=[total])
    return paths


def test_untouched_results_pass(study, capsys):
    run(lambda: None, inputs=[str(path) for path in study])
    assert verify.main("trial") == 0
    assert "All 3 files that results/trial/SHA256SUMS names" in capsys.readouterr().out


@pytest.mark.parametrize("position", [0, 3, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_flipped_bit_is_found_named_and_refused(study, number, position, here, capsys):
    path = study[number]
    flip(path, position)

    assert verify.main("trial") == 1
    lines = capsys.readouterr().err.splitlines()
    name = str(path.relative_to(here))
    assert [line for line in lines if line.startswith("results/")] == [line for line in lines if f"{name}: " in line]
    assert "changed, its SHA-256 is" in lines[0]

    ran = []
    with pytest.raises(SystemExit):
        run(lambda: ran.append(1), inputs=[str(path) for path in study])
    assert not ran
    log = (here / "job.log").read_text()
    assert "train/digits/x: " in log and name in log and "Remove them" in log and "Traceback" not in log
    tried("changed results")


def test_a_manifest_does_not_vouch_for_what_changed_after_it_was_made(study):
    """Not even for a change between the look at the job's inputs and the writing of the manifest."""
    flip(study[0])
    files.write_text("results/trial/SHA256SUMS", verify.manifest(map(str, study)))
    count, found = verify.differences("results/trial/SHA256SUMS")
    assert count == 3
    assert len([text for text in found if "weights.safetensors: changed" in text]) == 1


def test_files_without_a_note_are_in_the_manifest_too(here):
    (here / "a.csv").write_text("a\n1\n")
    assert verify.manifest(["a.csv"]) == f"{files.sha256('a.csv')}  a.csv\n"


def test_missing_results_are_named(study, capsys):
    study[1].unlink()
    assert verify.main("trial") == 1
    assert "results/trial/noisy/a.npy: missing" in capsys.readouterr().err
    tried("changed results")


@pytest.mark.parametrize("position", [0, 64, -1])
def test_a_changed_manifest_is_named(study, position, here, capsys):
    flip(here / "results/trial/SHA256SUMS", position)
    assert verify.main("trial") == 1
    assert "results/trial/SHA256SUMS: changed since it was made" in capsys.readouterr().err
    tried("changed results")


def test_a_study_without_manifest(capsys):
    assert verify.main("trial") == 2
    assert "results/trial/SHA256SUMS is not there" in capsys.readouterr().err


def test_a_damaged_record_is_not_taken_for_none(study):
    integrity.record_of(study[0]).write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"weights\.safetensors"):
        integrity.check(study)
    integrity.record_of(study[1]).write_bytes(b"")
    with pytest.raises(UserError, match=r"a\.npy: .*something unreadable"):
        integrity.check(study)


def test_files_that_no_job_made_are_read_as_they_are(here):
    (here / "claims.yaml").write_text("claims: []")
    integrity.check([here / "claims.yaml"])


def test_made_again_is_vouched_for_again(study):
    flip(study[2])
    run(lambda: files.write_text(study[2], "psnr\n21\n"), outputs=[str(study[2])])
    integrity.check(study)


def test_a_job_that_fails_vouches_for_nothing(here):
    def fail():
        files.write_text("half.csv", "a\n")
        raise UserError("no")

    with pytest.raises(SystemExit):
        run(fail, outputs=["half.csv"])
    assert integrity.recorded("half.csv") is None
