"""How a script runs inside a job: it logs to the job's log file, and a user's mistake ends it with a sentence.

It refuses inputs that were changed since they were made, and records the hashes of what it makes (see base.integrity).
"""

import contextlib
import errno
import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from aestudy.base import integrity
from aestudy.base.errors import UserError

JOBS = ".jobs"
"""A file in results/<study> that all jobs lock together while they run, so that others can tell whether any does."""

log = logging.getLogger("aestudy")

AGAIN = "give the same command again: what is done is kept"
REMEDIES = {
    errno.ENOSPC: f"Make room there (`df -h results` tells how much there is), then {AGAIN}.",
    errno.EDQUOT: f"Your share of that disk is used up: make room, then {AGAIN}.",
    errno.EROFS: f"Mount it writable, or run the study from a copy of the project elsewhere; then {AGAIN}.",
    errno.EACCES: f"Change its owner or its permissions (chmod), then {AGAIN}.",
    errno.EIO: f"The disk or the network drive fails. Once it works, {AGAIN}.",
}
"""What helps against errors of the operating system, by number."""

SMALLER = "Lower training.batch_size, the sizes of the model or the jobs at once"
NO_MEMORY = f"The memory is full ({{}}). {SMALLER} (--cores, --resources gpu=...), then {AGAIN}."
NO_DEVICE_MEMORY = (
    f"The memory of the GPU is full ({{}}). {SMALLER} (--resources gpu=1), or set device: cpu; then {AGAIN}."
)


@contextlib.contextmanager
def job(snakemake) -> Iterator[None]:
    """Run the body of a script; `snakemake` is the object that Snakemake puts into it."""
    _log_to(snakemake.log[0])
    name = "/".join([snakemake.rule, *snakemake.wildcards])
    try:
        with _counted(snakemake.log[0]):
            integrity.refuse_changed(snakemake.input)
            yield
            integrity.record(snakemake.output)
    except BaseException as error:
        message = explanation(error)
        if message is None:
            log.exception("%s failed", name)
            raise
        log.error("%s: %s", name, message)  # Snakemake shows the log of a failed job
        sys.exit(1)


@contextlib.contextmanager
def _counted(log_file: str) -> Iterator[None]:
    """Be one of the running jobs of the study that a log file belongs to: results/<study>/logs/...

    If the study is killed without its jobs, the next run is told of them. It is of no importance where files cannot be
    locked.
    """
    with contextlib.ExitStack() as files:
        for logs in (folder for folder in Path(log_file).parents if folder.name == "logs"):
            with contextlib.suppress(OSError):
                fcntl.flock(files.enter_context(open(logs.parent / JOBS, "a+")), fcntl.LOCK_SH)
            break
        yield


def explanation(error: BaseException) -> str | None:
    """What to tell the user of an error whose cause is outside of the program: what is wrong, where, and what helps."""
    if isinstance(error, UserError):
        return str(error)
    if _is_device_memory(error):
        return NO_DEVICE_MEMORY.format(_start(error, sentences=2))
    if isinstance(error, MemoryError):
        return NO_MEMORY.format(_start(error) or "the system has no more")
    if "DefaultCPUAllocator: can't allocate memory" in str(error):
        return NO_MEMORY.format(_start(error, sentences=1))
    if isinstance(error, OSError) and error.errno is not None:
        place = f": {error.filename}" if error.filename else ""
        return f"{os.strerror(error.errno)}{place}. {REMEDIES.get(error.errno, f'Correct the cause, then {AGAIN}.')}"
    return None


def _start(error: BaseException, sentences: int | None = None) -> str:
    """What a library says of a lack of memory, without its file names and its advice to programmers."""
    text = str(error).rpartition("DefaultCPUAllocator: ")[2].partition("\n")[0]
    return ". ".join(text.split(". ")[:sentences])


def _is_device_memory(error: BaseException) -> bool:
    torch = sys.modules.get("torch")  # not every job needs it
    return torch is not None and isinstance(error, torch.OutOfMemoryError)


class _LogFile(logging.FileHandler):
    def handleError(self, record):
        """The disk may be full: say it where it can still be read."""
        print(self.format(record), file=sys.stderr)


def _log_to(path: str) -> None:
    try:
        handler = _LogFile(path, mode="w", encoding="utf-8")
    except OSError:  # a read-only folder, say: the job will fail for the same reason, and says so on the terminal
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)


def existing(paths) -> list[Path]:
    """Paths of a Snakemake file list that hold one file or several."""
    return [Path(paths)] if isinstance(paths, str) else [Path(path) for path in paths]
