"""The numbers that the reports publish, as the claims have them: figures draw them beside what was found."""

from collections.abc import Iterable

from aestudy.claims.language import Term
from aestudy.claims.records import Claim


def numbers(claims: Iterable[Claim]) -> list[dict]:
    """Column, keys of the run and value of every claim on a number that is a score of one run over all test images."""
    found = []
    for claim in claims:
        term = claim.nodes.get("quantity")
        if not isinstance(term, Term) or term.free or term.table != "metrics":
            continue
        if claim.expectation.relation == "=":
            found.append({"column": term.column, "run": dict(term.filters), "value": claim.expectation.value})
    return found
