"""Bring one file of a data set from the first mirror that serves it, verified by the SHA-256 of its decompressed bytes.

Archives may be compressed again, so only what is in them counts; and since its size is known, no mirror can make us
store or hold more than that.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.datasets.source import Download
from aestudy.datasets.transfer import Limits, MirrorError, blocks, first_success, join


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
    a folder named after the data set, and is tried first. timeout, time_limit, pause: see `Limits`.

    Raises UserError, with every place tried and what was wrong there, when no mirror serves the file.
    """
    limits = Limits(timeout, time_limit, pause)
    places = [join(mirror, download.file) for mirror in mirrors]
    if local_mirror:
        places.insert(0, join(join(local_mirror, dataset), download.file))

    def attempt(place: str) -> None:
        with files.replacing(path) as temporary, open(temporary, "wb") as file:
            write_verified(place, download, file, limits)

    place, failures = first_success(places, attempt, pause)
    if place is None:
        raise UserError(
            f"data set {dataset}: no mirror serves {download.file}. Tried\n"
            + (failures or "  nothing: the configuration lists no mirror\n")
            + f"To supply the file yourself, put it at <folder>/{dataset}/{download.file}, gzip-compressed or not, "
            f"and set the environment variable AE_DATA_MIRROR to <folder> (a URL works too). "
            f"The SHA-256 of its {download.size:,} decompressed bytes must be {download.sha256}."
        )
    return place


def write_verified(place: str, download: Download, file, limits: Limits) -> None:
    """Write the decompressed file at `place` into an open file. Raises MirrorError unless it has its size and hash."""
    write_checked(blocks(place, download.size, limits), download, file)


def write_checked(content: Iterable[bytes], download: Download, file) -> None:
    """Write blocks of bytes into an open file. Raises MirrorError unless they have the size and hash of `download`."""
    digest, received = hashlib.sha256(), 0
    for block in content:
        received += len(block)
        if received > download.size:
            raise MirrorError(f"goes on after the {download.size:,} bytes expected")
        digest.update(block)
        file.write(block)
    if received < download.size:
        raise MirrorError(f"ends early: {received:,} of {download.size:,} bytes")
    if digest.hexdigest() != download.sha256:
        raise MirrorError(f"SHA-256 is {digest.hexdigest()}, expected {download.sha256}")
