"""One process at a time runs a study: a second one is told which process that is, or that it was killed.

Snakemake locks the files that a run is going to make, but does not say which process holds the lock, keeps that of a
killed run, and removes all locks when one of two runs ends. So a run also locks results/<study>/.running, which says
who it is. The operating system releases this lock when the process ends, however it ends.
"""

import datetime
import errno
import fcntl
import os
import socket
from pathlib import Path

from aestudy.base.errors import UserError
from aestudy.base.job import explanation
from aestudy.driver.private_snakemake import locked_files

NAME = ".running"
CANNOT_LOCK = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_held = []  # a file is locked as long as it is open: until this process ends


def acquire(results: Path) -> None:
    """Mark the study in the folder `results` as being run by this process until it ends.

    Raises UserError if another process runs it, or if the folder cannot be written. Where files cannot be locked (some
    network drives) only Snakemake's own lock protects the study.
    """
    try:
        results.mkdir(parents=True, exist_ok=True)
        file = open(results / NAME, "a+", encoding="utf-8")  # noqa: SIM115 (stays open)
        taken = _take(file, fcntl.LOCK_EX)
        if taken:
            file.truncate(0)
            file.write(
                f"process {os.getpid()} on {socket.gethostname()} since {datetime.datetime.now():%Y-%m-%d %H:%M}"
            )
            file.flush()
    except OSError as error:
        if error.errno in CANNOT_LOCK:
            return
        raise UserError(f"Study {results.name} cannot write its results. {explanation(error)}") from None
    if not taken:
        raise UserError(f"Study {results.name} is being run by {_who(results)}. {_ADVICE}")
    _held.append(file)


def notice(results: Path, unlock: str) -> str | None:
    """What to tell before a run of the study in the folder `results`: who runs it already, or that its lock is stale.

    unlock: the command that removes the lock of a killed run.
    """
    state = _state(results)
    if state == "alive":
        return f"Study {results.name} is being run by {_who(results)}, which holds the lock. {_ADVICE}"
    if _locked(results):
        ended = f"{_who(results)} has ended" if state == "ended" else "look for it (ps -ef | grep snakemake)"
        return (
            f"Study {results.name} is locked by a run. A lock is stale when that run is no more: {ended}. "
            f"Remove a stale lock with\n    {unlock}\nand give your command again: what is done is kept."
        )
    others = [path.parent for path in results.parent.glob(f"*/{NAME}") if _state(path.parent) == "alive"]
    if others and _locked(Path("resources")):
        names = " and ".join(f"study {path.name} ({_who(path)})" for path in others)
        return (
            f"Data sets are being made by {names}. Two studies run side by side unless they have to make the same "
            "data set: if this one is refused, start it when the other has ended, or in another copy of the project."
        )
    return None


_ADVICE = "Wait until it has ended, or end it. A study of another name can be run beside it."


def _take(file, kind: int) -> bool:
    """Lock an open file, or return False if another process has it. Raises OSError where files cannot be locked."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _state(results: Path) -> str:
    """Whether the last run of a study is `alive` or `ended`; `unknown` where there is no record or no lock."""
    try:
        with open(results / NAME, encoding="utf-8") as file:
            if not _take(file, fcntl.LOCK_SH):
                return "alive"
            return "ended" if file.read() else "unknown"
    except OSError:
        return "unknown"


def _who(results: Path) -> str:
    try:
        return (results / NAME).read_text(encoding="utf-8") or "a process that has just started"
    except OSError:
        return "an unknown process"


def _locked(folder: Path) -> bool:
    """Whether Snakemake holds a lock on files to be made in a folder."""
    try:
        return any(path.is_relative_to(folder) for path in locked_files())
    except OSError:  # a run that ends removes them
        return False
