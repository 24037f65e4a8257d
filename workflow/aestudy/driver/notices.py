"""What is told about other runs, before a study starts or in a dry run."""

from pathlib import Path

from aestudy.driver import stale
from aestudy.driver.lock import WAIT, is_locked, looked_at, others, uncertain, who
from aestudy.driver.private_snakemake import lock_files


def dry_run(study: Path, unlock: str) -> str | None:
    """What a dry run tells of the study in the folder `study`: who runs it, or that a killed run has left it locked.

    unlock: the command that removes a lock.
    """
    with looked_at(study) as (alive, before):
        if alive:
            return f"Study {study.name} is being run by {who(study)}, which holds the lock. {WAIT}"
        if not is_locked(study):
            return None
        if stale.has_ended(before):
            return f"Study {study.name} was locked by {before}, which has ended: the next run removes the lock."
        return uncertain(study, before, unlock)


def beside(study: Path) -> str | None:
    """What to tell where other studies are making data sets, which this one may need too."""
    running = []
    for folder in others(study):
        with looked_at(folder) as (alive, _):
            running += [folder] if alive else []
    if not running or not any(path.is_relative_to("resources") for paths in lock_files().values() for path in paths):
        return None
    names = " and ".join(f"study {folder.name} ({who(folder)})" for folder in running)
    return (
        f"Data sets are being made by {names}. Two studies run side by side unless they have to make the same "
        "data set: if this one is refused, start it when the other has ended, or in another copy of the project."
    )
