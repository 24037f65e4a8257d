"""Bring one file of a data set from the first mirror that serves it, verified by the SHA-256 of its decompressed bytes.

Archives may be compressed again, so only what is in them counts; and since its size is known, no mirror can make us
store or hold more than that.
"""

import contextlib
import hashlib
import http.client
import itertools
import logging
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.datasets.source import Download

log = logging.getLogger(__name__)

BLOCK = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"
GZIP_ONLY = 16 + zlib.MAX_WBITS
REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 408, 429


class _MirrorError(Exception):
    """Why a mirror cannot serve the file, in one phrase; `transient` if asking again may help."""

    def __init__(self, reason: str, transient: bool = False):
        super().__init__(reason)
        self.transient = transient


def fetch(
    dataset: str,
    download: Download,
    mirrors: Iterable[str],
    path: str | Path,
    local_mirror: str | None = None,
    *,
    timeout: float = 30.0,
    time_limit: float = 900.0,
    pause: float = 3.0,
) -> str:
    """Write the decompressed file to `path` and return the place it came from. Nothing unverified is left behind.

    A mirror is a folder or a URL (https, http, file) that holds the file, compressed or not; `local_mirror` holds it in
    a folder named after the data set, and is tried first. `timeout` bounds each wait for more bytes, `time_limit` the
    transfer from one mirror; after a time-out or a server's error a mirror is asked once more, `pause` later (all in
    seconds).

    Raises UserError, with every place tried and what was wrong there, when no mirror serves the file.
    """
    places = [_join(mirror, download.file) for mirror in mirrors]
    if local_mirror:
        places.insert(0, _join(_join(local_mirror, dataset), download.file))
    size = download.size
    failures = []
    for place in places:
        for last_try in (False, True):
            try:
                _download(place, size, download.sha256, path, timeout, time_limit)
                log.info("%s: fetched and verified", place)
                return place
            except _MirrorError as error:
                log.warning("%s: %s", place, error)
                if last_try or not error.transient:
                    failures.append(f"  {place}: {error}\n")
                    break
            time.sleep(pause)

    raise UserError(
        f"data set {dataset}: no mirror serves {download.file}. Tried\n"
        + ("".join(failures) or "  nothing: the configuration lists no mirror\n")
        + f"To supply the file yourself, put it at <folder>/{dataset}/{download.file}, gzip-compressed or not, "
        f"and set the environment variable AE_DATA_MIRROR to <folder> (a URL works too). "
        f"The SHA-256 of its {size:,} decompressed bytes must be {download.sha256}."
    )


def _join(base: str, name: str) -> str:
    return f"{str(base).rstrip('/')}/{name}"


def _download(place: str, size: int, sha256: str, path: str | Path, timeout: float, time_limit: float) -> None:
    """Write the verified file to `path`, or raise _MirrorError and leave nothing."""
    deadline = time.monotonic() + time_limit
    with _blaming_mirror():
        source = _open(place, timeout)
    with source, files.replacing(path) as temporary:
        digest, received = hashlib.sha256(), 0
        with open(temporary, "wb") as file:
            # Deflate adds a few bytes per 16 kB to what it cannot compress: 2 % is generous, so is BLOCK for a header.
            for block in _decompressed(_chunks(source, size + size // 50 + BLOCK, deadline)):
                received += len(block)
                if received > size:
                    raise _MirrorError(f"goes on after the {size:,} bytes expected")
                digest.update(block)
                file.write(block)
        if received < size:
            raise _MirrorError(f"ends early: {received:,} of {size:,} bytes")
        if digest.hexdigest() != sha256:
            raise _MirrorError(f"SHA-256 is {digest.hexdigest()}, expected {sha256}")


def _open(place: str, timeout: float):
    if "://" not in place:
        return open(Path(place).expanduser(), "rb")
    # Some servers turn urllib's own name away.
    return urllib.request.urlopen(urllib.request.Request(place, headers={"User-Agent": "aestudy"}), timeout=timeout)


def _chunks(source, limit: int, deadline: float) -> Iterator[bytes]:
    """What the mirror sends, as it comes in, until it ends; too much or too late is an error."""
    received = 0
    while True:
        with _blaming_mirror():
            chunk = source.read1(BLOCK)  # does not wait for a whole block, so the deadline is seen in time
        if not chunk:
            return
        received += len(chunk)
        if received > limit:
            raise _MirrorError(f"sends more than {limit:,} bytes")
        if time.monotonic() > deadline:
            raise _MirrorError(f"too slow: only {received:,} bytes when time was up")
        yield chunk


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks themselves or, if they start as gzip does, what they decompress to; at most BLOCK bytes at a time."""
    head = b""
    while len(head) < len(GZIP_MAGIC) and (chunk := next(chunks, b"")):
        head += chunk
    if head.lstrip().startswith(b"<"):
        raise _MirrorError("an HTML or XML page instead of gzip data")
    chunks = itertools.chain([head], chunks)
    if not head.startswith(GZIP_MAGIC):
        yield from chunks
        return

    gzip = zlib.decompressobj(GZIP_ONLY)
    for chunk in chunks:
        while chunk:
            try:
                block = gzip.decompress(chunk, BLOCK)
            except zlib.error as error:
                raise _MirrorError(f"damaged gzip data ({error})") from None
            yield block
            chunk = gzip.unconsumed_tail
        if gzip.eof:  # do not wait for a server that promised more
            return


@contextlib.contextmanager
def _blaming_mirror() -> Iterator[None]:
    """Turn what opening or reading a file or URL can raise into _MirrorError; errors in writing our own file pass."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        transient = error.code >= 500 or error.code in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS)
        raise _MirrorError(f"{error.code} {error.reason}".partition("\n")[0], transient) from None
    except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: no URL at all
        if isinstance(error, urllib.error.URLError):
            error = error.reason  # the exception within, or a text
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise _MirrorError(reason, isinstance(error, TimeoutError | ConnectionResetError)) from None
