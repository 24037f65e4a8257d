"""Every result has its SHA-256 beside it, written by the job that made it and compared by the jobs that read it.

The hash of tables/metrics.csv is in tables/.metrics.csv.sha256, in the format that `sha256sum --check` reads. Files
that no job made (sources, a table brought from elsewhere) have none and are read as they are.
"""

from collections.abc import Iterable
from pathlib import Path

from aestudy.base import files
from aestudy.base.errors import UserError


def record_of(path: str | Path) -> Path:
    """Where the hash of a result is kept."""
    path = Path(path)
    return path.with_name(f".{path.name}.sha256")


def line(digest: str, name: str | Path) -> str:
    """A line as sha256sum writes it."""
    return f"{digest}  {name}\n"


def record(paths: Iterable[str | Path]) -> None:
    """Write the hashes of results that were just made."""
    for path in map(Path, paths):
        files.write_text(record_of(path), line(files.sha256(path), path.name))


def recorded(path: str | Path) -> str | None:
    """The hash that a result had when it was made; None if none was written, "" if it is unreadable."""
    try:
        text = record_of(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    return (text.split() or [""])[0]


def refuse_changed(paths: Iterable[str | Path]) -> None:
    """Raise UserError, naming each, if files are no longer what the jobs that made them wrote."""
    changed = []
    for path in map(Path, paths):
        expected = recorded(path)
        if expected is not None and (found := files.sha256(path)) != expected:
            changed.append(f"{path}: its SHA-256 is {found}, and was {expected or 'something unreadable'}")
    if changed:
        raise UserError(
            "These files are not what was written when they were made; they were changed or damaged since:\n  "
            + "\n  ".join(changed)
            + "\nRemove them and give the same command again: they are made anew."
        )
