"""Readings as tables: all readings, the answers to each question, and what fits by chance."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from aestudy.claims import decisions
from aestudy.claims.records import Claim
from aestudy.claims.verdicts import Judged
from aestudy.readings.chance import AgainstRandom, against_random_reports, chosen_by, fits
from aestudy.readings.posterior import posterior, prior
from aestudy.readings.scored import Scored
from aestudy.study.questions import Readings

HEAD = ("report", "rank", "reading", "changes", "replicates", "worst", "furthest", "fits", "prior", "posterior")
"""First columns of readings.csv; then the answers by question, and per target what was observed and its distance."""
ANSWERS = ("report", "question", "asked", "answer", "meaning", "readings", "prior", "posterior", "nearest")
CHANCE = ("report", "quantity", "value")


class Table:
    """The readings of one report with what follows from all of them together."""

    def __init__(self, readings: Readings, claims: Iterable[Claim], scored: Sequence[Scored], seed: int):
        by_id = {claim.id: claim for claim in claims}
        self.readings, self.scored, self.seed = readings, list(scored), seed
        self.claims = [by_id[target.claim] for target in readings.targets]
        self.judged = [
            [Judged(claim, parts) for claim, parts in zip(self.claims, each.parts, strict=True)] for each in self.scored
        ]
        self.distances = np.array([each.distances for each in self.scored])
        self.worst = np.array([each.worst for each in self.scored])
        self.numbers = np.array([claim.expectation.relation in "=~" for claim in self.claims])
        self.prior = prior(readings, self.scored)
        self.posterior = posterior(self.prior, self.distances)
        self.fits = fits(self.distances, self.numbers)

    def rows(self) -> list[dict]:
        """A row of readings.csv per reading, the one with the least worst distance first."""
        base = [question.answers[0].id for question in self.readings.questions]
        order = np.lexsort((-self.posterior, np.round(self.worst, 9)))
        found = []
        for rank, i in enumerate(order, 1):
            each = self.scored[i]
            answers = [answer.id for answer in each.answers.values()]
            row = {"report": self.readings.report, "rank": rank, "reading": each.id, "replicates": each.replicates}
            row |= {"changes": sum(a != b for a, b in zip(answers, base, strict=True)), "worst": _short(self.worst[i])}
            row |= {"furthest": self.claims[int(each.distances.argmax())].id, "fits": "yes" if self.fits[i] else "no"}
            row |= {"prior": _short(self.prior[i]), "posterior": _short(self.posterior[i])}
            row |= dict(zip(each.answers, answers, strict=True))
            for judged, distance in zip(self.judged[i], each.distances, strict=True):
                row[judged.claim.id] = _short(judged.furthest.mean)
                row[f"{judged.claim.id}:tolerances"] = _short(distance)
            found.append(row)
        return found

    def answers(self) -> list[dict]:
        """A row of answers.csv per answer."""
        found = []
        for question in self.readings.questions:
            for answer in question.answers:
                chosen = np.array([each.answers[question.id].id == answer.id for each in self.scored])
                row = {"report": self.readings.report, "question": question.id, "asked": question.question}
                row |= {"answer": answer.id, "meaning": answer.answer, "readings": int(chosen.sum())}
                row |= {"prior": _short(self.prior[chosen].sum()), "posterior": _short(self.posterior[chosen].sum())}
                found.append(row | {"nearest": _short(self.worst[chosen].min())})
        return found

    def chance(self) -> list[dict]:
        """Rows of chance.csv: how many readings fit, chosen by one experiment, and by accident."""
        count, experiments = len(self.scored), [target.experiment for target in self.readings.targets]
        found = {"readings": count, "readings that fit everything": int(self.fits.sum())}
        own = self.readings.chosen_by
        for other in chosen_by(own, experiments, self.distances, self.numbers):
            found[f"readings that fit {own}"] = other.chosen
            found[f"those of them that fit {other.experiment} too"] = other.fitting
            found[f"share of all readings that fit {other.experiment}"] = _short(other.share_of_all)
            found[f"readings that come nearest in {own} alike"] = other.tied
            found[f"least distance in {other.experiment} of those nearest in {own}"] = _short(other.nearest)
            found[f"share of all choices by {own} that come as near in {other.experiment}"] = _short(other.as_near)
            found[f"median distance in {other.experiment} of all readings"] = _short(other.median_of_all)
        by_accident, nearest = self._by_accident(), self.worst.min()
        found["mean number of readings that fit a random report"] = _short(by_accident.fitting.mean())
        found["share of random reports that a reading fits"] = _short((by_accident.fitting > 0).mean())
        found["worst distance of the nearest reading"] = _short(nearest)
        found["median of the same for random reports"] = _short(np.median(by_accident.nearest))
        found["share of random reports to which a reading comes as near"] = _short(
            (by_accident.nearest <= nearest).mean()
        )
        return [{"report": self.readings.report, "quantity": name, "value": value} for name, value in found.items()]

    def _by_accident(self) -> AgainstRandom:
        observed = np.array([[each.furthest.mean for each in row] for row in self.judged])
        beyond = np.array([[_beyond(each) for each in row] for row in self.judged])
        tolerances = np.array([claim.tolerance for claim in self.claims])
        return against_random_reports(observed, tolerances, self.numbers, beyond, self.seed)


def of_all(tables: Sequence[Table]) -> dict[str, pd.DataFrame]:
    """readings.csv, answers.csv and chance.csv of all reports, by name."""
    rows = pd.DataFrame([row for table in tables for row in table.rows()])
    others = [name for name in rows if name not in HEAD]
    return {
        "readings": rows[[*HEAD, *others]],
        "answers": pd.DataFrame([row for table in tables for row in table.answers()], columns=list(ANSWERS)),
        "chance": pd.DataFrame([row for table in tables for row in table.chance()], columns=list(CHANCE)),
    }


def _beyond(judged: Judged) -> float:
    claim = judged.claim
    return decisions.beyond(judged.parts, claim.expectation, claim.tolerance, claim.unit_of_distance)


def _short(number: float) -> float:
    return float(f"{number:.5g}")
