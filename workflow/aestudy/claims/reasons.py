"""The sentence that says why a claim got its verdict, made from the numbers."""

from aestudy.claims.intervals import Bootstrap
from aestudy.claims.records import CONTRADICTED, REPRODUCED, Claim


def sentence(
    claim: Claim, verdict: str, quantity: Bootstrap, direction: Bootstrap | str | None, sign_test: tuple | None
) -> str:
    """One sentence on a claim whose quantity could be computed.

    `direction`: the result for the claim's direction, or what was missing for it. `sign_test`: sign-flip p-value, the
    same after Holm's correction, and the number of claims corrected for.
    """
    holds = verdict == REPRODUCED
    compare = {"=": _published, "~": _no_effect}.get(claim.expectation.relation, _sign)
    clauses = [f"observed {_estimate(quantity, claim.unit)} {compare(claim, verdict, quantity)}"]
    if isinstance(direction, str) and not holds:
        clauses.append(f"the direction is not testable ({direction})")
    elif direction is not None and not holds:
        low, high = direction.ends()
        state = "holds" if low > 0 else "is the opposite" if high < 0 else "is not clear of zero"
        clauses.append(f"the direction {state} ({_estimate(direction)})")
    clauses.append(_sampling(quantity))
    if sign_test:
        p, adjusted, claims = sign_test
        clauses.append(f"exact sign-flip p = {p:.2g}, {adjusted:.2g} with Holm's correction for {claims} claims")
    return "; ".join(clauses)


def _published(claim: Claim, verdict: str, quantity: Bootstrap) -> str:
    distance = quantity.observed - claim.expectation.value
    return (
        f"is {_show(abs(distance), claim.unit)} {'below' if distance < 0 else 'above'} the published "
        f"{_show(claim.expectation.value, claim.unit)}, "
        f"{'within' if verdict == REPRODUCED else 'beyond'} the tolerance of {_show(claim.tolerance, claim.unit)}"
    )


def _no_effect(claim: Claim, verdict: str, quantity: Bootstrap) -> str:
    opposed = verdict == CONTRADICTED and claim.direction is None  # else it is the direction that is contradicted
    state = "lies within" if verdict == REPRODUCED else "lies outside" if opposed else "is not shown to lie within"
    text = f"{state} {claim.expectation.value:g} ± {_show(claim.tolerance, claim.unit)}"
    if inner := quantity.interval(0.9):
        text += f" (90 % interval [{inner[0]:.4g}, {inner[1]:.4g}])"
    return text


def _sign(claim: Claim, verdict: str, quantity: Bootstrap) -> str:
    if verdict == CONTRADICTED and claim.direction is None:
        state = "is on the other side, not"
    else:
        state = ("is" if verdict == REPRODUCED else "is not") + (" clearly" if quantity.interval() else "")
    ties = f" (ties: up to {_show(claim.tolerance, claim.unit)})" if claim.tolerance else ""
    return f"{state} {claim.expectation}{ties}"


def _sampling(quantity: Bootstrap) -> str:
    if quantity.replicates > 1:
        return f"{quantity.replicates} replicates"
    start = "one replicate" if quantity.replicates else "no replicates"
    return f"{start}: " + (
        "the interval covers the choice of test images only" if quantity.interval() else "there is no interval"
    )


def _estimate(result: Bootstrap, unit: str = "") -> str:
    interval = result.interval()
    return _show(result.observed, unit) + (f" [{interval[0]:.4g}, {interval[1]:.4g}]" if interval else "")


def _show(number: float, unit: str) -> str:
    return f"{number:.4g} {unit}".rstrip()
