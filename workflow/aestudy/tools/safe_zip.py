"""Reads zip files that come from others: nothing of them is written before all of their entries are found harmless.

Refused are names that lead out of the folder (absolute ones, `..`, links, drives), two entries that would become one
file, entries that are no plain files, and more bytes than an archive of that size can honestly hold, or the disk.
"""

import hashlib
import re
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from aestudy.base.errors import UserError
from aestudy.base.wording import show

MOST_RATIO = 100
"""Bytes that an archive may unfold to, per byte of its own. Tables of numbers reach 10."""
CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError)
"""What zipfile raises where bytes of an archive are not what they were."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip file whose entries are harmless. Raises UserError, naming the first entry that is not, or the damage."""
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise UserError(f"{path} is not a zip file, or its table of contents is damaged ({error}).") from None
    with archive:
        _refuse_harmful(path, archive)
        yield archive


def names(archive: zipfile.ZipFile) -> set[str]:
    """The files in an archive."""
    return {entry.filename for entry in archive.infolist() if not entry.is_dir()}


def copy(archive: zipfile.ZipFile, name: str, target: Path | None = None) -> str:
    """SHA-256 of an entry, which is written to `target` on the way. Raises UserError if the entry is damaged."""
    digest = hashlib.sha256()
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(name) as source, open(target, "xb") if target else _nowhere() as copied:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                if copied is not None:
                    copied.write(chunk)
    except KeyError:
        raise UserError(f"{archive.filename} lacks {name}.") from None
    except _DAMAGE as error:
        raise UserError(f"{archive.filename}: {name} is damaged ({error}).") from None
    return digest.hexdigest()


@contextmanager
def _nowhere() -> Iterator[None]:
    yield None


def _refuse_harmful(path: Path, archive: zipfile.ZipFile) -> None:
    seen: dict[str, str] = {}
    for entry in archive.infolist():
        if reason := _harm(entry):
            raise UserError(f"{path} is refused: its entry {show(entry.filename)} {reason}.")
        if entry.is_dir():
            continue
        key = unicodedata.normalize("NFC", entry.filename).casefold()
        if key in seen:
            raise UserError(
                f"{path} is refused: its entries {show(seen[key])} and {show(entry.filename)} would be one file."
            )
        seen[key] = entry.filename
    for key in seen:
        if parents := [str(parent) for parent in PurePosixPath(key).parents if str(parent) in seen]:
            raise UserError(
                f"{path} is refused: its entry {show(seen[parents[0]])} is a file, and {show(seen[key])} lies in it."
            )
    _refuse_bomb(path, archive)


def _harm(entry: zipfile.ZipInfo) -> str | None:
    """What is wrong with an entry, or None."""
    name = entry.filename
    folder = entry.is_dir() and entry.file_size == 0
    parts = name.removesuffix("/").split("/") if folder else name.split("/")
    if "\\" in name or re.match(r"[A-Za-z]:", name) or any(part in ("", ".", "..") for part in parts):
        return "leads out of the folder that it is unpacked into"
    if not name.isprintable():
        return "has a name with unprintable characters"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        return "is a link" if kind == stat.S_IFLNK else "is no plain file"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in a way that no archive of a study is"
    return None


def _refuse_bomb(path: Path, archive: zipfile.ZipFile) -> None:
    """Declared sizes are enough: zipfile stops reading an entry there, and then compares its checksum."""
    own = path.stat().st_size
    for entry in archive.infolist():
        if not 0 <= entry.header_offset < own:
            raise UserError(f"{path} is damaged: its entry {show(entry.filename)} would begin outside of it.")
    packed = sum(entry.compress_size for entry in archive.infolist())
    declared = sum(entry.file_size for entry in archive.infolist())
    if packed > own:
        raise UserError(f"{path} is refused: its entries overlap, they have {packed:,} bytes and the file {own:,}.")
    if declared > MOST_RATIO * own:
        raise UserError(
            f"{path} is refused: its {own:,} bytes would unfold to {declared:,}, more than {MOST_RATIO} times as many."
        )
    free = shutil.disk_usage(Path.cwd()).free
    if declared > free:
        raise UserError(f"{path} unfolds to {declared:,} bytes, and this disk has room for {free:,}: make room first.")
