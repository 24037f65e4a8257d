"""Archives from others: each file is compared before any is put in place, and what could do harm is refused."""

import json
import os
import struct
import zipfile
from pathlib import Path

import pytest

from aestudy.base import integrity
from aestudy.base.errors import UserError
from aestudy.tools import crate, snakemake_records, unarchive
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
    """An archive, and an empty working directory."""
    (tmp_path / "theirs").mkdir()
    monkeypatch.chdir(tmp_path / "theirs")
    archived.lay_out()
    path = archived.make(tmp_path / "small.crate.zip")
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught, unarchive.unpacked(path):
        pass
    assert {file for file in Path().rglob("*") if file.is_file()} == set(), "something was left"
    return str(caught.value)


def test_what_is_kept_is_put_where_it_was(made, tmp_path):
    with unarchive.unpacked(made) as archive:
        assert (archive.study, archive.commit, set(archive.kept)) == ("small", "abc123", KEPT)
        unarchive.place(archive)
    there = {file.as_posix() for file in Path().rglob("*") if file.is_file() and not file.name.startswith(".")}
    assert {name for name in there if not name.startswith(".snakemake")} == KEPT
    for name in KEPT:
        assert Path(name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
    assert len({Path(name).stat().st_mtime_ns for name in KEPT}) == 1


def test_what_jobs_made_has_its_hash_and_snakemake_s_record(made, tmp_path):
    with unarchive.unpacked(made) as archive:
        unarchive.place(archive)
    own = KEPT - {"mine/claims.yaml"}
    theirs = snakemake_records.read(own, tmp_path / "theirs/.snakemake")
    assert snakemake_records.read(own) == theirs
    integrity.refuse_changed(own)
    assert all(integrity.recorded(name) for name in own)
    assert integrity.recorded("mine/claims.yaml") is None


@pytest.mark.parametrize("name", [archived.WEIGHTS, "results/small/tables/metrics.csv", "Snakefile", "LICENSE"])
def test_one_changed_file_is_named_whether_it_is_kept_or_not(made, name):
    with zipfile.ZipFile(made) as archive:
        content = archive.read(name)
    told = refusal(archived.changed(made, {name: content[:-1] + b"!"}))
    assert "is damaged, or was changed" in told and f"{name}: its SHA-256 is " in told and told.count("SHA-256") == 1


def test_one_flipped_byte_of_the_file_is_found_wherever_it_is(made):
    content = made.read_bytes()
    sums = unarchive.checksum_of(made)
    sums.write_text(integrity.line(unarchive.files.sha256(made), made.name))
    with unarchive.unpacked(made):
        pass
    for place in range(0, len(content), len(content) // 40):
        made.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(UserError), unarchive.unpacked(made):
            pass


def test_the_file_with_the_flipped_byte_is_named(made):
    with zipfile.ZipFile(made) as archive:
        info = archive.getinfo(archived.WEIGHTS)
    content = bytearray(made.read_bytes())
    names = struct.unpack_from("<HH", content, info.header_offset + 26)  # lengths of the name and of what follows it
    content[info.header_offset + 30 + sum(names) + 2] ^= 1
    made.write_bytes(content)
    assert archived.WEIGHTS in refusal(made)


def test_a_forger_who_changes_the_description_too_meets_the_study_s_own_checksums(made):
    told = refusal(archived.changed(made, {archived.WEIGHTS: b"better weights"}, described=True))
    assert "SHA256SUMS and ro-crate-metadata.json differ on" in told and archived.WEIGHTS in told


def test_files_that_are_not_described(made):
    assert "holds files that its description does not know:\n  more.csv" in refusal(
        archived.changed(made, {"more.csv": b"1"})
    )


def test_files_that_are_lacking(made):
    told = refusal(archived.changed(made, {archived.WEIGHTS: None}))
    assert f"lacks files that it should hold:\n  {archived.WEIGHTS}" in told


@pytest.mark.parametrize(
    "name",
    [
        *("torch.py", "conftest.py", "sitecustomize.pth", ".git/hooks/post-checkout", ".snakemake/a.json", "mine/run"),
        *("results/small/runs/a.pkl", "results/small/.hidden.csv", "resources/data/digits/a.sh", "setup.cfg"),
    ],
)
def test_what_might_be_run_is_refused(made, name):
    told = refusal(archived.changed(made, {name: b"print()"}, described=True))
    assert f"is refused: {name} is no file of data" in told


@pytest.mark.parametrize("name", ["../outside.csv", "/tmp/outside.csv", "results/../../outside.csv"])
def test_paths_that_leave_the_folder_are_refused(made, name):
    assert f"its entry '{name}' leads out of the folder" in refusal(archived.changed(made, {name: b"1"}, True))
    assert not (made.parent / "outside.csv").exists()


def test_files_of_another_study_are_refused(made):
    told = refusal(archived.changed(made, {"results/paper/runs/a.csv": b"1"}, described=True))
    assert "is not an archive of one study: results/paper/runs/a.csv" in told


def test_an_archive_without_records(made):
    assert "it lacks provenance/snakemake.json" in refusal(
        archived.changed(made, {unarchive.RECORDS: None}, described=True)
    )


@pytest.mark.parametrize("content", [b"{}", b"not json", b'{"@graph": 3}'])
def test_other_crates(made, content):
    assert "does not describe an archive of this project" in refusal(archived.changed(made, {crate.METADATA: content}))


def test_a_zip_file_that_is_no_crate(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("a.zip", "w") as archive:
        archive.writestr("a.csv", "1")
    with pytest.raises(UserError, match=r"lacks ro-crate-metadata\.json"), unarchive.unpacked(Path("a.zip")):
        pass


def test_a_study_that_is_here_is_left_alone(made):
    Path("results/small").mkdir(parents=True)
    with unarchive.unpacked(made) as archive, pytest.raises(UserError, match="results/small is here already"):
        unarchive.place(archive)
    assert list(Path("results/small").iterdir()) == []


def test_other_files_are_never_written_over(made):
    Path("mine").mkdir()
    Path("mine/claims.yaml").write_text("my own\n")
    with unarchive.unpacked(made) as archive, pytest.raises(UserError, match=r"differ from the archive's:\n  mine/cla"):
        unarchive.place(archive)
    assert Path("mine/claims.yaml").read_text() == "my own\n" and not Path("results/small").exists()


def test_equal_files_stay_as_they_are(made, tmp_path):
    here = Path("resources/data/digits/test_images.npy")
    here.parent.mkdir(parents=True)
    here.write_bytes((tmp_path / "theirs" / here).read_bytes())
    os.utime(here, ns=(5, 5))
    with unarchive.unpacked(made) as archive:
        unarchive.place(archive)
    assert here.stat().st_mtime_ns == 5


def test_records_are_only_written_for_what_was_put_in_place(made):
    """A description of how other files were made would hide from Snakemake that they changed."""
    with zipfile.ZipFile(made) as archive:
        records = json.loads(archive.read(unarchive.RECORDS))
    records["config.yaml"] = records[archived.WEIGHTS]
    forged = archived.changed(made, {unarchive.RECORDS: json.dumps(records).encode()}, described=True)
    with unarchive.unpacked(forged) as archive:
        unarchive.place(archive)
    with pytest.raises(UserError, match="no record"):
        snakemake_records.read(["config.yaml"])


def test_long_lists_are_cut():
    assert unarchive._few([str(number) for number in range(12)]).endswith("  9\n  ... and 2 more")
