"""Bytes from a mirror, a folder or a URL (https, http, file), decompressed as they come in.

Nothing that a mirror sends is believed: how much is read and how long that may take is bounded by the caller.
"""

import contextlib
import http.client
import itertools
import logging
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

BLOCK = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"
GZIP_ONLY = 16 + zlib.MAX_WBITS
REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 408, 429


class MirrorError(Exception):
    """Why a mirror cannot serve what is asked for, in one phrase; `transient` if asking again may help."""

    def __init__(self, reason: str, transient: bool = False):
        super().__init__(reason)
        self.transient = transient


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds."""

    timeout: float = 30.0
    """For more bytes, each time."""
    time_limit: float = 900.0
    """For all bytes from one mirror."""
    pause: float = 3.0
    """Before a mirror is asked again after a time-out or a server's error."""


def join(base: str, name: str) -> str:
    """The place of a file below a folder or a URL."""
    return f"{str(base).rstrip('/')}/{name}"


def first_success(places: Iterable[str], attempt: Callable[[str], None], pause: float) -> tuple[str | None, str]:
    """Call `attempt` with one place after another until it raises no MirrorError.

    A place with a transient error is tried once more. Returns the place that served, or None, and a line for each place
    that failed.
    """
    failures = []
    for place in places:
        for last_try in (False, True):
            try:
                attempt(place)
                log.info("%s: fetched and verified", place)
                return place, "".join(failures)
            except MirrorError as error:
                log.warning("%s: %s", place, error)
                if last_try or not error.transient:
                    failures.append(f"  {place}: {error}\n")
                    break
            time.sleep(pause)
    return None, "".join(failures)


def blocks(place: str, size: int, limits: Limits) -> Iterator[bytes]:
    """What is at `place`, decompressed where it is gzip data, in blocks of at most BLOCK bytes.

    size: how many bytes are expected once they are decompressed; of the compressed ones little more are accepted.
    Raises MirrorError.
    """
    deadline = time.monotonic() + limits.time_limit
    with _blaming_mirror():
        source = _open(place, limits.timeout)
    with source:
        # Deflate adds a few bytes per 16 kB to what it cannot compress: 2 % is generous, so is BLOCK for a header.
        yield from _decompressed(_chunks(source, size + size // 50 + BLOCK, deadline))


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
            raise MirrorError(f"sends more than {limit:,} bytes")
        if time.monotonic() > deadline:
            raise MirrorError(f"too slow: only {received:,} bytes when time was up")
        yield chunk


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks themselves or, if they start as gzip does, what they decompress to; at most BLOCK bytes at a time."""
    head = b""
    while len(head) < len(GZIP_MAGIC) and (chunk := next(chunks, b"")):
        head += chunk
    if head.lstrip().startswith(b"<"):
        raise MirrorError("an HTML or XML page instead of gzip data")
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
                raise MirrorError(f"damaged gzip data ({error})") from None
            yield block
            chunk = gzip.unconsumed_tail
        if gzip.eof:  # do not wait for a server that promised more
            return


@contextlib.contextmanager
def _blaming_mirror() -> Iterator[None]:
    """Turn what opening or reading a file or URL can raise into MirrorError; errors in writing our own file pass."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        transient = error.code >= 500 or error.code in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS)
        raise MirrorError(f"{error.code} {error.reason}".partition("\n")[0], transient) from None
    except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: no URL at all
        if isinstance(error, urllib.error.URLError):
            error = error.reason  # the exception within, or a text
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise MirrorError(reason, isinstance(error, TimeoutError | ConnectionResetError)) from None
