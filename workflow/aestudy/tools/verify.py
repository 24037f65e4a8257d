"""Checks the files of a finished study against its checksums, results/<study>/SHA256SUMS.

That file is in the format of sha256sum and made by the rule `checksums`.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from aestudy.base import files, integrity
from aestudy.base.errors import UserError

SUMS = "SHA256SUMS"
WITH_HASHES = ("manifest.json", "summary.json")
"""Files that hold the hashes of the files beside them."""
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def checksums(paths: Iterable[str | Path]) -> str:
    """The lines of SHA256SUMS, in the order of the paths' names.

    A result's hash is what its job wrote beside it, which the job that calls this has just compared with the file (see
    base.integrity); only files without such a hash are read here. A manifest.json and a summary.json have the hashes of
    the files beside them, which are listed too.
    """
    hashes: dict[str, str] = {}
    for path in map(Path, paths):
        hashes[str(path)] = integrity.recorded(path) or files.sha256(path)
        if path.name in WITH_HASHES:
            beside = files.read_json(path)["sha256"]
            hashes |= {str(path.with_name(name)): digest for name, digest in beside.items()}
    return "".join(integrity.line(hashes[path], path) for path in sorted(hashes))


def listed(text: str) -> dict[str, str]:
    """Hashes by path in the text of a SHA256SUMS; lines that are none are left out."""
    matches = filter(None, map(_LINE.fullmatch, text.splitlines()))
    return {match[2]: match[1] for match in matches}


def differences(path: str | Path) -> tuple[int, list[str]]:
    """How many results a file of checksums names, and a sentence on each that is missing or not what it was.

    Its paths are relative to the working directory. Raises UserError where there is no such file.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        raise UserError(
            f"{path} is not there: a study has it once it has run to its end. Run it, or name another study."
        ) from None
    found = []
    if integrity.recorded(path) not in (None, files.sha256(path)):
        found.append(f"{path}: changed since it was made, so what it says of other files may be wrong")
    for number, text in enumerate(lines, start=1):
        match = _LINE.fullmatch(text)
        if not match:
            found.append(f"{path}: line {number} is not a SHA-256 and a path")
            continue
        expected, result = match.groups()
        if not Path(result).is_file():
            found.append(f"{result}: missing")
        elif (digest := files.sha256(result)) != expected:
            found.append(f"{result}: changed, its SHA-256 is {digest} and was {expected}")
    return len(lines), found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> int:
    """Print what is wrong with a study's files; the exit status is 0 if nothing is."""
    path = Path("results", options.study, SUMS)
    count, found = differences(path)
    if found:
        print(*found, sep="\n", file=sys.stderr)
        print(
            f"{len(found)} of the files that {path} names are not as the study made them. Remove these files and run "
            "the study again: they and what follows from them are made anew.",
            file=sys.stderr,
        )
        return 1
    print(f"All {count:,} files that {path} names are as the study made them.")
    return 0
