"""What an archive holds is put in its place: where it was, with the records of how it was made."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from aestudy.base import integrity
from aestudy.base.errors import UserError
from aestudy.tools import snakemake_records, unarchive
from aestudy.tools.archive import RECORDS
from aestudy.tools.received import unpacked
from unit.tools import archived

KEPT = {
    "results/small/configuration.yaml",
    archived.WEIGHTS,
    "resources/data/digits/test_images.npy",
    "resources/data/digits/dataset.json",
    "mine/claims.yaml",
}


@pytest.fixture
def made(tmp_path, monkeypatch) -> Path:
    return archived.elsewhere(tmp_path, monkeypatch)


def test_what_is_kept_is_put_where_it_was(made, tmp_path):
    with unpacked(made) as archive:
        assert (archive.study, archive.commit, set(archive.kept)) == ("small", "abc123", KEPT)
        unarchive.place(archive)
    there = {file.as_posix() for file in Path().rglob("*") if file.is_file() and not file.name.startswith(".")}
    assert {name for name in there if not name.startswith(".snakemake")} == KEPT
    for name in KEPT:
        assert Path(name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
    assert len({Path(name).stat().st_mtime_ns for name in KEPT}) == 1


def test_what_jobs_made_has_its_hash_and_snakemake_s_record(made, tmp_path):
    with unpacked(made) as archive:
        unarchive.place(archive)
    own = KEPT - {"mine/claims.yaml"}
    theirs = snakemake_records.read(own, tmp_path / "theirs/.snakemake")
    assert snakemake_records.read(own) == theirs
    integrity.refuse_changed(own)
    assert all(integrity.recorded(name) for name in own)
    assert integrity.recorded("mine/claims.yaml") is None


def test_a_study_that_is_here_is_left_alone(made):
    Path("results/small").mkdir(parents=True)
    with unpacked(made) as archive, pytest.raises(UserError, match="results/small is here already"):
        unarchive.place(archive)
    assert list(Path("results/small").iterdir()) == []


def test_other_files_are_never_written_over(made):
    Path("mine").mkdir()
    Path("mine/claims.yaml").write_text("my own\n")
    with unpacked(made) as archive, pytest.raises(UserError, match=r"differ from the archive's:\n  mine/cla"):
        unarchive.place(archive)
    assert Path("mine/claims.yaml").read_text() == "my own\n" and not Path("results/small").exists()


def test_equal_files_stay_as_they_are(made, tmp_path):
    here = Path("resources/data/digits/test_images.npy")
    here.parent.mkdir(parents=True)
    here.write_bytes((tmp_path / "theirs" / here).read_bytes())
    os.utime(here, ns=(5, 5))
    with unpacked(made) as archive:
        unarchive.place(archive)
    assert here.stat().st_mtime_ns == 5


def test_records_are_only_written_for_what_was_put_in_place(made):
    """A description of how other files were made would hide from Snakemake that they changed."""
    with zipfile.ZipFile(made) as archive:
        records = json.loads(archive.read(RECORDS))
    records["config.yaml"] = records[archived.WEIGHTS]
    forged = archived.changed(made, {RECORDS: json.dumps(records).encode()}, described=True)
    with unpacked(forged) as archive:
        unarchive.place(archive)
    with pytest.raises(UserError, match="no record"):
        snakemake_records.read(["config.yaml"])
