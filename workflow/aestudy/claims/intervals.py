"""How sure a number is: bootstrap intervals over replicates and test images, sign-flip test, Holm, equivalence.

A statistic is any function of means, such as the difference of two models' mean PSNR. What is averaged are *samples*:
one value per replicate and test image. Replicates (of training) and test images are crossed: every replicate is
scored on the same images. Both are resampled, and one resampling is shared by all samples of a statistic, so that
differences are paired by replicate and by image.

The interval is BCa (bias-corrected and accelerated; Efron, "Better bootstrap confidence intervals", JASA 82, 1987),
with the acceleration from a jackknife over replicates and over images; where BCa is undefined (all resampled values on
one side of the observed one, or none varies) it is the percentile interval. A bootstrap of a handful of replicates is
too narrow (Hesterberg, "What teachers should know about the bootstrap", American Statistician 69, 2015, section 4): by
sqrt((n - 1) / n), and since it takes the normal for Student's distribution. So both ends are moved away from the
observed value by the ratio of Student's half-width to what resampling gives for a normal statistic. Student's
half-width adds up, in squares, quantile (n - 1 degrees of freedom) times unbiased standard error of replicates and of
each set of images (Cochran, "Approximate significance levels of the Behrens-Fisher test", Biometrics 20, 1964). With
many replicates, or where only many test images matter, the ratio is near 1. Two replicates have only three resamplings:
there the interval is the observed value plus or minus that half-width. The variation that belongs to replicate and
image together is counted up to three times (Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1, 2007),
which errs on the wide side. Where the bias correction would leave the observed value outside, the interval is extended
to it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from aestudy.base import seeds

DRAWS = 2000
EXACT_UP_TO = 20  # replicates: 2**20 sums fit easily into memory
_CHUNK_CELLS = 2_000_000  # resampling weights held at a time: 16 MB, however many images and draws there are


class NothingShared(ValueError):
    """Samples that are to be paired have no replicate in common."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Values to be averaged, of shape (replicates, images).

    `replicates` numbers the rows; None means that there are no replicates (a baseline is computed once): one row.
    `images` names the set of test images of the columns: samples with the same name are paired image by image; None
    means that there is one number per replicate: one column.
    """

    values: np.ndarray
    replicates: tuple[int, ...] | None = None
    images: str | None = None


Statistic = Callable[[Mapping[Hashable, np.ndarray]], np.ndarray]  # means of shape (n,) or () -> values of shape (n,)


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A statistic, its resampled values, and what its interval needs."""

    observed: float
    replicates: int  # shared by all samples; 0 where no sample has replicates
    by_replicate: np.ndarray  # the statistic of each replicate alone, shape (replicates,)
    draws: np.ndarray  # resampled values, shape (draws,); empty where there is nothing to resample
    acceleration: float = 0.0
    variances: np.ndarray = field(default_factory=lambda: np.empty(0))  # of the observed value, by what is resampled
    sizes: np.ndarray = field(default_factory=lambda: np.empty(0))  # how many replicates, images of each set

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Low and high end of the interval at `level`, around the observed value; None where nothing is resampled."""
        if not self.draws.size:
            return None
        upper = (1 + level) / 2
        student = np.sqrt(np.sum(stdtrit(self.sizes - 1, upper) ** 2 * self.variances))
        if self.replicates == 2:
            return float(self.observed - student), float(self.observed + student)
        low, high = np.quantile(self.draws, self._levels(upper))
        resampled = ndtri(upper) * np.sqrt(np.sum(self.variances * (self.sizes - 1) / self.sizes))
        stretch = student / resampled if resampled > 0 else 1.0
        low, high = self.observed + stretch * (np.array([low, high]) - self.observed)
        return min(float(low), self.observed), max(float(high), self.observed)

    def ends(self, level: float = 0.95) -> tuple[float, float]:
        """The interval at `level`; where there is none, twice the observed value."""
        return self.interval(level) or (self.observed, self.observed)

    def _levels(self, upper: float) -> np.ndarray:
        """Quantiles of the resampled values that bound the interval: BCa where it is defined, else percentile."""
        tie = np.abs(self.draws - self.observed) <= 1e-12 * max(1.0, abs(self.observed))
        below = np.mean(np.where(tie, 0.5, self.draws < self.observed))
        bias = ndtri(below)
        shifted = bias + ndtri([1 - upper, upper])
        scale = 1 - self.acceleration * shifted
        if np.isfinite(bias) and np.all(scale > 0):
            return ndtr(bias + shifted / scale)
        return np.array([1 - upper, upper])


def resample_images(samples: Mapping[Hashable, Sample], seed: int, draws: int = DRAWS) -> dict[Hashable, np.ndarray]:
    """Means over resampled test images, shape (draws, replicates), of every sample.

    All samples of one set of images see the same resampling, keyed by the name of the set, whichever samples are asked
    for together. A sample without images keeps its values in every draw.
    """
    means = {}
    for name in {s.images for s in samples.values()}:
        members = {key: s.values for key, s in samples.items() if s.images == name}
        if name is None:
            means |= {key: np.broadcast_to(v[:, 0], (draws, len(v))) for key, v in members.items()}
            continue
        columns = np.concatenate(list(members.values())).T  # (images, all rows of all members)
        generator = seeds.numpy_generator(seed, "all", f"bootstrap/images/{name}")
        resampled = np.concatenate([w @ columns for w in _weights(generator, len(columns), draws)])
        ends = np.cumsum([len(v) for v in members.values()])[:-1]
        means |= dict(zip(members, np.split(resampled, ends, axis=1), strict=True))
    return means


def _weights(generator: np.random.Generator, items: int, draws: int):
    """Chunks of resampling weights, shape (chunk, items): how often each item was drawn, as a share."""
    size = max(1, _CHUNK_CELLS // items)
    for start in range(0, draws, size):
        chunk = min(size, draws - start)
        drawn = generator.integers(items, size=(chunk, items)) + items * np.arange(chunk)[:, None]
        yield np.bincount(drawn.ravel(), minlength=chunk * items).reshape(chunk, items) / items


def bootstrap(
    statistic: Statistic,
    samples: Mapping[Hashable, Sample],
    seed: int,
    draws: int = DRAWS,
    image_means: Mapping[Hashable, np.ndarray] | None = None,
) -> Bootstrap:
    """Resample the replicates that all samples share, and the test images, and recompute `statistic` each time.

    With one replicate only images are resampled; where no sample has images, only replicates. `image_means` are the
    results of `resample_images` for (at least) these samples with the same seed and draws, where they are at hand.
    Raises NothingShared where the samples have no replicate in common.
    """
    shared = shared_replicates(samples)
    rows = {k: [s.replicates.index(r) for r in shared] for k, s in samples.items() if s.replicates is not None}
    values = {k: s.values[rows.get(k, [0])] for k, s in samples.items()}
    means = {k: v.mean() for k, v in values.items()}
    row_means = {k: values[k].mean(axis=1) for k in rows}
    observed = float(statistic(means))
    by_replicate = _vector(statistic({**means, **row_means}), len(shared))

    influences = []
    if len(shared) > 1:
        influences.append(_influence(statistic, means, row_means))
    for name in sorted({s.images for s in samples.values() if s.images is not None}):
        columns = {k: values[k].mean(axis=0) for k, s in samples.items() if s.images == name}
        if len(next(iter(columns.values()))) > 1:
            influences.append(_influence(statistic, means, columns))
    if not influences:
        return Bootstrap(observed, len(shared), by_replicate, np.empty(0))

    if image_means is None:
        image_means = resample_images(samples, seed, draws)
    resampled = {k: image_means[k][:, rows.get(k, [0])] for k in samples}
    if len(shared) > 1:
        generator = seeds.numpy_generator(seed, "all", "bootstrap/replicates")
        weights = np.concatenate(list(_weights(generator, len(shared), draws)))
        resampled |= {k: (resampled[k] * weights).sum(axis=1, keepdims=True) for k in rows}
    drawn = _vector(statistic({k: v[:, 0] for k, v in resampled.items()}), draws)
    sizes = np.array([len(u) for u in influences])
    plug_in = np.array([np.sum(u**2) / len(u) ** 2 for u in influences])  # the variances that resampling gives
    skew = sum(np.sum(u**3) / len(u) ** 3 for u in influences)
    acceleration = skew / (6 * plug_in.sum() ** 1.5) if plug_in.sum() > 0 else 0.0
    variances = plug_in * sizes / (sizes - 1)
    return Bootstrap(observed, len(shared), by_replicate, drawn, float(acceleration), variances, sizes)


def shared_replicates(samples: Mapping[Hashable, Sample]) -> tuple[int, ...]:
    """The replicates that all samples with replicates have; raises NothingShared where they have none in common."""
    numbers = [set(s.replicates) for s in samples.values() if s.replicates is not None]
    shared = tuple(sorted(set.intersection(*numbers))) if numbers else ()
    if numbers and not shared:
        raise NothingShared("the runs that are compared have no replicate in common")
    return shared


def _vector(value, size: int) -> np.ndarray:
    return np.array(np.broadcast_to(value, (size,)), dtype=float)


def _influence(statistic: Statistic, means: dict, parts: dict) -> np.ndarray:
    """Jackknife influence of each replicate or image: `parts` are the values whose mean stands in `means`."""
    size = len(next(iter(parts.values())))
    without = _vector(statistic({**means, **{k: (v.sum() - v) / (size - 1) for k, v in parts.items()}}), size)
    return (size - 1) * (without.mean() - without)


def equivalent(result: Bootstrap, target: float, margin: float, alpha: float = 0.05) -> bool:
    """Two one-sided tests (TOST; Schuirmann 1987): is the statistic within `margin` of `target` at level `alpha`?

    Both tests reject exactly where the interval at level 1 - 2 alpha lies within the margin. Where there is no
    interval the observed value decides.
    """
    low, high = result.ends(1 - 2 * alpha)
    return target - margin <= low and high <= target + margin


def sign_flip(differences: Sequence[float]) -> float:
    """Exact two-sided p-value of paired differences under the hypothesis that each could as well have the other sign.

    The p-value is the share of all 2**n assignments of signs whose mean is at least as far from zero. Raises
    ValueError for no difference or more than EXACT_UP_TO of them.
    """
    differences = np.asarray(differences, dtype=float)
    if not 1 <= len(differences) <= EXACT_UP_TO:
        raise ValueError(f"the exact test takes 1 to {EXACT_UP_TO} differences, found {len(differences)}")
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    slack = 1e-9 * np.abs(differences).sum()  # equal sums, added up in another order, differ in the last digits
    return float(np.mean(np.abs(sums) >= abs(differences.sum()) - slack))


def holm(p_values: Sequence[float]) -> np.ndarray:
    """p-values adjusted for their number (Holm, Scandinavian Journal of Statistics 6, 1979), in the order given."""
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
