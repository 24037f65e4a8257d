"""Bring the members of a tar archive from the first mirror that has them, as the archive or as files in a folder.

The members are kept one after another in one file, each verified by its own SHA-256. An archive is read from beginning
to end as it comes in, and only the members that are asked for are taken, by their names: nothing is ever written to a
path that an archive names.
"""

import contextlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.datasets.download import write_checked, write_verified
from aestudy.datasets.source import Archive, Download
from aestudy.datasets.transfer import BLOCK, Limits, MirrorError, blocks, first_success, join

MOST_MEMBERS = 1_000
"""Of an archive: the known ones have fewer than ten."""
LIMITS = Limits(time_limit=3_600.0)
ALLOWANCE = 1 << 20
"""Bytes for what an archive holds beside the members that are asked for: headers, a list of classes, a description."""


def fetch(
    dataset: str,
    archive: Archive,
    mirrors: Iterable[str],
    path: str | Path,
    local_mirror: str | None = None,
    limits: Limits = LIMITS,
) -> str:
    """Write the verified members to `path`, in the order of `archive`, and return the place that they came from.

    Each mirror (see download.fetch) is first asked for the archive, compressed with gzip or not, then for the folder of
    its members, each compressed or not. Raises UserError, with every place tried and what was wrong there.
    """
    bases = [join(local_mirror, dataset)] if local_mirror else []
    kinds = ((archive.file, _write_archive), (archive.folder, _write_folder))
    places = {join(base, name): write for base in (*bases, *mirrors) for name, write in kinds}

    def attempt(place: str) -> None:
        with files.replacing(path) as temporary, open(temporary, "wb") as file:
            places[place](place, archive, file, limits)

    place, failures = first_success(places, attempt, limits.pause)
    if place is None:
        hashes = "".join(f"\n  {member.sha256}  {member.file}" for member in archive.members)
        raise UserError(
            f"data set {dataset}: no mirror serves {archive.file} or the folder of its members. Tried\n{failures}"
            f"To supply them yourself, put the archive at <folder>/{dataset}/{archive.file}, or its members, each "
            f"gzip-compressed or not, into <folder>/{dataset}/{archive.folder}/, and set the environment variable "
            f"AE_DATA_MIRROR to <folder> (a URL works too). The SHA-256 of the decompressed members must be{hashes}"
        )
    return place


def _write_folder(place: str, archive: Archive, file, limits: Limits) -> None:
    for member in archive.members:
        start = file.tell()

        def attempt(place: str, member: Download = member, start: int = start) -> None:
            file.seek(start)
            file.truncate()
            write_verified(place, member, file, limits)

        tried = [join(place, name) for name in (member.file, f"{member.file}.gz")]
        served, failures = first_success(tried, attempt, limits.pause)
        if served is None:
            reasons = failures.rstrip().replace("\n", "\n  ")
            raise MirrorError(f"{member.file} cannot be had from this folder:\n  {reasons}")


def _write_archive(place: str, archive: Archive, file, limits: Limits) -> None:
    sizes = [member.size for member in archive.members]
    starts = {member.file: sum(sizes[:i]) for i, member in enumerate(archive.members)}
    wanted = {f"{archive.folder}/{member.file}": member for member in archive.members}
    limit = sum(sizes) + sum(sizes) // 50 + ALLOWANCE
    with _Stream(_bounded(blocks(place, limit, limits), limit)) as stream:
        for name, content in _members(stream):
            if name not in wanted:
                continue
            member = wanted.pop(name)
            file.seek(starts[member.file])
            try:
                write_checked(content, member, file)
            except MirrorError as error:
                raise MirrorError(f"its member {name}: {error}") from None
            if not wanted:  # what is behind is not needed
                return
    raise MirrorError(f"holds no member {', '.join(wanted)}")


def _members(stream: io.RawIOBase) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and content of each regular file of a tar archive. Raises MirrorError for what no archive of data holds."""
    with _blaming_archive(), tarfile.open(fileobj=stream, mode="r|") as tar:
        for count, member in enumerate(tar):
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts:
                raise MirrorError(f"holds a member whose path leaves the archive's folder: {member.name!r}")
            if member.issym() or member.islnk():
                raise MirrorError(f"holds a link and no file: {member.name!r} -> {member.linkname!r}")
            if count >= MOST_MEMBERS:
                raise MirrorError(f"holds more than {MOST_MEMBERS:,} members")
            if member.isreg():
                yield path.as_posix(), _content(tar.extractfile(member))


def _content(file) -> Iterator[bytes]:
    with _blaming_archive():
        while block := file.read(BLOCK):
            yield block


@contextlib.contextmanager
def _blaming_archive() -> Iterator[None]:
    """Turn what reading a damaged archive can raise into MirrorError."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise MirrorError(f"is no whole tar archive ({error})") from None


def _bounded(content: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The blocks, until they have more bytes than an archive of these members needs."""
    received = 0
    for block in content:
        received += len(block)
        if received > limit:
            raise MirrorError(f"goes on after {limit:,} decompressed bytes, more than its members need")
        yield block


class _Stream(io.RawIOBase):
    """Blocks of bytes as a file that can be read forwards."""

    def __init__(self, content: Iterator[bytes]):
        self._content = content
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        """Fill a part of the buffer, as long as there is something to fill it with."""
        block = self._rest or next(self._content, b"")
        count = min(len(block), len(buffer))
        buffer[:count], self._rest = block[:count], block[count:]
        return count
