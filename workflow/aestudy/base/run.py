"""A run: one combination of a study's grids, its readable path, and the columns that name it in tables."""

from dataclasses import dataclass, fields
from decimal import Decimal

SMALLEST_POSITIONAL = 1e-9


def canonical(number: float) -> str:
    """Shortest text that reads back as the same number: 1e-2, 0.01 and 0.010 are all `0.01`.

    Positional except for numbers so small that a path would grow beyond what file systems allow: 5e-324 stays `5e-324`.
    """
    number = float(number)
    return repr(number) if 0 < number < SMALLEST_POSITIONAL else format(Decimal(repr(number)), "f").removesuffix(".0")


@dataclass(frozen=True)
class Run:
    """One trained model of a study: its place in the grids.

    latent is None for models whose latent size follows from the image; variance is 0 for noise `none`.
    """

    dataset: str
    model: str
    latent: int | None
    l1: float
    noise: str
    variance: float

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
        """The input that the run is tested on: `clean`, or the noise and its variance."""
        return condition(self.noise, self.variance)


def condition(noise: str, variance: float) -> str:
    """`clean`, or the noise and its variance."""
    return "clean" if noise == "none" else f"{noise}-{canonical(variance)}"


RUN_KEYS = tuple(field.name for field in fields(Run))
"""The columns that name a run in every table."""
CONDITION_KEYS = ("dataset", "noise", "variance")
"""The columns that name what baselines are scored on."""
NUMERIC_KEYS = ("latent", "l1", "variance")
"""Those that hold numbers."""
