"""What the quantities of claims are under a reading, from the scores of the networks that it trains and tests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aestudy.base.columns import AVERAGES, TEST, TEST_VALUES
from aestudy.base.run import Run
from aestudy.claims import decisions
from aestudy.claims.evidence import Sample
from aestudy.claims.intervals import Part
from aestudy.claims.language import Node, Term, parse
from aestudy.claims.parts import parts_of
from aestudy.claims.records import Claim
from aestudy.claims.selection import Candidates, Label, NotTestable, keys_of, select
from aestudy.scoring.tables import level_of
from aestudy.study.questions import Reading, Readings, Target, combinations, reading_id
from aestudy.study.readings import Planner
from aestudy.study.tests import Test

Columns = Mapping[str, np.ndarray]
_CONDITION = ("dataset", "noise", "level")
_RUN = ("model", "l1", *_CONDITION)


@dataclass(frozen=True, eq=False)
class Scored:
    """A reading and what it says of every target, in their order."""

    id: str
    answers: Reading
    parts: tuple[tuple[Part, ...], ...]
    distances: np.ndarray
    """How far off it is, in tolerances; 0 for a sign that holds."""

    @property
    def replicates(self) -> int:
        """The least number of replicates of any of its networks."""
        return min(part.replicates for parts in self.parts for part in parts)

    @property
    def worst(self) -> float:
        """The largest distance."""
        return float(self.distances.max())


class Tests:
    """Rows of transfer.csv by trained run and test set."""

    def __init__(self, table: pd.DataFrame):
        self._found: dict[tuple, dict[float, tuple[tuple[int, ...], Columns]]] = {}
        table = table.assign(level=level_of(table), test_level=level_of(table, TEST))
        for (*keys, latent), rows in table.groupby([*_RUN, *(TEST + key for key in _CONDITION), "latent"]):
            rows = rows.sort_values("replicate")
            columns = {name: rows[name].to_numpy(float) for name in TEST_VALUES}
            self._found.setdefault(tuple(keys), {})[latent] = tuple(rows["replicate"]), columns

    def __getitem__(self, test: Test) -> tuple[tuple[int, ...], Columns]:
        """Replicates and values by column. Raises NotTestable where the test was not made."""
        keys = tuple(getattr(test.trained, key) for key in _RUN)
        by_latent = self._found.get((*keys, *(getattr(test, key) for key in _CONDITION)), {})
        latent = test.trained.latent
        if latent is None and len(by_latent) == 1:
            return next(iter(by_latent.values()))
        if latent not in by_latent:
            raise NotTestable(f"{test.trained.path} was not tested on {test.tested.condition} of {test.dataset}")
        return by_latent[latent]


class UnderReading:
    """The evidence for claims under one reading; stands where claims otherwise have the tables of a study."""

    def __init__(self, reading: Reading, planner: Planner, tests: Tests, selected: Callable[[Term], dict[Label, Run]]):
        self._reading, self._planner, self._tests, self._selected = reading, planner, tests, selected

    def samples(self, term: Term) -> dict[Label, Sample]:
        """The samples that a term means, by label. Raises NotTestable where the study of readings lacks them."""
        found = {}
        for label, run in self._selected(term).items():
            replicates, columns = self._tests[self._planner.test(self._reading, run)]
            values = value(term.column, columns, self._reading)
            if np.isnan(values).any():
                raise NotTestable(f"{run.path} has no {term.column}")
            found[label] = Sample(values, replicates)
        return found


def value(column: str, columns: Columns, reading: Reading) -> np.ndarray:
    """A column of metrics.csv as a reading takes it, from the columns of transfer.csv; NaN where there is none."""
    chosen = {name: _answer(reading, name) for name in ("score", "gain", "ssim")}
    end = AVERAGES[chosen["score"] or "per_image"]
    if column == "gain_db":
        if chosen["gain"] == "clean_input":
            return columns[f"psnr_clean_input{end}"] - columns[f"psnr{end}"]
        return columns[f"psnr{end}"] - columns[f"psnr_noisy{end}"]
    if column == "ssim_first_100":
        return columns[f"ssim_first_100_{chosen['ssim'] or 'uniform7'}"]
    if column in ("psnr", "psnr_noisy", "psnr_clean_input", "psnr_first_100"):
        column += end
    return columns[column] if column in columns else np.full(1, np.nan)


def _answer(reading: Reading, key: str) -> str | None:
    return next((given for answer in reading.values() if (given := getattr(answer, key)) is not None), None)


def score(planner: Planner, readings: Readings, claims: Iterable[Claim], table: pd.DataFrame) -> list[Scored]:
    """Every reading, in the order of the answers, held against the targets.

    table: tables/transfer.csv. Raises NotTestable where a network was not trained or not tested.
    """
    by_id, tests = {claim.id: claim for claim in claims}, Tests(table)
    runs = {tuple(keys_of(run).values()): run for run in planner.runs}
    candidates, known = Candidates(map(keys_of, planner.runs)), {}

    def selected(term: Term) -> dict[Label, Run]:
        if term not in known:
            known[term] = {label: runs[tuple(keys.values())] for label, keys in select(term, candidates).items()}
        return known[term]

    found = []
    for reading in combinations(readings):
        evidence = UnderReading(reading, planner, tests, selected)
        parts, distances = [], []
        for target in readings.targets:
            claim = by_id[target.claim]
            parts.append(tuple(parts_of(_quantity(target, claim, reading), claim.expectation, evidence, {})))
            distances.append(decisions.distance(parts[-1], claim.expectation, claim.tolerance, claim.unit_of_distance))
        found.append(Scored(reading_id(reading), reading, tuple(parts), np.array(distances)))
    return found


def _quantity(target: Target, claim: Claim, reading: Reading) -> Node:
    """The expression for a claim under a reading: that of an answer, or else of the target, or else the claim's own."""
    own = next((answer.quantities[claim.id] for answer in reading.values() if claim.id in answer.quantities), None)
    text = own or target.quantity
    return parse(text) if text else claim.nodes["quantity"]
