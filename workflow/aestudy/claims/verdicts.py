"""Verdicts on claims.

Let x be the observed value of a claim's quantity, [l, u] its 95 % interval (l = u = x where there is none), t the
claim's tolerance. The claim's statement holds

- for a number e:                 if |x - e| <= t;
- for a sign, such as "> b":      if the interval lies on the claimed side, l > b - t ("< b": u < b + t; the same
                                  with >= and <=);
- for no effect, "~ e":           if the 90 % interval lies within e - t and e + t (two one-sided tests at 5 %).

The verdict is

- `reproduced`      if the statement holds; otherwise
- `direction only`  if the interval of the claim's `direction` lies above 0;
- `contradicted`    if the interval of `direction` lies below 0. For a claim without direction: if a sign's interval
                    lies on the other side (u < b - t for "> b"), or the 95 % interval of an effect that should be
                    none lies outside the margin;
- `not reproduced`  in all other cases;
- `not testable`    if the study lacks a run, a table or a grid point that the claim needs.

A tolerance on a sign says which values count as ties. Where no interval exists (one replicate, and a number that is not
an average over images), the value itself decides, and the reason says so. For sign claims with six replicates or more
the reason also gives the exact sign-flip test over replicates (with fewer, its p-value cannot fall below 0.05), with
Holm's correction over all sign claims judged together; it informs, the interval decides.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from aestudy.base.errors import UserError
from aestudy.base.wording import standing_in
from aestudy.claims import intervals, reasons
from aestudy.claims.evidence import Evidence
from aestudy.claims.intervals import Bootstrap, Sample
from aestudy.claims.language import Node, terms
from aestudy.claims.records import (
    CONTRADICTED,
    DIRECTION_ONLY,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPRODUCED,
    Claim,
    Expectation,
)
from aestudy.claims.selection import NotTestable, replace_datasets
from aestudy.claims.values import evaluate

COLUMNS = ("id", "report", "statement", "expected", "observed", "ci_low", "ci_high", "tolerance", "verdict")
COLUMNS += ("reason", "evidence")
SIGN_TEST_FROM = 6  # replicates
_SLACK = 1e-9  # 20.78 - 20.38 is a little more than 0.4 in binary


def judge(
    claims: Iterable[Claim], evidence: Evidence, stand_ins: Mapping[str, str] | None = None, seed: int = 0
) -> pd.DataFrame:
    """One row per claim, columns COLUMNS, in the order of `claims`; numbers rounded to six significant digits.

    `stand_ins` maps data sets of the reports to those of the study that take their place. What the study lacks is
    "not testable"; raises UserError, with all claims concerned, where a term fits several runs.
    """
    claims, stand_ins = list(claims), stand_ins or {}
    cases, mistakes = {}, []
    for claim in claims:
        try:
            cases[claim.id] = [Case(node, evidence, stand_ins) for node in claim.nodes.values()]
        except UserError as error:
            mistakes.append(f"{claim.id}: {error}")
    if mistakes:
        raise UserError("\n  ".join(["claims that fit several runs where one is meant:", *mistakes]))

    resample([case for several in cases.values() for case in several], seed)
    sign_tests = _sign_tests(claims, cases)
    return pd.DataFrame([_row(c, cases[c.id], sign_tests.get(c.id), stand_ins) for c in claims], columns=list(COLUMNS))


def resample(cases: Iterable["Case"], seed: int) -> None:
    """Give every case that can be tested its result. The test images are resampled once for all of them."""
    tested = [case for case in cases if not case.missing]
    everything = {key: sample for case in tested for key, sample in case.samples.items()}
    image_means = intervals.resample_images(everything, seed)
    for case in tested:
        case.resample(image_means, seed)


def decide(expected: Expectation, tolerance: float, quantity: Bootstrap, direction: Bootstrap | None = None) -> str:
    """The verdict on a claim whose quantity could be computed; the rule stands at the top of this module."""
    if holds(expected, tolerance, quantity):
        return REPRODUCED
    if direction is not None:
        low, high = direction.ends()
        return DIRECTION_ONLY if low > 0 else CONTRADICTED if high < 0 else NOT_REPRODUCED
    return CONTRADICTED if _opposite(expected, tolerance, quantity) else NOT_REPRODUCED


def holds(expected: Expectation, tolerance: float, quantity: Bootstrap) -> bool:
    """Whether the statement holds; the rule stands at the top of this module."""
    low, high = quantity.ends()
    match expected.relation:
        case "=":
            return abs(quantity.observed - expected.value) <= tolerance + _SLACK
        case "~":
            return intervals.equivalent(quantity, expected.value, tolerance)
        case ">":
            return low > expected.value - tolerance
        case ">=":
            return low >= expected.value - tolerance
        case "<":
            return high < expected.value + tolerance
        case "<=":
            return high <= expected.value + tolerance


def _opposite(expected: Expectation, tolerance: float, quantity: Bootstrap) -> bool:
    low, high = quantity.ends()
    below, above = high < expected.value - tolerance, low > expected.value + tolerance
    return {"~": below or above, ">": below, ">=": below, "<": above, "<=": above, "=": False}[expected.relation]


class Case:
    """An expression before the judge: its samples and their resampling, or what is missing."""

    def __init__(self, node: Node, evidence: Evidence, stand_ins: Mapping[str, str]):
        self.samples: dict[tuple, Sample] = {}  # by term and label
        self.missing = ""
        self.result: Bootstrap | None = None
        try:
            self.node = replace_datasets(node, stand_ins)
            self._values = {term: evidence.samples(term) for term in terms(self.node)}
            self.samples = {(term, label): s for term, found in self._values.items() for label, s in found.items()}
            self._statistic(dict.fromkeys(self.samples, np.ones(())))
            intervals.shared_replicates(self.samples)
        except (NotTestable, intervals.NothingShared) as error:
            self.missing = str(error)

    def resample(self, image_means: Mapping, seed: int) -> None:
        with np.errstate(invalid="ignore"):
            result = intervals.bootstrap(self._statistic, self.samples, seed, image_means=image_means)
        if np.isfinite([result.observed, *result.draws]).all():
            self.result = result
        else:
            self.missing = "the quantity is no finite number, or would not be with other replicates or images"

    def _statistic(self, means: Mapping) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            lookup = {term: {label: means[term, label] for label in found} for term, found in self._values.items()}
            return evaluate(self.node, lookup.__getitem__)[()]


def _sign_tests(claims: Iterable[Claim], cases: Mapping[str, list[Case]]) -> dict[str, tuple[float, float, int]]:
    """Per sign claim with enough replicates: sign-flip p-value, the same after Holm, and number of such claims."""
    p_values = {}
    for claim in claims:
        result, expected = cases[claim.id][0].result, claim.expectation
        enough = result and SIGN_TEST_FROM <= result.replicates <= intervals.EXACT_UP_TO
        if enough and expected.relation[0] in "<>":
            p_values[claim.id] = intervals.sign_flip(result.by_replicate - expected.value)
    adjusted = intervals.holm(list(p_values.values()))
    return {name: (p_values[name], p, len(p_values)) for name, p in zip(p_values, adjusted, strict=True)}


def _row(claim: Claim, cases: list[Case], sign_test: tuple | None, stand_ins: Mapping[str, str]) -> dict:
    quantity, direction = (*cases, None)[:2]
    row = {"id": claim.id, "report": claim.report, "statement": claim.statement, "expected": str(claim.expectation)}
    row |= {"observed": np.nan, "ci_low": np.nan, "ci_high": np.nan, "tolerance": claim.tolerance}
    row |= {"verdict": NOT_TESTABLE, "reason": quantity.missing, "evidence": _shown(claim, stand_ins)}
    if quantity.result is None:
        return row
    low, high = quantity.result.interval() or (np.nan, np.nan)
    numbers = {"observed": quantity.result.observed, "ci_low": low, "ci_high": high}
    row |= {name: float(f"{number:.6g}") for name, number in numbers.items()}
    way = direction and direction.result
    row["verdict"] = decide(claim.expectation, claim.tolerance, quantity.result, way)
    missing = direction and direction.missing
    row["reason"] = reasons.sentence(claim, row["verdict"], quantity.result, way or missing, sign_test)
    return row


def _shown(claim: Claim, stand_ins: Mapping[str, str]) -> str:
    """Where the claim can be seen, and which data sets were stood in for."""
    named = {term.dataset for node in claim.nodes.values() for term in terms(node)}
    replaced = standing_in(stand_ins, [name for name in stand_ins if name in named])
    return "; ".join([", ".join(claim.evidence), *replaced])
