"""Zip files from others: what would do harm is refused before anything of it is written."""

import hashlib
import random
import stat
import struct
import warnings
import zipfile

import pytest

from aestudy.base.errors import UserError
from aestudy.tools import safe_zip


@pytest.fixture
def make(tmp_path):
    """Makes a zip file of entries: names (or ZipInfo) with their bytes."""

    def write(*entries, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / "some.zip"
        with zipfile.ZipFile(path, "w", compression) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about names that stand twice
            for name, content in entries:
                archive.writestr(name, content)
        return path

    return write


PIXELS = random.Random(1).randbytes(3_000_000)


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def refusal(path) -> str:
    with pytest.raises(UserError) as caught, safe_zip.opened(path):
        pass
    return str(caught.value)


def test_harmless_files_are_copied_with_their_hash(make, tmp_path):
    path = make(("a.csv", b"1,2\n"), ("deep/er/b.bin", PIXELS), ("empty/", b""))
    with safe_zip.opened(path) as archive:
        assert safe_zip.names(archive) == {"a.csv", "deep/er/b.bin"}
        assert safe_zip.copy(archive, "a.csv") == hashlib.sha256(b"1,2\n").hexdigest()
        digest = safe_zip.copy(archive, "deep/er/b.bin", tmp_path / "out/b.bin")
    written = (tmp_path / "out/b.bin").read_bytes()
    assert written == PIXELS and digest == hashlib.sha256(written).hexdigest()
    assert not (tmp_path / "a.csv").exists()


def test_what_is_there_is_never_written_over(make, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with safe_zip.opened(make(("a", b"theirs"))) as archive, pytest.raises(FileExistsError):
        safe_zip.copy(archive, "a", tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        *("../a", "a/../../b", "a/..", "/etc/passwd", "//host/a", "C:/a", "c:a", "..\\a", "a\\b", "./a", "a//b"),
        *("..", "../", "/", "a/./"),
    ],
)
def test_names_that_lead_out_of_the_folder(make, name):
    told = refusal(make(("fine", b"1"), (name, b"")))
    assert "leads out of the folder that it is unpacked into" in told and "some.zip is refused" in told


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (stat.S_IFLNK | 0o777, "is a link"),
        (stat.S_IFIFO | 0o644, "is no plain file"),
        (stat.S_IFBLK | 0o644, "is no plain file"),
        (stat.S_IFDIR | 0o755, "is no plain file"),
    ],
)
def test_what_is_no_plain_file(make, mode, words):
    assert f"its entry 'results' {words}" in refusal(make((entry("results", mode), b"/etc")))


def test_folders_are_no_files_of_another_kind(make):
    assert "is a link" in refusal(make((entry("results/", stat.S_IFLNK | 0o777), b"")))
    with safe_zip.opened(make((entry("results/", stat.S_IFDIR | 0o755), b""), (entry("a", 0o100644), b""))) as archive:
        assert safe_zip.names(archive) == {"a"}


@pytest.mark.parametrize("pair", [("a/b", "a/b"), ("a/B", "A/b"), ("caf\u00e9", "cafe\u0301")])
def test_two_entries_for_one_file(make, pair):
    assert "would be one file" in refusal(make(*((name, b"1") for name in pair)))


def test_a_file_in_a_file(make):
    assert "its entry 'a/b' is a file, and 'a/b/c/d' lies in it" in refusal(make(("a/b/c/d", b"1"), ("a/b", b"2")))


def test_unprintable_names(make):
    assert "unprintable" in refusal(make(("a\nb", b"1")))
    assert "unprintable" in refusal(make(("a\x1b[2Jb", b"1")))


def test_rare_compression_is_refused(make):
    assert "is compressed in a way" in refusal(make(("a", b"1"), compression=zipfile.ZIP_BZIP2))


def test_encryption_is_refused(make):
    path = make(("a", b"1"))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "is encrypted" in refusal(path)


def test_a_bomb_is_refused_by_what_it_says_of_itself(make):
    told = refusal(make(("zeros", bytes(20_000_000))))
    assert "would unfold to 20,000,000" in told


def test_more_than_the_disk_has_room_for(make, monkeypatch):
    path = make(("a", bytes(500)))
    monkeypatch.setattr(safe_zip.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 499}))
    assert "unfolds to 500 bytes, and this disk has room for 499" in refusal(path)


def test_entries_that_share_their_bytes(make):
    """Many entries at one place: a small file that is a large one for each of them."""
    path = make(("a", bytes(range(200))), ("b", bytes(range(200))), ("c", b""), compression=zipfile.ZIP_STORED)
    content = path.read_bytes()
    directory = content.index(b"PK\x01\x02")
    one = content[directory : directory + 46 + 1]
    many = b"".join(one[:46] + bytes([65 + place]) for place in range(20))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 20, 20, len(many), directory, 0)
    path.write_bytes(content[:directory] + many + end)
    assert "its entries overlap" in refusal(path)


def test_an_entry_longer_than_it_says_is_found(make):
    """A false size would get past the count of bytes; no more than that size is read."""
    path = make(("a", bytes(50_000) + b"1"))
    content = bytearray(path.read_bytes())
    for header, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(header) + place
        content[at : at + 4] = struct.pack("<L", 10)
    path.write_bytes(content)
    with safe_zip.opened(path) as archive, pytest.raises(UserError, match="a is damaged"):
        safe_zip.copy(archive, "a")


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no zip at all" * 9])
def test_what_is_no_zip_file(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    assert "is not a zip file" in refusal(tmp_path / "a.zip")


def test_a_file_that_is_not_there(make, tmp_path):
    with safe_zip.opened(make(("a", b"1"))) as archive, pytest.raises(UserError, match=r"some\.zip lacks b\."):
        safe_zip.copy(archive, "b")


def test_every_flipped_byte_ends_in_a_sentence_or_leaves_the_contents_as_they_are(make, tmp_path):
    """Never in a traceback, and never in other bytes under a name of the archive."""
    files = {"a.csv": b"1,2,3\n" * 5, "b/c.json": b'{"d": 1}'}
    path = make(*files.items())
    content = path.read_bytes()
    found = 0
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            with safe_zip.opened(path) as archive:
                read = {name: safe_zip.copy(archive, name) for name in safe_zip.names(archive)}
        except UserError:
            found += 1
            continue
        right = {hashlib.sha256(text).hexdigest() for text in files.values()}
        assert set(read.values()) <= right, place
    assert found > len(content) / 2
