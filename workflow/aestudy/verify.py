"""Checks the files of a finished study against its manifest, results/<study>/SHA256SUMS.

Used as `make verify STUDY=demo`. The manifest is in the format of sha256sum and made by the rule `checksums`.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from aestudy import files, integrity
from aestudy.errors import UserError

MANIFEST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def manifest(paths: Iterable[str | Path]) -> str:
    """The lines of a manifest, in the order of the paths' names.

    A result's hash is what its job noted, which the job that calls this has just compared with the file (see
    aestudy.integrity); only files without a note are read here.
    """
    return "".join(_line(path) for path in sorted(map(str, paths)))


def _line(path: str) -> str:
    return integrity.line(integrity.recorded(path) or files.sha256(path), path)


def differences(path: str | Path) -> tuple[int, list[str]]:
    """How many results a manifest names, and a sentence on each that is missing or not what it was.

    Paths in the manifest are relative to the folder that we are in. Raises UserError without a manifest.
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


def main(study: str) -> int:
    """Print what is wrong with a study's files; the exit status is 0 if nothing is."""
    path = Path("results", study, MANIFEST)
    try:
        count, found = differences(path)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    if found:
        print(*found, sep="\n", file=sys.stderr)
        print(
            f"{len(found)} of what {path} names is not as the study made it. Remove these files and run the study "
            "again: they and what follows from them are made anew.",
            file=sys.stderr,
        )
        return 1
    print(f"All {count:,} files that {path} names are as the study made them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
