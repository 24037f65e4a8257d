"""One process at a time runs a study, and what a killed one has left locked is unlocked by the next.

Snakemake locks the files that a run is going to make, but does not say which process holds the lock, keeps that of a
killed run, and removes all locks when one of two runs ends. So a run first locks results/<study>/.running, which says
who it is. The operating system releases this lock when the process ends, however it ends; of two commands that start
at once it gives it to one. Snakemake's lock is removed only where the run that left it is known to have ended on this
machine (see driver.owner), and its jobs with it (they lock results/<study>/.jobs together, see base.job).
"""

import contextlib
import errno
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aestudy.base.errors import UserError
from aestudy.base.job import explanation
from aestudy.driver import owner, stale
from aestudy.driver.owner import Owner

NAME = ".running"
CANNOT_LOCK = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
A_LOOK = 1.0
"""Seconds that others may hold a lock for a look at who runs a study."""
LAST_MOMENTS = 5.0
"""Seconds that jobs of a killed run are given to end."""
_held = []  # a file is locked as long as it is open: until this process ends

WAIT = "Wait until it has ended, or end it. A study of another name can be run beside it."
AGAIN = "give your command again: what is done is kept"


def acquire(study: Path, me: Owner, unlock: str) -> str | None:
    """Mark the study in the folder `study` as being run by this process, `me`, until it ends.

    Returns a sentence if locks of killed runs were removed. unlock: the command that removes a lock, for messages.
    Raises UserError if another process runs the study or may do so, or if the folder cannot be written. Where files
    cannot be locked (some network drives) nothing is done: only Snakemake's own lock protects the study.
    """
    try:
        study.mkdir(parents=True, exist_ok=True)
        file = open(study / NAME, "a+", encoding="utf-8", errors="replace")  # noqa: SIM115 (stays open)
        if not _within(A_LOOK, lambda: _take(file, fcntl.LOCK_EX)):
            raise UserError(f"Study {study.name} is being run by {who(study)}. {WAIT}")
        _held.append(file)
        before = _written(file)
        _refuse_living_jobs(study, before)
        news = _unlock(study, before)
        if is_locked(study):
            raise UserError(uncertain(study, before, unlock))
        # Not before: a lock that is still there would be taken for one of this process.
        file.truncate(0)
        file.write(me.as_text())
        file.flush()
    except OSError as error:
        if error.errno in CANNOT_LOCK:
            return None
        raise UserError(f"Study {study.name} cannot write its results. {explanation(error)}") from None
    return news


def _unlock(study: Path, before: Owner | None) -> str | None:
    """Remove the locks of killed runs, of this study (which is held by now) and of others."""
    with contextlib.ExitStack() as held:
        runs = {study: (False, before)}
        # Nobody may start to run the others meanwhile.
        runs |= {folder: held.enter_context(looked_at(folder, fcntl.LOCK_EX)) for folder in others(study)}
        ended = {
            folder: run
            for folder, (alive, run) in runs.items()
            if not alive and stale.has_ended(run) and not stale.living_jobs(folder)
        }
        all_ended = all(folder in ended or (not alive and run is None) for folder, (alive, run) in runs.items())
        removed = stale.remove(study.parent, ended, all_ended)
    if not removed:
        return None
    names = " and ".join(f"study {folder.name} ({ended[folder]})" for folder in sorted(removed))
    return f"The run of {names} has ended without removing its lock: the lock is removed, and what is done is kept."


def _refuse_living_jobs(study: Path, before: Owner | None) -> None:
    """Raise UserError if jobs go on without the run that started them, after a moment in which they may end."""
    _within(LAST_MOMENTS, lambda: not stale.living_jobs(study))
    if jobs := stale.living_jobs(study):
        how = f" (kill {' '.join(map(str, jobs))})" if all(jobs) else ""
        raise UserError(
            f"The run of study {study.name} by {before or owner.UNNAMED} has ended, but jobs that it started still "
            f"run. Wait until they have ended, or end them{how}; then {AGAIN}."
        )


def uncertain(study: Path, before: Owner | None, unlock: str) -> str:
    """Why the lock of a study is left alone, and what to do about it; unlock: the command that removes it."""
    if before is None or before is owner.UNNAMED:
        why = "it is not written down by which process: look for one (ps -ef | grep snakemake)"
    elif before.scheduler and owner.state(before) == owner.ENDED:
        why = f"{before} has ended, but jobs that it gave to the scheduler may be left: look for them, and cancel them"
    else:
        why = f"whether {before} still lives cannot be seen from here: look for it there"
    return (
        f"Study {study.name} is locked, and {why}. If nothing of it runs any more, remove the lock with\n"
        f"    {unlock}\nand {AGAIN}."
    )


def is_locked(study: Path) -> bool:
    """Whether Snakemake has files of a study locked."""
    return any(study in studies for studies in stale.locks(study.parent).values())


def others(study: Path) -> list[Path]:
    """The folders of the other studies that were ever run here."""
    return sorted(path.parent for path in study.parent.glob(f"*/{NAME}") if path.parent != study)


@contextlib.contextmanager
def looked_at(study: Path, kind: int = fcntl.LOCK_SH) -> Iterator[tuple[bool, Owner | None]]:
    """Whether a study is being run, and if not by whom it was; nobody can start to run it meanwhile."""
    try:
        file = open(study / NAME, "r+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed below)
    except OSError as error:
        yield False, None if isinstance(error, FileNotFoundError) else owner.UNNAMED
        return
    with file:
        try:
            free = _take(file, kind)
        except OSError:  # it cannot be locked, so nothing is known
            yield False, owner.UNNAMED
            return
        yield not free, _written(file) if free else None


def _take(file, kind: int) -> bool:
    """Lock an open file, or return False if another process has it. Raises OSError where files cannot be locked."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _within(seconds: float, succeeds: Callable[[], bool]) -> bool:
    """Try until it succeeds, for so many seconds."""
    until = time.monotonic() + seconds
    while not (done := succeeds()) and time.monotonic() < until:
        time.sleep(0.1)
    return done


def _written(file) -> Owner | None:
    file.seek(0)
    return owner.from_text(file.read())


def who(study: Path) -> str:
    """Who holds the lock, as far as it has said so."""
    try:
        found = owner.from_text((study / NAME).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    return str(found) if found and owner.state(found) != owner.ENDED else "a process that has just started"
