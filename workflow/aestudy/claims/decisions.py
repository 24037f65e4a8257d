"""What is decided about one part of a claim, and how likely so many replicates decide it.

Let m be the mean of the part over replicates, t the claim's tolerance. A part is expected

- to be a number e, or to have no effect ("~ e"): it `holds` where the 90 % interval lies within e - t and e + t (two
  one-sided tests at 5 %), and `fails` where the 95 % interval lies outside;
- to have a sign, such as "> b": it `holds` where the 95 % interval lies above b - t, and `fails` where it lies below
  ("< b": below b + t, and above; a tolerance says which values count as ties).

Else it is `open`. Without replicates (a single training, or two baselines) the value itself decides.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import special

from aestudy.claims.intervals import EQUIVALENCE, LEVEL, Part, p_above
from aestudy.claims.records import Expectation

HOLDS, FAILS, OPEN = "holds", "fails", "open"
MOST_REPLICATES = 10_000
_SLACK = 1e-9  # 20.78 - 20.38 is a little more than 0.4 in binary
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(1_000)


def state(part: Part, expected: Expectation, tolerance: float) -> str:
    """`holds`, `fails` or `open`; the rule stands at the top of this module."""
    low, high = part.ends()
    margin = tolerance + _SLACK
    if expected.relation in "=~":
        inner = part.ends(EQUIVALENCE)
        if expected.value - margin <= inner[0] and inner[1] <= expected.value + margin:
            return HOLDS
        return FAILS if high < expected.value - margin or low > expected.value + margin else OPEN
    if expected.relation[0] == "<":
        return state(part.mirrored(), expected.mirrored(), tolerance)
    bound, strict = expected.value - tolerance, expected.relation == ">"
    if low > bound or (low >= bound - _SLACK and not strict):
        return HOLDS
    return FAILS if high < bound or (high <= bound and strict) else OPEN


def distance(parts: Sequence[Part], expected: Expectation, tolerance: float, unit: float) -> float:
    """How far the observed means are from what is expected, in tolerances: the largest of the parts.

    For a number or no effect its distance over the tolerance; for a sign 0 where it holds, else how far a mean is on
    the other side, over `unit`.
    """
    if expected.relation in "=~":
        return max(abs(part.mean - expected.value) for part in parts) / (tolerance or unit)
    return max(0.0, beyond(parts, expected, tolerance, unit))


def beyond(parts: Sequence[Part], expected: Expectation, tolerance: float, unit: float) -> float:
    """How far the observed means are on the wrong side of a sign, over `unit`; negative where they all hold."""
    sign = -1 if expected.relation[0] == "<" else 1
    return max(sign * (expected.value - part.mean) - tolerance for part in parts) / unit


def p_value(part: Part, expected: Expectation, tolerance: float) -> float:
    """p-value of the hypothesis that the part does not hold: below 1 - LEVEL where it holds; NaN without replicates.

    Of a number or no effect that of two one-sided tests; of a sign that of a two-sided test, twice the one-sided
    p-value and at most 1, since a sign is decided by a two-sided interval.
    """
    if part.deviation == 0:  # every replicate gave the same
        return float(state(part, expected, tolerance) != HOLDS)
    if expected.relation in "=~":
        below, above = expected.value - tolerance, expected.value + tolerance
        return max(p_above(part, below), p_above(part.mirrored(), -above))
    if expected.relation[0] == "<":
        return p_value(part.mirrored(), expected.mirrored(), tolerance)
    return float(np.minimum(1.0, 2 * p_above(part, expected.value - tolerance)))


def power(part: Part, expected: Expectation, tolerance: float, replicates: int) -> tuple[float, float]:
    """How likely the part is found to hold, and to fail, with so many replicates.

    The mean and the standard deviation over replicates are taken as they were observed, and replicates as normally
    distributed. NaN twice where there is no standard deviation.
    """
    if np.isnan(part.deviation):
        return float("nan"), float("nan")
    if expected.relation[0] == "<":
        return power(part.mirrored(), expected.mirrored(), tolerance, replicates)
    error = part.deviation / np.sqrt(replicates)
    if error <= 1e-12 * max(1.0, abs(part.mean)):  # every replicate gave the same
        found = state(part, expected, tolerance)
        return float(found == HOLDS), float(found == FAILS)
    below, above = ((expected.value + sign * tolerance - part.mean) / error for sign in (-1, 1))
    degrees = replicates - 1
    critical = special.stdtrit(degrees, (1 + LEVEL) / 2)
    if expected.relation in "=~":
        inner = special.stdtrit(degrees, (1 + EQUIVALENCE) / 2)
        holds = _over_deviations(lambda s: special.ndtr(above - inner * s) - special.ndtr(below + inner * s), degrees)
        fails = _over_deviations(
            lambda s: special.ndtr(below - critical * s) + special.ndtr(-above - critical * s), degrees
        )
        return holds, fails
    holds = _over_deviations(lambda s: special.ndtr(-below - critical * s), degrees)
    return holds, _over_deviations(lambda s: special.ndtr(below - critical * s), degrees)


def _over_deviations(probability: Callable[[np.ndarray], np.ndarray], degrees: int) -> float:
    """Mean of a probability over the standard deviations that replicates may show, in units of the true one.

    These follow a chi distribution over the root of its degrees of freedom; Gauss-Legendre quadrature.
    """
    low, high = np.sqrt(special.chdtri(degrees, [1 - 1e-9, 1e-9]) / degrees)
    deviations = low + (high - low) * (_NODES + 1) / 2
    shape, scaled = degrees / 2, degrees / 2 * deviations**2  # half the squares, scaled, are gamma distributed
    density = 2 / deviations * np.exp(shape * np.log(scaled) - scaled - special.gammaln(shape))
    value = (high - low) / 2 * np.sum(_WEIGHTS * np.maximum(0.0, probability(deviations)) * density)
    return float(np.clip(value, 0, 1))


def decided(parts: Sequence[Part], expected: Expectation, tolerance: float, replicates: int) -> float:
    """How likely a claim is decided as the observed means lie, with so many replicates; NaN where nothing varies.

    All parts are to hold where each observed mean does; else one of those that do not is to fail. Parts count as
    independent.
    """
    means = [state(Part(np.array([part.mean])), expected, tolerance) for part in parts]
    powers = [power(part, expected, tolerance, replicates) for part in parts]
    if all(found == HOLDS for found in means):
        return float(np.prod([holds for holds, _ in powers]))
    return float(1 - np.prod([1 - fails for found, (_, fails) in zip(means, powers, strict=True) if found != HOLDS]))


def replicates_for(parts: Sequence[Part], expected: Expectation, tolerance: float, wanted: float = 0.8) -> float:
    """Least number of replicates, from 2, with which the claim is decided with that probability; NaN if none is.

    Up to MOST_REPLICATES are considered.
    """
    if not decided(parts, expected, tolerance, MOST_REPLICATES) >= wanted:
        return float("nan")
    low, high = 1, MOST_REPLICATES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decided(parts, expected, tolerance, middle) >= wanted else (middle, high)
    return high
