"""What a killed run leaves behind: Snakemake's locks on its files, and perhaps jobs that go on without it."""

import fcntl
import os
from collections.abc import Collection
from pathlib import Path

from aestudy.base.job import JOBS
from aestudy.driver import owner
from aestudy.driver.owner import Owner
from aestudy.driver.private_snakemake import lock_files

LOCKS = Path("/proc/locks")


def has_ended(run: Owner | None) -> bool:
    """Whether a run is known to have ended on this machine, so that its locks are of no more use.

    Of one that handed its jobs to a scheduler that is not known: they may still wait or run on other machines.
    """
    return run is not None and not run.scheduler and owner.state(run) == owner.ENDED


def locks(results: Path) -> dict[Path, set[Path]]:
    """Snakemake's lock files, each with the folders of the studies in the folder `results` whose files it names."""
    return {file: {study for path in paths if (study := _study(path, results))} for file, paths in lock_files().items()}


def _study(path: Path, results: Path) -> Path | None:
    """The folder of the study that a file belongs to. A lone folder may be a line that was cut short."""
    parts = path.relative_to(results).parts if path.is_relative_to(results) else ()
    return results / parts[0] if len(parts) > 1 else None


def remove(results: Path, ended: Collection[Path], all_ended: bool) -> set[Path]:
    """Remove the locks of killed runs of the studies `ended`; returns those whose locks were removed.

    all_ended: whether no other run can have left a lock. Then those on data sets alone, which name no study, are
    removed too, as left by one of `ended`.
    """
    removed: set[Path] = set()
    for file, studies in locks(results).items():
        if not studies:
            studies = set(ended) if all_ended else set()
        if studies and studies <= set(ended):
            file.unlink(missing_ok=True)
            removed |= studies
    return removed


def living_jobs(study: Path) -> list[int]:
    """Process numbers of jobs of the study in a folder that run now, 0 for those that cannot be seen from here."""
    try:
        # To be written: network drives lock a file exclusively for those only who may write it.
        with open(study / JOBS, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return []
    except BlockingIOError:
        return _holders(study / JOBS) or [0]
    except OSError:  # of another user, say
        return [0]
    return []


def _holders(path: Path) -> list[int]:
    """Process numbers of those who hold a lock on a file, as far as this machine's kernel tells. See proc_locks(5)."""
    found = path.stat()
    if not LOCKS.exists():
        return []
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    lines = [line.split() for line in LOCKS.read_text(encoding="utf-8").splitlines()]
    return sorted({int(line[4]) for line in lines if line[1] == "FLOCK" and place in line and int(line[4]) > 0})
