"""Archives from others: each file is compared before any is put in place, and what could do harm is refused."""

import struct
import zipfile
from pathlib import Path

import pytest

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.tools import crate, received
from aestudy.tools.archive import RECORDS, checksum_of
from unit.tools import archived


@pytest.fixture
def made(tmp_path, monkeypatch) -> Path:
    return archived.elsewhere(tmp_path, monkeypatch)


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught, received.unpacked(path):
        pass
    assert {file for file in Path().rglob("*") if file.is_file()} == set(), "something was left"
    return str(caught.value)


@pytest.mark.parametrize("name", [archived.WEIGHTS, "results/small/tables/metrics.csv", "Snakefile", "LICENSE"])
def test_one_changed_file_is_named_whether_it_is_kept_or_not(made, name):
    with zipfile.ZipFile(made) as archive:
        content = archive.read(name)
    told = refusal(archived.changed(made, {name: content[:-1] + b"!"}))
    assert "is damaged, or was changed" in told and f"{name}: its SHA-256 is " in told and told.count("SHA-256") == 1


def test_one_flipped_byte_of_the_file_is_found_wherever_it_is(made):
    content = made.read_bytes()
    sums = checksum_of(made)
    sums.write_text(integrity.line(files.sha256(made), made.name))
    with received.unpacked(made):
        pass
    for place in range(0, len(content), len(content) // 40):
        made.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(UserError), received.unpacked(made):
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
    assert "it lacks provenance/snakemake.json" in refusal(archived.changed(made, {RECORDS: None}, described=True))


@pytest.mark.parametrize("content", [b"{}", b"not json", b'{"@graph": 3}'])
def test_other_crates(made, content):
    assert "does not describe an archive of this project" in refusal(archived.changed(made, {crate.METADATA: content}))


def test_a_zip_file_that_is_no_crate(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("a.zip", "w") as archive:
        archive.writestr("a.csv", "1")
    with pytest.raises(UserError, match=r"lacks ro-crate-metadata\.json"), received.unpacked(Path("a.zip")):
        pass


def test_long_lists_are_cut():
    assert received.few([str(number) for number in range(12)]).endswith("  9\n  ... and 2 more")
