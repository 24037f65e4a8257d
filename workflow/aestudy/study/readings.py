"""From open questions to work: which networks the joint readings need, and what each is tested on.

Every run of the study's experiments (of the readings' report) is planned under every reading. Runs of one identity are
trained once, however many readings use them; readings that differ in tests and scores alone train nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from aestudy.base import levels
from aestudy.base.errors import UserError
from aestudy.base.run import VARIANCE, Run
from aestudy.base.wording import nearest, several
from aestudy.claims.records import Claim
from aestudy.study.config import Model, Study
from aestudy.study.plan import Plan, identity
from aestudy.study.questions import Reading, Readings, combinations, reading_id
from aestudy.study.tests import Test


@dataclass
class Planned:
    """The networks and tests that the readings of a study need."""

    study: Study
    """The study with the models and noises of the readings added."""
    runs: dict[str, Run] = field(default_factory=dict)
    """Runs to train by path; some may be the study's own."""
    repeated: dict[str, int] = field(default_factory=dict)
    """Replicates of the runs that are trained more often than the study says, by path."""
    tests: dict[Test, None] = field(default_factory=dict)
    """What is scored, each once."""


class Planner:
    """Finds the network and the test of a run under a reading.

    Models and noises that readings change get names of their own: those of the study with the ids of the answers.
    """

    def __init__(self, study: Study, plan: Plan, readings: Readings):
        self.readings = readings
        self.models, self.noises = dict(study.models), dict(study.noises)
        self.study = study.model_copy(update={"models": self.models, "noises": self.noises})
        # A report that the study does not describe is what its own experiments, those of no report, are about.
        report = readings.report if readings.report in study.reports else None
        own = [run for each in study.experiments if each.report == report for run in plan.experiments[each.name]]
        self.runs = list(dict.fromkeys(own))
        self._first = {repr(identity(study, run).as_params()): run for run in reversed(plan.runs.values())}
        self._found: dict[tuple, Test] = {}

    def test(self, reading: Reading, run: Run) -> Test:
        """What a run of the study is under a reading: the trained run, and what it is tested on."""
        key = (run, *(answer.id for answer in reading.values()))
        if key not in self._found:
            self._found[key] = self._test(reading, run)
        return self._found[key]

    def _test(self, reading: Reading, run: Run) -> Test:
        noise, level, name = run.noise, run.level, run.level_name
        if noise != "none":
            noise = self._noise(reading, noise)
            name = levels.of_kind(self.noises[noise].kind).name
            if any(answer.squared for answer in reading.values()):
                level = float(f"{level**2:.12g}")  # 0.04, and not 0.04000000000000001, in names of runs
        trained = replace(run, model=self._model(reading, run.model), noise=noise, level=level, level_name=name)
        basis = next((answer.trained_on for answer in reading.values() if answer.trained_on != "own"), "own")
        if noise != "none" and basis == "clean":
            trained = replace(trained, noise="none", level=0.0, level_name=VARIANCE)
        elif noise != "none" and basis != "own":
            trained = replace(trained, level=basis)
        params = repr(identity(self.study, trained).as_params())
        return Test(self._first.setdefault(params, trained), run.dataset, noise, level, name)

    def _model(self, reading: Reading, name: str) -> str:
        """The name of a model under a reading; the model is added under it."""
        changing = [answer for answer in reading.values() if answer.trains]
        if not changing:
            return name
        derived = "_".join([name, *(answer.id for answer in changing)])
        if derived not in self.models:
            model = self.models[name].model_dump(exclude_unset=True)
            for answer in changing:
                model["network"] = model["network"] | answer.networks.get(name, {})
                own = answer.training.model_dump(exclude_none=True)
                model["training"] = (model.get("training") or {}) | own
            label = ", ".join([model["label"], *(answer.answer for answer in changing)])
            self.models[derived] = Model.model_validate(model | {"label": label})
        return derived

    def _noise(self, reading: Reading, name: str) -> str:
        """The name of a noise under a reading; the noise is added under it."""
        changing = [answer for answer in reading.values() if answer.noise]
        if not changing:
            return name
        derived = "_".join([name, *(answer.id for answer in changing)])
        if derived not in self.noises:
            parameters = self.noises[name].model_dump()
            for answer in changing:
                parameters |= answer.noise
            self.noises[derived] = type(self.noises[name]).model_validate(parameters)
        return derived


def planned(study: Study, plan: Plan, claims: list[Claim]) -> Planned:
    """What the readings of a study need.

    Raises UserError with all mistakes at once: claims that do not exist, questions that are not asked, keys that a
    network or a noise does not have.
    """
    found = Planned(study)
    mistakes = [line for readings in study.readings for line in _mistakes(study, readings, claims)]
    if not mistakes:
        for readings in study.readings:
            try:
                mistakes += _add(found, plan, readings)
            except ValidationError as error:
                mistakes += [f"readings, {readings.report}: {_words(item)}" for item in error.errors()]
    if mistakes:
        told = dict.fromkeys(mistakes)
        lines = "\n  ".join(told)
        raise UserError(f"The readings have {several(len(told), 'mistake')}; nothing was run.\n  {lines}")
    return found


def _add(found: Planned, plan: Plan, readings: Readings) -> list[str]:
    planner = Planner(found.study, plan, readings)
    repeated = dict.fromkeys(readings.repeated.readings, False) if readings.repeated else {}
    for reading in combinations(readings):
        name = reading_id(reading)
        for run in planner.runs:
            test = planner.test(reading, run)
            found.tests[test] = None
            found.runs[test.trained.path] = test.trained
            if name in repeated:
                found.repeated[test.trained.path] = readings.repeated.replicates
        if name in repeated:
            repeated[name] = True
    found.study = planner.study
    missing = [name for name, there in repeated.items() if not there]
    return [f"readings, {readings.report}.repeated: no reading has the id {name}" for name in missing]


def _mistakes(study: Study, readings: Readings, claims: list[Claim]) -> Iterator[str]:
    """What in the questions and targets does not fit together."""
    place = f"readings, {readings.report}"
    ids, names = [claim.id for claim in claims], [question.id for question in readings.questions]
    reports = list(dict.fromkeys(claim.report for claim in claims))
    if readings.report not in reports:
        yield f"{place}: no claim is of a report of this name; there are: {', '.join(reports)}"
    known = {claim.id: claim for claim in claims}
    for target in readings.targets:
        if target.claim not in known:
            yield f"{place}.targets: no claim has the id '{target.claim}'{nearest(target.claim, ids)}"
        elif known[target.claim].untestable is not None:
            yield f"{place}.targets, {target.claim}: no run can test this claim; leave it out"
    for name in {name for name in names if names.count(name) > 1}:
        yield f"{place}.questions: several have the id {name}; each needs its own"
    for question in readings.questions:
        for answer in question.answers:
            where = f"{place}, {question.id}, {answer.id}"
            for other, allowed in answer.only_with.items():
                among = [a.id for q in readings.questions if q.id == other for a in q.answers]
                if unknown := [name for name in allowed if name not in among]:
                    listed = f"{', '.join(unknown)}; there are: {', '.join(among)}"
                    yield f"{where}.only_with.{other}: no answer has the id {listed}"
            for model in answer.networks.keys() - study.models.keys():
                yield f"{where}.networks: no model has the name '{model}'{nearest(model, study.models)}"
            for claim in answer.quantities.keys() - known.keys():
                yield f"{where}.quantities: no claim has the id '{claim}'{nearest(claim, ids)}"


def _words(item: dict[str, Any]) -> str:
    place = ".".join(map(str, item["loc"]))
    return f"{place}: found {item['input']!r}; {item['msg'][:1].lower()}{item['msg'][1:]}"
