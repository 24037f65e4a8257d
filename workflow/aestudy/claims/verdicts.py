"""Verdicts on claims.

A claim has one part, or several that must all hold: the arguments of `all(...)`, or of a `min(...)` that is to lie
above a bound, or of a `max(...)` that is to lie below one. Each part holds, fails or stays open (see `decisions`), by
its own interval (intersection-union, see `intervals`). The verdict is

- `reproduced`      if all parts hold;
- `inconclusive`    if not all hold, and none fails: the replicates at hand do not decide;
- `direction only`  if a part fails and every part of the claim's `direction` lies above 0;
- `contradicted`    if every part of `direction` lies below 0; for a claim that has none and is not about a number, if
                    every part fails;
- `not reproduced`  if a part fails and none of these applies;
- `not testable`    if the study lacks a run, a table or a grid point that the claim needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aestudy.base.errors import UserError
from aestudy.claims import decisions, intervals
from aestudy.claims.decisions import FAILS, HOLDS
from aestudy.claims.evidence import Evidence
from aestudy.claims.intervals import Part
from aestudy.claims.parts import parts_of
from aestudy.claims.records import (
    CONTRADICTED,
    DIRECTION_ONLY,
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPRODUCED,
    Claim,
    Expectation,
)
from aestudy.claims.selection import NotTestable

ABOVE = Expectation(">", 0.0)
"""What is expected of a direction."""


@dataclass(frozen=True)
class Judged:
    """A claim, its parts (none where it cannot be tested), and what follows."""

    claim: Claim
    parts: Sequence[Part] = ()
    direction: Sequence[Part] = ()
    missing: str = ""
    """What the study lacks."""
    missing_direction: str = ""

    @property
    def states(self) -> list[str]:
        """What is decided about each part."""
        return [decisions.state(part, self.claim.expectation, self.claim.tolerance) for part in self.parts]

    @property
    def verdict(self) -> str:
        """The rule stands at the top of this module."""
        if not self.parts:
            return NOT_TESTABLE
        states = self.states
        if all(state == HOLDS for state in states):
            return REPRODUCED
        if FAILS not in states:
            return INCONCLUSIVE
        if self.claim.direction is not None:
            ways = {decisions.state(part, ABOVE, 0.0) for part in self.direction}
            return {(HOLDS,): DIRECTION_ONLY, (FAILS,): CONTRADICTED}.get(tuple(ways), NOT_REPRODUCED)
        opposed = self.claim.expectation.relation != "=" and all(state == FAILS for state in states)
        return CONTRADICTED if opposed else NOT_REPRODUCED

    @property
    def furthest(self) -> Part:
        """The part that is furthest from holding, by its observed value."""
        expected = self.claim.expectation
        if expected.relation in "=~":
            return max(self.parts, key=lambda part: abs(part.mean - expected.value))
        return (max if expected.relation[0] == "<" else min)(self.parts, key=lambda part: part.mean)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where a sign is expected, an interval for the least (or largest) of the parts; else that of `furthest`."""
        relation = self.claim.expectation.relation
        if relation in "=~":
            return self.furthest.interval()
        return (intervals.largest if relation[0] == "<" else intervals.least)(self.parts)

    @property
    def p(self) -> float:
        """p-value of the hypothesis that not all parts hold: the largest of theirs; NaN without replicates."""
        found = [decisions.p_value(part, self.claim.expectation, self.claim.tolerance) for part in self.parts]
        return max(found, default=float("nan")) if not np.isnan(found).any() else float("nan")


def judge(claims: Iterable[Claim], evidence: Evidence, stand_ins: Mapping[str, str] | None = None) -> list[Judged]:
    """Every claim, in order, held against the study.

    `stand_ins` maps data sets of the reports to those of the study that take their place. What the study lacks is
    "not testable"; raises UserError, with all claims concerned, where a term fits several runs.
    """
    found, mistakes = [], []
    for claim in claims:
        try:
            found.append(_judged(claim, evidence, stand_ins or {}))
        except UserError as error:
            mistakes.append(f"{claim.id}: {error}")
    if mistakes:
        raise UserError("\n  ".join(["claims that fit several runs where one is meant:", *mistakes]))
    return found


def _judged(claim: Claim, evidence: Evidence, stand_ins: Mapping[str, str]) -> Judged:
    if claim.untestable is not None:
        return Judged(claim, missing=claim.untestable)
    try:
        parts = parts_of(claim.nodes["quantity"], claim.expectation, evidence, stand_ins)
    except NotTestable as error:
        return Judged(claim, missing=str(error))
    if claim.direction is None:
        return Judged(claim, parts)
    try:
        return Judged(claim, parts, parts_of(claim.nodes["direction"], ABOVE, evidence, stand_ins))
    except NotTestable as error:
        return Judged(claim, parts, missing_direction=str(error))
