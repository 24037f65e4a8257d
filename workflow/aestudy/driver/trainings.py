"""How far running trainings are, read from their logs.

The jobs write a line per epoch whether anybody reads it or not, so the display is no part of what trains, works the
same for jobs on a cluster with a shared file system, and never causes a rerun.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_EPOCH = re.compile(r"replicate (\d+) (?:epoch (\d+): train loss ([^\s,]+)|is there)")


@dataclass(frozen=True)
class Work:
    """What a training job has to do."""

    name: str
    """Data set, model and variant."""
    replicates: int
    epochs: int
    """Of each replicate."""
    done: int = 0
    """Epochs over all replicates that are there already: of replicates that are kept, or of a run that is continued."""

    @property
    def all_epochs(self) -> int:
        """Over all replicates."""
        return self.replicates * self.epochs


@dataclass(frozen=True)
class Position:
    """How far a training is."""

    epochs: int = 0
    """Over all replicates."""
    loss: str = ""
    """The training loss of the last epoch of any of them, as it is logged."""


def position(log: str, epochs: int) -> Position:
    """How far a training of `epochs` epochs per replicate is, by the text of its log.

    Replicates may be trained one after another or together; of each its last epoch counts, or all if it was kept.
    """
    done, last = {}, ""
    for replicate, epoch, loss in _EPOCH.findall(log):
        done[replicate] = int(epoch or epochs)
        last = loss or last
    return Position(sum(done.values()), last)


def read(log: Path, epochs: int) -> Position:
    """The same from a file, which may not be there yet, or have been taken away for another attempt."""
    try:
        return position(log.read_text(encoding="utf-8", errors="replace"), epochs)
    except OSError:
        return Position()
