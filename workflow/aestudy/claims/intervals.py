"""How sure a number is: Student's interval over replicates, for one quantity or for several that must hold together.

A replicate is one training with a seed, an order and a noise of its own. Each gives one value of a whole quantity (a
difference of two models, say, paired by replicate), and these values are all that an interval is made of: both this
study and the reports score the official test images, so that the choice of images is no source of error.

Where a claim has several parts that must all hold, each part is judged by its own interval at the level of the whole
(intersection-union: Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24, 1982). An
interval for the least of the parts reaches from the lowest low end to the lowest high end, the high ends being those of
simultaneous intervals (Bonferroni): the least may be any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

LEVEL = 0.95
EQUIVALENCE = 0.90
"""Level of the interval that lies within a margin exactly where two one-sided tests at 5 % reject (Schuirmann, 1987).
"""


@dataclass(frozen=True, eq=False)
class Part:
    """One quantity: its value in each replicate, or a single value where replicates play no part."""

    values: np.ndarray
    name: str = ""
    """What tells it from the other parts of its claim."""

    @property
    def mean(self) -> float:
        """The observed value."""
        return float(self.values.mean())

    @property
    def deviation(self) -> float:
        """Standard deviation over replicates; NaN for fewer than two values."""
        return float(self.values.std(ddof=1)) if self.replicates > 1 else float("nan")

    @property
    def replicates(self) -> int:
        """Number of values."""
        return len(self.values)

    def interval(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Student's interval for the mean; None for fewer than two values."""
        if self.replicates < 2:
            return None
        half = special.stdtrit(self.replicates - 1, (1 + level) / 2) * self.deviation / np.sqrt(self.replicates)
        return self.mean - float(half), self.mean + float(half)

    def ends(self, level: float = LEVEL) -> tuple[float, float]:
        """The interval; where there is none, the observed value twice."""
        return self.interval(level) or (self.mean, self.mean)

    def mirrored(self) -> "Part":
        """The part with the other sign."""
        return Part(-self.values, self.name)


def least(parts: Sequence[Part], level: float = LEVEL) -> tuple[float, float] | None:
    """Interval for the least of several means; None where a part has no interval."""
    if any(part.replicates < 2 for part in parts):
        return None
    simultaneous = 1 - (1 - level) / len(parts)
    return min(part.ends(level)[0] for part in parts), min(part.ends(simultaneous)[1] for part in parts)


def largest(parts: Sequence[Part], level: float = LEVEL) -> tuple[float, float] | None:
    """Interval for the largest of several means; None where a part has no interval."""
    mirrored = least([part.mirrored() for part in parts], level)
    return mirrored and (-mirrored[1], -mirrored[0])


def p_above(part: Part, bound: float) -> float:
    """One-sided p-value of the hypothesis that the mean is at most `bound`; NaN for fewer than two values."""
    if part.replicates < 2:
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):  # every replicate gave the same
        statistic = (part.mean - bound) / (np.float64(part.deviation) / np.sqrt(part.replicates))
    return float(special.stdtr(part.replicates - 1, -statistic))


def holm(p_values: Sequence[float]) -> np.ndarray:
    """p-values adjusted for their number (Holm, Scandinavian Journal of Statistics 6, 1979), in the order given.

    NaN (nothing to test) stays NaN and does not count.
    """
    p_values = np.asarray(p_values, dtype=float)
    adjusted = np.full_like(p_values, np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    steps = p_values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
