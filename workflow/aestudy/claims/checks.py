"""Claims held against a study before any job runs: names that do not exist, runs that fit more than once, evidence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aestudy.base import registry
from aestudy.base.columns import TEST_KEYS
from aestudy.base.errors import UserError
from aestudy.base.run import Run
from aestudy.base.wording import nearest
from aestudy.claims.language import Term, terms
from aestudy.claims.records import Claim
from aestudy.claims.selection import Candidates, NotTestable, keys_of, keys_of_test, replace_datasets, select


@dataclass(frozen=True)
class Known:
    """What the terms and the evidence of claims may name."""

    names: Mapping[str, Iterable[str]]
    """By column: data sets, models and noises that the study defines."""
    evidence: Iterable[str]
    """Figures and tables."""
    stand_ins: Mapping[str, str] = field(default_factory=dict)


class Planned:
    """What a study plans: its runs, and its tests, as pairs of the trained run and of what it is tested on."""

    def __init__(self, runs: Iterable[Run], tests: Iterable[tuple[Run, Run]] = ()):
        self._runs = Candidates(map(keys_of, runs))
        self._tests = Candidates(keys_of_test(*test) for test in tests)

    def select(self, term: Term) -> None:
        """Raises what selection.select raises; what baselines there will be is not known before they are fitted."""
        if term.table != "baselines":
            select(term, self._tests if term.table == "transfer" else self._runs)


def mistakes(claims: Iterable[Claim], planned: Planned, known: Known) -> list[str]:
    """A sentence for each mistake in the claims, with the record and the key where it is.

    A claim on a run that the study could have and does not plan is no mistake: see `untestable`.
    """
    names = {column: list(found) for column, found in known.names.items()} | {"baseline": registry.kinds("baselines")}
    names |= {f"test_{column}": found for column, found in names.items() if f"test_{column}" in TEST_KEYS}
    evidence = list(known.evidence)
    found = []
    for claim in claims:
        for key, node in claim.nodes.items():
            for term in terms(node):
                found += [f"{claim.id}.{key}: {line}" for line in _unknown(term, names)]
            found += [f"{claim.id}.{key}: {line}" for line in _ambiguous(node, planned, known.stand_ins)]
        for i, shown in enumerate(claim.evidence):
            if shown not in evidence:
                listed = ", ".join(evidence)
                found.append(
                    f"{claim.id}.evidence[{i}]: no figure or table has the name '{shown}'; there are: {listed}"
                    f"{nearest(shown, evidence)}"
                )
    return list(dict.fromkeys(found))


def untestable(claims: Iterable[Claim], planned: Planned, stand_ins: Mapping[str, str]) -> dict[str, str]:
    """Ids of the claims that ask for what the study does not plan, with the first thing that it lacks."""
    found = {}
    for claim in claims:
        try:
            for term in terms(replace_datasets(claim.nodes["quantity"], stand_ins)) if claim.nodes else ():
                planned.select(term)
        except NotTestable as error:
            found[claim.id] = str(error)
    return found


def _unknown(term: Term, names: Mapping[str, list[str]]) -> Iterator[str]:
    """Names in a term that nothing in the study has."""
    for column, wanted in term.filters:
        if column in names and isinstance(wanted, str) and wanted not in names[column]:
            listed = ", ".join(names[column])
            yield f"no {column} has the name '{wanted}'; there are: {listed}{nearest(wanted, names[column])}"


def _ambiguous(node, planned: Planned, stand_ins: Mapping[str, str]) -> Iterator[str]:
    """Terms that fit several runs where one is meant."""
    try:
        for term in terms(replace_datasets(node, stand_ins)):
            planned.select(term)
    except NotTestable:
        return
    except UserError as error:
        yield str(error)
