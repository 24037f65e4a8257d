"""The sentence that says why a claim got its verdict, made from the numbers."""

from aestudy.claims import decisions
from aestudy.claims.decisions import FAILS, HOLDS
from aestudy.claims.intervals import EQUIVALENCE, Part
from aestudy.claims.records import INCONCLUSIVE, REPRODUCED, Claim
from aestudy.claims.verdicts import Judged


def sentence(judged: Judged) -> str:
    """One sentence on a claim whose quantity could be computed: it tells of the part that is furthest from holding."""
    claim, verdict, shown = judged.claim, judged.verdict, judged.furthest
    state = decisions.state(shown, claim.expectation, claim.tolerance)
    compare = {"=": _published, "~": _no_effect}.get(claim.expectation.relation, _sign)
    several = f" ({_place(judged, shown)})" if len(judged.parts) > 1 else ""
    clauses = [f"observed {_estimate(shown.mean, judged.interval, claim.unit)}{several} {compare(claim, state, shown)}"]
    if len(judged.parts) > 1:
        clauses.append(_counted(judged.states))
    if claim.direction is not None and verdict not in (REPRODUCED, INCONCLUSIVE):
        clauses.append(_direction(judged))
    clauses.append(_replicates(judged))
    return "; ".join(clauses)


def _place(judged: Judged, shown: Part) -> str:
    relation = judged.claim.expectation.relation
    which = {"=": "furthest", "~": "largest effect"}.get(relation, "largest" if relation[0] == "<" else "least")
    return f"{which} of {len(judged.parts)}: {shown.name or 'unnamed'}"


def _counted(states: list[str]) -> str:
    words = {HOLDS: ("holds", "hold"), FAILS: ("fails", "fail"), decisions.OPEN: ("is undecided", "are undecided")}
    counts = {state: states.count(state) for state in words if state in states}
    told = [f"{count} {words[state][count > 1]}" for state, count in counts.items()]
    return f"of {len(states)} parts {', '.join(told)}"


def _direction(judged: Judged) -> str:
    if not judged.direction:
        return f"the direction is not testable ({judged.missing_direction})"
    least = min(judged.direction, key=lambda part: part.mean)
    low, high = least.ends()
    words = "holds" if low > 0 else "is the opposite" if high < 0 else "is not clear of zero"
    return f"the direction {words} ({_estimate(least.mean, least.interval())})"


def _published(claim: Claim, state: str, shown: Part) -> str:
    distance = shown.mean - claim.expectation.value
    within = abs(distance) <= claim.tolerance
    words = "within" if within else "beyond"
    text = (
        f"is {_show(abs(distance), claim.unit)} {'below' if distance < 0 else 'above'} the published "
        f"{_show(claim.expectation.value, claim.unit)}, {words} the tolerance of {_show(claim.tolerance, claim.unit)}"
    )
    inner = shown.interval(EQUIVALENCE)
    if inner and state not in (HOLDS, FAILS):
        text += f", and its 90 % interval [{inner[0]:.4g}, {inner[1]:.4g}] lies on both sides of that bound"
    return text


def _no_effect(claim: Claim, state: str, shown: Part) -> str:
    words = {HOLDS: "lies within", FAILS: "lies outside"}.get(state, "is not shown to lie within")
    text = f"{words} {claim.expectation.value:g} ± {_show(claim.tolerance, claim.unit)}"
    if inner := shown.interval(EQUIVALENCE):
        text += f" (90 % interval [{inner[0]:.4g}, {inner[1]:.4g}])"
    return text


def _sign(claim: Claim, state: str, shown: Part) -> str:
    words = {HOLDS: "is", FAILS: "is on the other side, not"}.get(state, "is not clearly")
    ties = f" (ties: up to {_show(claim.tolerance, claim.unit)})" if claim.tolerance else ""
    return f"{words} {claim.expectation}{ties}"


def _replicates(judged: Judged) -> str:
    counts = sorted({part.replicates for part in judged.parts})
    if counts == [1]:
        return "one replicate: there is no interval"
    return f"{' or '.join(map(str, counts))} replicates"


def _estimate(mean: float, interval: tuple[float, float] | None, unit: str = "") -> str:
    return _show(mean, unit) + (f" [{interval[0]:.4g}, {interval[1]:.4g}]" if interval else "")


def _show(number: float, unit: str) -> str:
    return f"{number:.4g} {unit}".rstrip()
