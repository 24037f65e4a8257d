"""An archive of a study that came from others: nothing of it counts before all of it is as it says of itself."""

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aestudy.base import files, pictures
from aestudy.base.errors import UserError
from aestudy.tools import crate, safe_zip, verify
from aestudy.tools.archive import CONFIGURATION, PROJECT, RECORDS, checksum_of, is_rebuilt

SHOWN = 10
"""Files that a message names."""
DATA = {".csv", ".json", ".npy", ".parquet", ".safetensors", ".yaml", ".yml", *pictures.SUFFIXES}
"""How the names of files end that are put in place: this project reads them and runs none of them."""


@dataclass(frozen=True)
class Unpacked:
    """An archive whose files are all as its metadata say, unpacked into a folder as far as they are to be kept."""

    folder: Path
    study: str
    commit: str
    sums: dict[str, str]
    """SHA-256 by path of all results and data, from SHA256SUMS."""
    kept: list[str]
    """Files to put in place: results that are not made again, data, and what the user brought."""
    records: dict[str, dict]
    """Snakemake's records of the kept files that jobs made."""
    count: int
    """Files in the archive."""

    @property
    def results(self) -> Path:
        """Where the study belongs."""
        return Path("results", self.study)

    @property
    def configuration(self) -> Path:
        """Its configuration, once it is put in place."""
        return self.results / CONFIGURATION


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """An archive in a folder that is removed at the end. Raises UserError, naming them, where files are not right."""
    intact = _is_intact(path)
    Path("results").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="results", prefix=".unarchive-") as scratch, safe_zip.opened(path) as archive:
        folder = Path(scratch)
        safe_zip.copy(archive, crate.METADATA, folder / crate.METADATA)
        hashes, commit = crate.described((folder / crate.METADATA).read_bytes())
        _compare_names(path, safe_zip.names(archive) - {crate.METADATA}, set(hashes))
        study = _study(path, hashes)
        sums = f"results/{study}/{verify.SUMS}"
        read = (sums, RECORDS)
        kept = [
            name for name in hashes if name not in read and name.split("/")[0] not in PROJECT and not is_rebuilt(name)
        ]
        _refuse_programs(path, kept)
        wrong = []
        for name, expected in hashes.items():
            found = safe_zip.copy(archive, name, folder / name if name in read or name in kept else None)
            if found != expected:
                wrong.append(f"{name}: its SHA-256 is {found}, and was {expected}")
        if wrong:
            raise UserError(f"{path} is damaged, or was changed:\n  {few(wrong)}")
        made = verify.listed((folder / sums).read_text(encoding="utf-8"))
        if differing := [name for name, digest in made.items() if hashes.get(name) != digest]:
            raise UserError(f"{path} was changed: {verify.SUMS} and {crate.METADATA} differ on\n  {few(differing)}")
        records = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
        if not intact:
            raise UserError(
                f"{path} is not what its checksum file says, although all files in it are right: get it again."
            )
        yield Unpacked(
            folder, study, commit, made, kept, {name: records[name] for name in kept if name in records}, len(hashes)
        )


def _is_intact(path: Path) -> bool:
    """Whether an archive has the SHA-256 that stands beside it, if any does."""
    beside = checksum_of(path)
    return not beside.exists() or beside.read_text(encoding="utf-8", errors="replace").split()[:1] == [
        files.sha256(path)
    ]


def _compare_names(path: Path, there: set[str], expected: set[str]) -> None:
    if lacking := sorted(expected - there):
        raise UserError(f"{path} lacks files that it should hold:\n  {few(lacking)}")
    if further := sorted(there - expected):
        raise UserError(f"{path} is refused, for it holds files that its description does not know:\n  {few(further)}")


def _refuse_programs(path: Path, kept: Sequence[str]) -> None:
    """Python, Snakemake and make would run some files if only they were there: conftest.py, .envrc, torch.py."""
    for name in kept:
        parts = PurePosixPath(name)
        if parts.suffix.lower() not in DATA or any(part.startswith(".") for part in parts.parts):
            raise UserError(f"{path} is refused: {name} is no file of data, and an archive brings nothing else.")


def _study(path: Path, hashes: dict[str, str]) -> str:
    """The name of the study in an archive."""
    found = [
        match[1] for name in hashes if (match := re.fullmatch(rf"results/([a-z][a-z0-9_]*)/{CONFIGURATION}", name))
    ]
    if len(found) != 1:
        raise UserError(f"{path} holds the configurations of {len(found)} studies, and an archive has one.")
    strays = [name for name in hashes if name.startswith("results/") and not name.startswith(f"results/{found[0]}/")]
    if strays or RECORDS not in hashes:
        raise UserError(f"{path} is not an archive of one study: {strays[0] if strays else f'it lacks {RECORDS}'}.")
    return found[0]


def few(lines: Sequence[str]) -> str:
    """The first of these lines, indented, and how many more there are."""
    more = [f"... and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return "\n  ".join([*lines[:SHOWN], *more])
