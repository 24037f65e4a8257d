"""Every way in which a mirror can serve a file or fail to, with a real server on this machine."""

import contextlib
import gzip
import hashlib
import http.server
import random
import threading
import tracemalloc
import zlib
from collections import Counter

import pytest
from faults import tried

from aestudy.base.errors import UserError
from aestudy.datasets.download import fetch
from aestudy.datasets.source import Download

FILE = "train-images-idx3-ubyte.gz"
DATA = bytes([0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 28, 0, 0, 0, 28]) + random.Random(0).randbytes(100 * 28 * 28)
ARCHIVE = gzip.compress(DATA)
GZIP_HEADER = 10
MEGABYTE = bytes(1 << 20)
EMPTY_DEFLATE_BLOCK = b"\0\0\0\xff\xff"
"""A stored block of no bytes: valid, and expands to nothing however often it is repeated."""


MANY = bytes([0, 0, 8, 4, *[0, 15, 66, 64] * 2, 0, 0, 0, 28, 0, 0, 0, 28])
"""The header of an IDX file of 10^6 x 10^6 images of 28 x 28."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def altered(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


SHA256 = sha256(DATA)
SPEC = Download(FILE, SHA256, len(DATA))

_squeeze = zlib.compressobj(wbits=31)
BOMB = b"".join(_squeeze.compress(MEGABYTE) for _ in range(100)) + _squeeze.flush()
"""About 100 kB of gzip that expand to 100 MB."""


# How a server answers: each takes the request handler and the number of earlier requests for the same place.


def answer(body, status=200, length=None, **headers):
    def respond(handler, earlier):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def forever(block, start=b"", pause=0.0):
    def respond(handler, earlier):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(start)
        for _ in range(500):  # far more than a client should take, yet one that takes it all does not hang
            if handler.server.closing.wait(pause):
                return
            handler.wfile.write(block)

    return respond


def silence(handler, earlier):
    handler.server.closing.wait(10)


def all_but_the_end(handler, earlier):
    answer(ARCHIVE, length=len(ARCHIVE) + 1000)(handler, earlier)
    silence(handler, earlier)


def chunked(handler, earlier):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for block in (ARCHIVE[:1], ARCHIVE[1:1000], ARCHIVE[1000:], b""):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))


def broken_chunks(handler, earlier):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\nnonsense\r\n" % (1000, ARCHIVE[:1000]))


def redirect_to_itself(handler, earlier):
    answer(b"", status=302, Location=handler.path)(handler, earlier)


def first(fault, then):
    return lambda handler, earlier: (then if earlier else fault)(handler, earlier)


def hang_up(handler, earlier):
    handler.close_connection = True


GOOD = answer(ARCHIVE)
TRICKLE = forever(b"\0", start=ARCHIVE[:100], pause=0.02)
NOT_FOUND = answer(b"", status=404)
UNAVAILABLE = answer(b"", status=503)
HTML = b"\n<!DOCTYPE html><html><body>Please sign in</body></html>" + b" " * 100_000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.close_connection = True
        server = self.server
        earlier = server.requests[self.path]
        server.requests[self.path] += 1
        with contextlib.suppress(ConnectionError):
            server.answers.get(self.path, NOT_FOUND)(self, earlier)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Answers requests by path; `mirror(answer)` is a new base address that answers so."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.requests, self.closing = {}, Counter(), threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def mirror(self, answer):
        base = f"/{len(self.answers)}"
        self.answers[f"{base}/{FILE}"] = answer
        return self.address + base


@pytest.fixture(scope="module")
def running_server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def server(running_server, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    running_server.answers.clear()
    running_server.requests.clear()
    return running_server


def fetch_here(folder, mirrors, local_mirror=None, spec=SPEC, timeout=5.0, time_limit=5.0):
    path = folder / "target" / "train_images.idx"
    path.parent.mkdir(exist_ok=True)
    return fetch("mnist", spec, mirrors, path, local_mirror, timeout=timeout, time_limit=time_limit, pause=0.0)


def mirror_folder(folder, content=ARCHIVE):
    mirror = folder / "my mirror"
    mirror.mkdir(exist_ok=True)
    (mirror / FILE).write_bytes(content)
    return mirror


def left_behind(folder):
    return list((folder / "target").iterdir())


def fetched(folder):
    (path,) = left_behind(folder)
    return path.read_bytes()


FAULTS = {
    # what the mirror does: (how it answers, what the message says of it)
    "no such file": (NOT_FOUND, "404 Not Found"),
    "server error, twice": (UNAVAILABLE, "503 Service Unavailable"),
    "truncated gzip": (answer(ARCHIVE[: len(ARCHIVE) // 2]), "of 78,416 bytes"),
    "truncated, plain": (answer(DATA[:1024]), "ends early: 1,024 of 78,416 bytes"),
    "empty": (answer(b""), "ends early: 0 of 78,416 bytes"),
    "Content-Length too small": (answer(ARCHIVE, length=5000), "ends early"),
    "altered archive": (answer(altered(ARCHIVE)), "damaged gzip data"),
    "altered content": (answer(gzip.compress(altered(DATA))), f"SHA-256 is {sha256(altered(DATA))}, expected {SHA256}"),
    "altered, plain": (answer(altered(DATA)), f"SHA-256 is {sha256(altered(DATA))}, expected {SHA256}"),
    "one byte more": (answer(gzip.compress(DATA + b"\0")), "goes on after the 78,416 bytes expected"),
    "one byte more, plain": (answer(DATA + b"\0"), "goes on after the 78,416 bytes expected"),
    "HTML page": (answer(HTML), "an HTML or XML page instead of gzip data"),
    "decompression bomb": (answer(BOMB), "goes on after the 78,416 bytes expected"),
    "endless": (forever(MEGABYTE), "goes on after the 78,416 bytes expected"),
    "endless gzip": (forever(EMPTY_DEFLATE_BLOCK * 10_000, start=ARCHIVE[:GZIP_HEADER]), "sends more than"),
    "trickle": (TRICKLE, "too slow: only"),
    "silence": (silence, "timed out"),
    "hangs up": (hang_up, "Remote end closed connection"),
    "redirect to nowhere": (answer(b"", status=302, Location="/gone"), "404 Not Found"),
    "forbidden": (answer(b"", status=403), "403 Forbidden"),
    "internal error, twice": (answer(b"", status=500), "500 Internal Server Error"),
    "HTML page, compressed": (answer(gzip.compress(HTML)), "goes on after the 78,416 bytes expected"),
    "compressed twice": (answer(gzip.compress(ARCHIVE)), "goes on after the 78,416 bytes expected"),
    "another file": (answer(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 100]) + bytes(100))), "ends early: 108 of"),
    "header promises more images": (answer(gzip.compress(DATA[:7] + b"\xff" + DATA[8:])), "SHA-256 is"),
    "header promises 10^12 images": (answer(gzip.compress(MANY + DATA[len(MANY) :])), "SHA-256 is"),
    "broken chunks": (broken_chunks, "IncompleteRead"),
    "redirect to itself": (redirect_to_itself, "302"),
    "redirect to a local file": (answer(b"", status=302, Location="file:///etc/hosts"), "302"),
}
LIMITS = {"trickle": {"time_limit": 0.2}, "silence": {"timeout": 0.1}}
REQUESTS = dict.fromkeys(["server error, twice", "internal error, twice", "silence", "hangs up"], 2)
REQUESTS["redirect to itself"] = 5  # what urllib follows


@pytest.mark.parametrize("fault", FAULTS)
def test_failing_mirror_is_noted_and_leaves_nothing_and_the_next_one_is_tried(fault, server, tmp_path):
    answer, reason = FAULTS[fault]
    limits = LIMITS.get(fault, {})
    failing = server.mirror(answer)

    with pytest.raises(UserError) as error:
        fetch_here(tmp_path, [failing], **limits)
    (line,) = (line for line in str(error.value).splitlines() if failing in line)
    assert line.startswith(f"  {failing}/{FILE}: ")
    assert reason in line
    assert left_behind(tmp_path) == []
    assert server.requests[failing.removeprefix(server.address) + f"/{FILE}"] == REQUESTS.get(fault, 1)

    good = mirror_folder(tmp_path)  # a folder, since the small limits hold for every mirror
    assert fetch_here(tmp_path, [failing, good], **limits) == f"{good}/{FILE}"
    assert fetched(tmp_path) == DATA
    tried("bad downloads")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(GOOD, id="gzip"),
        pytest.param(answer(gzip.compress(DATA, 1)), id="compressed otherwise"),
        pytest.param(answer(DATA), id="not compressed, under the same name"),
        pytest.param(first(UNAVAILABLE, then=GOOD), id="server error, then fine"),
        pytest.param(first(hang_up, then=GOOD), id="hangs up, then fine"),
        pytest.param(first(answer(b"", status=500), then=GOOD), id="internal error, then fine"),
        pytest.param(answer(ARCHIVE, length=len(ARCHIVE) + 1000), id="Content-Length too large"),
        pytest.param(all_but_the_end, id="Content-Length too large and never closed"),
        pytest.param(chunked, id="chunked, with a first chunk of one byte"),
        pytest.param(answer(ARCHIVE + b"\0" * 10), id="padded archive"),
    ],
)
def test_good_mirror(answer, server, tmp_path):
    fetch_here(tmp_path, [server.mirror(answer)])
    assert fetched(tmp_path) == DATA


def test_redirect_is_followed(server, tmp_path):
    good = server.mirror(GOOD)
    fetch_here(tmp_path, [server.mirror(answer(b"", status=302, Location=f"{good}/{FILE}"))])
    assert fetched(tmp_path) == DATA


def test_bomb_is_never_held_in_memory(server, tmp_path):
    mirror = server.mirror(answer(BOMB))
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="goes on after"):
            fetch_here(tmp_path, [mirror])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(MEGABYTE)


def test_mirror_may_be_a_folder_or_a_file_url(tmp_path):
    mirror = mirror_folder(tmp_path)
    for address in (mirror, str(mirror), f"{mirror}/", mirror.as_uri()):
        fetch_here(tmp_path, [address])
        assert fetched(tmp_path) == DATA


def test_folder_may_hold_the_file_not_compressed_under_the_same_name(tmp_path):
    fetch_here(tmp_path, [mirror_folder(tmp_path, DATA)])
    assert fetched(tmp_path) == DATA


@pytest.mark.parametrize("address", [str, lambda folder: f"{folder}/", lambda folder: folder.as_uri()])
def test_local_mirror_has_a_folder_per_data_set_and_comes_first(address, server, tmp_path):
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / FILE).write_bytes(ARCHIVE)
    fetch_here(tmp_path, [server.mirror(GOOD)], address(tmp_path))
    assert fetched(tmp_path) == DATA
    assert not server.requests


def test_local_mirror_by_url_and_failing_over_to_the_others(server, tmp_path):
    server.answers[f"/mine/mnist/{FILE}"] = answer(HTML)
    good = server.mirror(GOOD)
    assert fetch_here(tmp_path, [good], f"{server.address}/mine") == f"{good}/{FILE}"
    assert server.requests[f"/mine/mnist/{FILE}"] == 1


def test_message_lists_every_place_and_says_how_to_supply_the_file(server, tmp_path):
    (tmp_path / "wrong" / FILE).mkdir(parents=True)
    mirrors = {
        str(tmp_path / "missing"): "No such file or directory",
        str(tmp_path / "wrong"): "Is a directory",
        (tmp_path / "missing").as_uri(): "No such file or directory",
        server.mirror(NOT_FOUND): "404 Not Found",
        "http://127.0.0.1:0": "",  # nobody listens: the words are the system's
        "http://[nowhere": "Invalid IPv6 URL",
        "bucket://data": "unknown url type: bucket",
    }
    with pytest.raises(UserError) as error:
        fetch_here(tmp_path, mirrors, str(tmp_path / "local"))
    _, *tried, help_text = str(error.value).splitlines()
    assert tried[0] == f"  {tmp_path}/local/mnist/{FILE}: No such file or directory"
    assert len(tried) == 1 + len(mirrors)
    for line, (mirror, reason) in zip(tried[1:], mirrors.items(), strict=True):
        assert line.startswith(f"  {mirror}/{FILE}: ") and reason in line
    for needed in ("AE_DATA_MIRROR", f"<folder>/mnist/{FILE}", SPEC.sha256, "78,416"):
        assert needed in help_text
    assert left_behind(tmp_path) == []


def test_no_mirror_at_all(tmp_path):
    with pytest.raises(UserError, match="AE_DATA_MIRROR"):
        fetch_here(tmp_path, [])


def test_verified_file_survives_a_later_failure(server, tmp_path):
    fetch_here(tmp_path, [server.mirror(GOOD)])
    with pytest.raises(UserError):
        fetch_here(tmp_path, [server.mirror(answer(altered(DATA)))])
    assert fetched(tmp_path) == DATA
