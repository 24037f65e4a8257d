"""Archives as mirrors have them, whole and damaged, and folders of their members."""

import contextlib
import gzip
import hashlib
import http.server
import io
import random
import tarfile
import threading
from functools import partial

import pytest
from faults import chance, inputs, tried

from aestudy.base.errors import UserError
from aestudy.datasets.archive import MOST_MEMBERS, fetch
from aestudy.datasets.source import Archive, Download
from aestudy.datasets.transfer import Limits

NAMES = ("one.bin", "two.bin", "three.bin")
CONTENT = {name: random.Random(name).randbytes(100_000 + number) for number, name in enumerate(NAMES)}
MEMBERS = tuple(Download(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in CONTENT.items())
ARCHIVE = Archive("set.tar.gz", "set", MEMBERS)
WHOLE = b"".join(CONTENT.values())
LIMITS = Limits(timeout=5, time_limit=5, pause=0)


def file(name: str, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    return entry, data


def link(name: str, target: str, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry, b""


GOOD = [file(f"set/{name}", data) for name, data in CONTENT.items()]
README = file("set/readme.html", b"<html>")


def tar(entries, form=tarfile.USTAR_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for entry, data in entries:
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def mirror(folder, content: bytes):
    place = folder / "mirror"
    place.mkdir(exist_ok=True)
    (place / ARCHIVE.file).write_bytes(content)
    return str(place)


def fetched(folder, *mirrors, local=None) -> bytes:
    path = folder / "target" / ARCHIVE.name
    fetch("mine", ARCHIVE, mirrors, path, local, LIMITS)
    assert list(path.parent.iterdir()) == [path]
    return path.read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(tar(GOOD)), id="gzip"),
        pytest.param(tar(GOOD), id="not compressed, under the same name"),
        pytest.param(gzip.compress(tar([README, *GOOD[::-1], README])), id="in another order, with other members"),
        pytest.param(gzip.compress(tar(GOOD, tarfile.PAX_FORMAT)), id="pax"),
        pytest.param(gzip.compress(tar(GOOD, tarfile.GNU_FORMAT)), id="gnu"),
        pytest.param(gzip.compress(tar([(tarfile.TarInfo("set/deep/" + "x" * 80), b""), *GOOD])), id="long names"),
        pytest.param(gzip.compress(tar([file(f"./set/{name}", data) for name, data in CONTENT.items()])), id="./"),
    ],
)
def test_members_are_kept_in_the_order_of_the_configuration(content, tmp_path):
    assert fetched(tmp_path, mirror(tmp_path, content)) == WHOLE


def test_an_archive_over_http(tmp_path):
    mirror(tmp_path, gzip.compress(tar(GOOD)))
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            address = f"http://127.0.0.1:{server.server_port}"
            assert fetched(tmp_path, f"{address}/nowhere", f"{address}/mirror/") == WHOLE
        finally:
            server.shutdown()


@pytest.mark.parametrize("compressed", [(), NAMES, NAMES[1:2]])
def test_a_folder_of_the_members_plain_and_compressed(compressed, tmp_path):
    place = tmp_path / "local" / "mine" / ARCHIVE.folder
    place.mkdir(parents=True)
    for name, data in CONTENT.items():
        if name in compressed:
            (place / f"{name}.gz").write_bytes(gzip.compress(data))
        else:
            (place / name).write_bytes(data)
    assert fetched(tmp_path, str(tmp_path / "nowhere"), local=str(tmp_path / "local")) == WHOLE


def test_a_damaged_member_of_a_folder_is_taken_from_the_compressed_one_or_from_the_next_mirror(tmp_path):
    place = tmp_path / "half" / ARCHIVE.folder
    place.mkdir(parents=True)
    for name, data in CONTENT.items():
        (place / name).write_bytes(data)
    (place / "two.bin").write_bytes(CONTENT["two.bin"] + b"more")
    with pytest.raises(UserError) as error:
        fetched(tmp_path, str(tmp_path / "half"))
    assert f"{place}/two.bin: goes on after the 100,001 bytes expected" in str(error.value)
    assert f"{place}/two.bin.gz: No such file or directory" in str(error.value)
    assert fetched(tmp_path, str(tmp_path / "half"), mirror(tmp_path, tar(GOOD))) == WHOLE
    (place / "two.bin.gz").write_bytes(gzip.compress(CONTENT["two.bin"]))
    assert fetched(tmp_path, str(tmp_path / "half")) == WHOLE


WRONG = file("set/two.bin", CONTENT["two.bin"][:-1] + b"?")
FAULTS = {
    # what is wrong: (the archive, what the message says of it)
    "wrong member": (tar([GOOD[0], WRONG, GOOD[2]]), "its member set/two.bin: SHA-256 is"),
    "short member": (tar([file("set/one.bin", b"short")]), "its member set/one.bin: ends early: 5 of 100,000 bytes"),
    "long member": (tar([file("set/one.bin", WHOLE)]), "its member set/one.bin: goes on after the 100,000 bytes"),
    "missing member": (tar(GOOD[1:]), "holds no member set/one.bin"),
    "members outside of the folder": (tar([file(n, d) for n, d in CONTENT.items()]), "holds no member set/one.bin"),
    "truncated": (tar(GOOD)[:150_000], "is no whole tar archive"),
    "truncated between members": (tar(GOOD)[:100_864], "holds no member set/two.bin, set/three.bin"),
    "truncated gzip": (gzip.compress(tar(GOOD))[:150_000], "is no whole tar archive"),
    "damaged gzip": (gzip.compress(tar(GOOD))[:1_000] + WHOLE, "damaged gzip data"),
    "empty": (b"", "is no whole tar archive"),
    "no tar": (WHOLE, "is no whole tar archive"),
    "a page": (b"<html>sign in</html>", "an HTML or XML page"),
    "a path that goes up": (
        tar([file("set/../../escaped.bin", b"x"), *GOOD]),
        "path leaves the archive's folder: 'set/",
    ),
    "an absolute path": (tar([file("/tmp/escaped.bin", b"x"), *GOOD]), "path leaves the archive's folder: '/tmp"),
    "a symbolic link": (tar([link("set/one.bin", "/etc/hosts", tarfile.SYMTYPE), *GOOD]), "holds a link and no file"),
    "a hard link": (tar([link("set/one.bin", "set/two.bin", tarfile.LNKTYPE), *GOOD]), "holds a link and no file"),
    "a device": (tar([link("set/one.bin", "", tarfile.CHRTYPE), *GOOD[1:]]), "holds no member set/one.bin"),
    "very many members": (tar([file(f"{i}", b"") for i in range(MOST_MEMBERS + 1)]), f"more than {MOST_MEMBERS:,} mem"),
    "a bomb": (gzip.compress(tar([file("zeros", bytes(100 << 20))])), "decompressed bytes, more than its members need"),
    "endless": (tar([file("noise", random.Random(1).randbytes(2 << 20))]), "bytes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_archive_is_a_sentence_and_leaves_nothing(fault, tmp_path):
    content, reason = FAULTS[fault]
    with pytest.raises(UserError) as error:
        fetched(tmp_path, mirror(tmp_path, content))
    (line,) = (line for line in str(error.value).splitlines() if f"mirror/{ARCHIVE.file}" in line)
    assert reason in line
    assert list((tmp_path / "target").iterdir()) == []
    assert not list(tmp_path.rglob("escaped.bin"))
    tried("bad downloads")


def test_the_message_says_how_to_supply_the_members(tmp_path):
    with pytest.raises(UserError) as error:
        fetched(tmp_path, str(tmp_path / "nowhere"))
    for needed in ("AE_DATA_MIRROR", "<folder>/mine/set.tar.gz", "<folder>/mine/set/", *(m.sha256 for m in MEMBERS)):
        assert needed in str(error.value)


@pytest.mark.fuzz
def test_damaged_archives_are_refused_or_hold_the_members(tmp_path):
    """Bytes of the headers are changed at random: whatever happens is a sentence or the right content."""
    random_ = chance(0)
    whole = tar(GOOD, tarfile.PAX_FORMAT)
    headers = [i for i in range(0, len(whole), 512) if b"ustar" in whole[i : i + 512]]
    for _ in range(count := inputs(200)):
        content = bytearray(whole)
        for _ in range(random_.randint(1, 8)):
            content[random_.choice(headers) + random_.randrange(512)] = random_.randrange(256)
        if random_.random() < 0.5:  # with a right checksum, so that the changes are believed
            for start in headers:
                block = content[start : start + 512]
                block[148:156] = b" " * 8
                content[start + 148 : start + 156] = b"%06o\0 " % sum(block)
        with contextlib.suppress(UserError):
            assert fetched(tmp_path, mirror(tmp_path, bytes(content))) == WHOLE
    tried("random inputs: archives", count)
