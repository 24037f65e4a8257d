"""What was changed since a study made it is found and named."""

from argparse import Namespace

import numpy as np
import pytest
from faults import tried

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.tools import verify

TOTAL = "results/trial/SHA256SUMS"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def flip(path, position=-1):
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def status(study="trial") -> int:
    return verify.run(Namespace(study=study))


@pytest.fixture
def study(here):
    """The files of a study of three results, with what their jobs wrote beside them, and its checksums."""
    paths = [here / "results/trial" / name for name in ("runs/weights.safetensors", "noisy/a.npy", "tables/m.csv")]
    names = [str(path.relative_to(here)) for path in paths]
    files.write_bytes(names[0], bytes(range(200)))
    files.write_array(names[1], np.arange(12.0))
    files.write_text(names[2], "psnr\n20.5\n")
    integrity.record(names)
    files.write_text(TOTAL, verify.checksums(names))
    integrity.record([TOTAL])
    return paths


def test_untouched_results_pass(study, capsys):
    assert status() == 0
    assert f"All 3 files that {TOTAL} names" in capsys.readouterr().out


def test_checksums_are_those_of_the_files_in_the_order_of_their_names(study, here):
    names = ["results/trial/noisy/a.npy", "results/trial/runs/weights.safetensors", "results/trial/tables/m.csv"]
    assert (here / TOTAL).read_text() == "".join(f"{files.sha256(name)}  {name}\n" for name in names)


@pytest.mark.parametrize("position", [0, 3, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_flipped_bit_is_found_and_named(study, number, position, here, capsys):
    path = study[number]
    flip(path, position)
    assert status() == 1
    lines = capsys.readouterr().err.splitlines()
    name = str(path.relative_to(here))
    assert [line for line in lines if line.startswith("results/")] == [line for line in lines if f"{name}: " in line]
    assert "changed, its SHA-256 is" in lines[0]
    tried("changed results")


def test_checksums_do_not_vouch_for_what_changed_after_it_was_made(study):
    """Not even for a change between the look at the job's inputs and the writing of the checksums."""
    flip(study[0])
    files.write_text(TOTAL, verify.checksums(map(str, study)))
    count, found = verify.differences(TOTAL)
    assert count == 3
    assert len([text for text in found if "weights.safetensors: changed" in text]) == 1


def test_files_without_a_note_are_among_the_checksums_too(here):
    (here / "a.csv").write_text("a\n1\n")
    assert verify.checksums(["a.csv"]) == f"{files.sha256('a.csv')}  a.csv\n"


def test_missing_results_are_named(study, capsys):
    study[1].unlink()
    assert status() == 1
    assert "results/trial/noisy/a.npy: missing" in capsys.readouterr().err
    tried("changed results")


@pytest.mark.parametrize("position", [0, 64, -1])
def test_changed_checksums_are_named(study, position, here, capsys):
    flip(here / TOTAL, position)
    assert status() == 1
    assert f"{TOTAL}: changed since it was made" in capsys.readouterr().err
    tried("changed results")


def test_a_study_without_checksums():
    with pytest.raises(UserError, match=f"{TOTAL} is not there"):
        status()
