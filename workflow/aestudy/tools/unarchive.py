"""Rebuilds tables, claims, figures and report of an archived study without training, and compares them.

    python -m aestudy unarchive paper.crate.zip

Run it in a fresh checkout of the workflow. Every file of the archive is checked before one is put in place. Trained
networks, their scores and the data are put where they were, with Snakemake's records of how they were made: to
Snakemake the study then is one that ran here. If this checkout would make any of them anew, nothing is rebuilt.
"""

import argparse
import csv
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.tools import snakemake_records, verify
from aestudy.tools.archive import is_rebuilt
from aestudy.tools.received import SHOWN, Unpacked, few, unpacked


def place(archive: Unpacked) -> None:
    """Put the kept files where they belong. Raises UserError, and changes nothing, where others are in their place."""
    if archive.results.exists():
        raise UserError(
            f"{archive.results} is here already: unpack the archive in a fresh checkout, or rename that folder first."
        )
    here = [name for name in archive.kept if Path(name).exists()]
    if others := [name for name in here if files.sha256(name) != files.sha256(archive.folder / name)]:
        raise UserError(f"These files are here already, and differ from the archive's:\n  {few(others)}")
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
    report = str(archive.results / "report.html")
    _snakemake(archive, "--cores", str(cores), "--report", report, "--report-after-run")
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
