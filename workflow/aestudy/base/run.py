"""A run: one combination of a study's grids, its readable path, and the columns that name it in tables."""

import math
from dataclasses import dataclass
from decimal import Decimal

SMALLEST_POSITIONAL = 1e-9


def canonical(number: float) -> str:
    """Shortest text that reads back as the same number: 1e-2, 0.01 and 0.010 are all `0.01`.

    Positional except for numbers so small that a path would grow beyond what file systems allow: 5e-324 stays `5e-324`.
    """
    number = float(number)
    return repr(number) if 0 < number < SMALLEST_POSITIONAL else format(Decimal(repr(number)), "f").removesuffix(".0")


VARIANCE = "variance"
"""The level of Gaussian noise; it names the level of noise `none` too, which is 0."""


@dataclass(frozen=True)
class Run:
    """One trained model of a study: its place in the grids.

    latent is None for models whose latent size follows from the image. level is the strength of the noise in the unit
    that level_name says (see base.levels); for noise `none` it is a variance of 0.
    """

    dataset: str
    model: str
    latent: int | None
    l1: float
    noise: str
    level: float
    level_name: str = VARIANCE

    @property
    def variance(self) -> float:
        """The level, where it is a variance; else NaN."""
        return self.level if self.level_name == VARIANCE else math.nan

    @property
    def keys(self) -> dict[str, str | int | float | None]:
        """The columns that name the run in every table; the level stands under its own name."""
        return {
            "dataset": self.dataset,
            "model": self.model,
            "latent": self.latent,
            "l1": self.l1,
            "noise": self.noise,
            self.level_name: self.level,
        }

    @property
    def path(self) -> str:
        """Readable path: data set, model, then what differs from plain reconstruction without penalty."""
        parts = []
        if self.latent is not None:
            parts.append(f"latent-{self.latent}")
        if self.l1:
            parts.append(f"l1-{canonical(self.l1)}")
        if self.noise != "none":
            parts.append(self.condition)
        return f"{self.dataset}/{self.model}/{'_'.join(parts) or 'plain'}"

    @property
    def condition(self) -> str:
        """The input that the run is tested on: `clean`, or the noise and its level."""
        return condition(self.noise, self.level, self.level_name)

    @property
    def condition_keys(self) -> dict[str, str | float]:
        """The columns that name what baselines of the run's condition are scored on."""
        return {"dataset": self.dataset, "noise": self.noise, self.level_name: self.level}


def condition(noise: str, level: float, level_name: str = VARIANCE) -> str:
    """`clean`, or the noise and its level.

    Of a level that is no variance the name is told too. `noise-` before it keeps the name of the noise apart from that
    of its level: both may hold underscores.
    """
    if noise == "none":
        return "clean"
    if level_name == VARIANCE:
        return f"{noise}-{canonical(level)}"
    return f"noise-{noise}_{level_name}-{canonical(level)}"


RUN_KEYS = ("dataset", "model", "latent", "l1", "noise", VARIANCE)
"""The columns that name a run in every table; a study with other levels has a column for each of them beside."""
CONDITION_KEYS = ("dataset", "noise", VARIANCE)
"""The columns that name what baselines are scored on; likewise."""
NUMERIC_KEYS = ("latent", "l1", VARIANCE)
"""Those that hold numbers."""
