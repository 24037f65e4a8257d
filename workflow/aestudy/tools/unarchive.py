"""Rebuilds tables, claims, figures and report of an archived study without training, and compares them.

    python -m aestudy unarchive paper.crate.zip

Run it in a fresh checkout of the workflow. Every file of the archive is checked before one is put in place. Trained
networks, their scores and the data are put where they were, with Snakemake's records of how they were made: to
Snakemake the study then is one that ran here. If this checkout would make any of them anew, nothing is rebuilt.
"""

import argparse
import contextlib
import csv
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aestudy.base import files, integrity, pictures
from aestudy.base.errors import UserError
from aestudy.tools import crate, safe_zip, snakemake_records, verify
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
            raise UserError(f"{path} is damaged, or was changed:\n  {_few(wrong)}")
        made = verify.listed((folder / sums).read_text(encoding="utf-8"))
        if differing := [name for name, digest in made.items() if hashes.get(name) != digest]:
            raise UserError(f"{path} was changed: {verify.SUMS} and {crate.METADATA} differ on\n  {_few(differing)}")
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
        raise UserError(f"{path} lacks files that it should hold:\n  {_few(lacking)}")
    if further := sorted(there - expected):
        raise UserError(f"{path} is refused, for it holds files that its description does not know:\n  {_few(further)}")


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


def place(archive: Unpacked) -> None:
    """Put the kept files where they belong. Raises UserError, and changes nothing, where others are in their place."""
    if archive.results.exists():
        raise UserError(
            f"{archive.results} is here already: unpack the archive in a fresh checkout, or rename that folder first."
        )
    here = [name for name in archive.kept if Path(name).exists()]
    if others := [name for name in here if files.sha256(name) != files.sha256(archive.folder / name)]:
        raise UserError(f"These files are here already, and differ from the archive's:\n  {_few(others)}")
    placed = [name for name in archive.kept if name not in here]
    now = time.time_ns()
    for name in placed:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        (archive.folder / name).replace(name)
        os.utime(name, ns=(now, now))  # one time for all: none is older than what it was made from
    made = {name: archive.records[name] for name in placed if name in archive.records}
    for name in made:
        files.write_text(integrity.record_of(name), integrity.line(archive.sums[name], Path(name).name))
    snakemake_records.write(made)


def refuse_changed_workflow(archive: Unpacked) -> None:
    """Raise UserError if a run of this checkout would make one of the kept files anew."""
    printed = _snakemake(archive, "--summary")
    table = printed[printed.index("output_file\t") :]
    rows = csv.DictReader(table.splitlines(), delimiter="\t")
    pending = {row["rule"] for row in rows if row["output_file"] in archive.records and row["plan"] != "no update"}
    if pending:
        raise UserError(
            f"this checkout would make results of the archive anew (rules {', '.join(sorted(pending))}): its code is "
            f"not that of the archive, which is of commit {archive.commit}. Remove {archive.results}, check out that "
            "commit, and give the same command again."
        )


def rebuild(archive: Unpacked, cores: int) -> list[str]:
    """Make tables, claims, figures, pages and the report; returns a sentence on each file that is not the archive's."""
    _snakemake(archive, "--cores", str(cores))
    _snakemake(archive, "--report", str(archive.results / "report.html"))
    made = verify.listed((archive.results / verify.SUMS).read_text(encoding="utf-8"))
    differing = [f"{name}: not made" for name in archive.sums if name not in made]
    differing += [f"{name}: not in the archive" for name in made if name not in archive.sums]
    return differing + [
        f"{name}: its SHA-256 is {digest}, and was {archive.sums[name]}"
        for name, digest in made.items()
        if archive.sums.get(name, digest) != digest
    ]


def _snakemake(archive: Unpacked, *arguments: str) -> str:
    """Run Snakemake on the archive's configuration; returns its output. Raises UserError where it fails."""
    command = [sys.executable, "-m", "snakemake", *arguments, "--configfile", str(archive.configuration)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        log = archive.results / "logs/unarchive.log"
        files.write_text(log, done.stdout + done.stderr)
        end = "\n  ".join(done.stderr.splitlines()[-SHOWN:])
        raise UserError(f"{shlex.join(command)} failed; all that it said is in {log}. Its end:\n  {end}")
    return done.stdout


def _few(lines: Sequence[str]) -> str:
    more = [f"... and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return "\n  ".join([*lines[:SHOWN], *more])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("file", type=Path, help="an archive that the verb archive wrote")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="jobs at once; all cores unless given")


def run(options: argparse.Namespace) -> int:
    """Check, unpack, rebuild, compare; the exit status is 0 if every file is the archive's."""
    with unpacked(options.file) as archive:
        print(f"All {archive.count:,} files in {options.file} are as the archive describes them.")
        place(archive)
        refuse_changed_workflow(archive)
        print("Nothing has to be trained or scored. Making tables, claims, figures and the report ...", flush=True)
        differing = rebuild(archive, options.cores)
    if differing:
        print(*differing, sep="\n", file=sys.stderr)
        print(f"{len(differing)} of {len(archive.sums)} files are not the archive's (see above).", file=sys.stderr)
        return 1
    rebuilt = sum(map(is_rebuilt, archive.sums))
    print(f"All {rebuilt:,} rebuilt files are the archive's, byte for byte. The report: {archive.results}/report.html")
    return 0
