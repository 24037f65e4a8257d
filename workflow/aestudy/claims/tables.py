"""What was judged, as tables: a row per claim with its verdict, and a row per part with how sure it is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from aestudy.base.wording import standing_in
from aestudy.claims import decisions, intervals, reasons
from aestudy.claims.language import terms
from aestudy.claims.records import Claim
from aestudy.claims.verdicts import Judged

COLUMNS = ("id", "report", "statement", "expected", "observed", "ci_low", "ci_high", "tolerance", "verdict")
COLUMNS += ("reason", "evidence", "exploratory", "read_as", "unit", "scale")
CERTAINTY = ("id", "part", "replicates", "observed", "deviation", "ci_low", "ci_high", "state", "p", "p_holm")
CERTAINTY += ("power_3", "power_10", "power_30", "replicates_80")


def table(judged: Sequence[Judged], stand_ins: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row per claim, columns COLUMNS; numbers rounded to six significant digits."""
    rows = []
    for each in judged:
        claim = each.claim
        row = {"id": claim.id, "report": claim.report, "statement": claim.statement}
        row |= {"exploratory": "yes" if claim.exploratory else "", "read_as": claim.read_as, "verdict": each.verdict}
        if claim.untestable is None:
            row |= {"expected": str(claim.expectation), "tolerance": claim.tolerance}
            row |= {"unit": claim.unit, "scale": claim.unit_of_distance}
        row |= {"reason": each.missing, "evidence": _shown(claim, stand_ins or {})}
        if each.parts:
            low, high = each.interval or (np.nan, np.nan)
            row |= _rounded(observed=each.furthest.mean, ci_low=low, ci_high=high)
            row["reason"] = reasons.sentence(each)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def certainty(judged: Sequence[Judged]) -> pd.DataFrame:
    """One row per part of every claim that could be tested, columns CERTAINTY.

    What is about the whole claim (p-values, also adjusted for all claims judged together, power, replicates for a power
    of 0.8) stands in each of its rows.
    """
    rows = []
    tested = [each for each in judged if each.parts]
    for each, adjusted in zip(tested, intervals.holm([each.p for each in tested]), strict=True):
        expected, tolerance = each.claim.expectation, each.claim.tolerance
        whole = _rounded(p=each.p, p_holm=adjusted)
        for replicates in (3, 10, 30):
            whole |= _rounded(
                **{f"power_{replicates}": decisions.decided(each.parts, expected, tolerance, replicates)}, digits=3
            )
        whole["replicates_80"] = decisions.replicates_for(each.parts, expected, tolerance)
        for part, state in zip(each.parts, each.states, strict=True):
            low, high = part.interval() or (np.nan, np.nan)
            row = {"id": each.claim.id, "part": part.name, "replicates": part.replicates, "state": state}
            row |= _rounded(observed=part.mean, deviation=part.deviation, ci_low=low, ci_high=high)
            rows.append(row | whole)
    return pd.DataFrame(rows, columns=list(CERTAINTY)).astype({"replicates_80": "Int64"})


def _rounded(digits: int = 6, **numbers: float) -> dict[str, float]:
    return {name: float(f"{number:.{digits}g}") for name, number in numbers.items()}


def _shown(claim: Claim, stand_ins: Mapping[str, str]) -> str:
    """Where the claim can be seen, and which data sets were stood in for."""
    named = {term.dataset for node in claim.nodes.values() for term in terms(node)}
    replaced = standing_in(stand_ins, [name for name in stand_ins if name in named])
    return "; ".join([", ".join(claim.evidence), *replaced])
