"""What the strength of a noise is measured in: each kind of noise says so in its file, as `LEVEL`.

The name of a level is a key of experiments, a column of tables and a part of paths; its label and its symbol stand in
figures and pages.
"""

import functools
from dataclasses import dataclass

from aestudy.base import registry
from aestudy.base.errors import UserError
from aestudy.base.run import VARIANCE


@dataclass(frozen=True)
class Level:
    """The strength of a kind of noise, as one number."""

    name: str
    """Key and column: a word, or several joined by underscores."""
    label: str
    """Title of an axis, with the unit."""
    symbol: str
    """What stands before a value, as in `σ² = 0.1`."""
    meaning: str
    """What the number is, in a sentence or two for the documentation; with its unit."""
    highest: float
    """Largest value that makes sense; all are above 0."""
    falling: bool = False
    """Whether a higher level is weaker noise."""

    def strength(self, value: float) -> float:
        """A number that grows with the noise."""
        return -value if self.falling else value

    def words(self) -> str:
        """What is allowed."""
        return f"numbers above 0, at most {self.highest:,.10g}"


def of_kind(kind: str) -> Level:
    """The level of a kind of noise. Raises UserError where its file has none."""
    level = getattr(registry.load("noise", kind), "LEVEL", None)
    if level is None:
        raise UserError(f"aestudy/noise/{kind}.py defines no LEVEL; say there what the level of this noise is")
    return level


@functools.cache
def known() -> dict[str, Level]:
    """The levels of all kinds of noise by name, the variance first; of kinds that share a name, the widest range."""
    found: dict[str, Level] = {}
    for level in map(of_kind, registry.kinds("noise")):
        if level.name not in found or level.highest > found[level.name].highest:
            found[level.name] = level
    return {name: found[name] for name in sorted(found, key=lambda name: (name != VARIANCE, name))}


def text(name: str) -> str:
    """The name of a level in a sentence."""
    return name.replace("_", " ")
