"""From protocols to work: which runs to train, and which scores to make, for every published number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aestudy.base.errors import UserError
from aestudy.base.run import Run, condition
from aestudy.base.wording import nearest
from aestudy.claims import language
from aestudy.claims.protocols import BASE, Protocol
from aestudy.claims.records import Claim
from aestudy.claims.selection import Candidates, NotTestable, keys_of, replace_datasets, select
from aestudy.study.config import Study
from aestudy.study.plan import Plan


@dataclass(frozen=True)
class Variation:
    """A run of the study under a protocol."""

    protocol: str
    run: Run
    """The run that a claim is about."""
    trained: Run
    """The run whose weights are scored: the same, or one that is trained beside the study's own."""
    noise: str
    variance: float
    """What it is tested on."""
    rescored: bool
    """Whether its scores are made for this protocol alone; if not, they are those of the trained run's evaluation."""

    @property
    def scores(self) -> str:
        """Its scores per image, seen from the study's results."""
        return f"{f'protocols/{self.protocol}' if self.rescored else 'evaluation'}/{self.trained.path}/scores.parquet"

    @property
    def condition(self) -> str:
        """The input that it is tested on, as in paths."""
        return condition(self.noise, self.variance)


def published(claims: Iterable[Claim]) -> list[Claim]:
    """The claims on a published number that is read from the scores of test images alone."""
    return [
        claim
        for claim in claims
        if claim.expectation.relation == "="
        and all(term.table == "scores" for term in language.terms(claim.nodes["quantity"]))
    ]


def of(study: Study, plan: Plan, claims: Iterable[Claim]) -> list[Variation]:
    """All variations that the study's protocols ask for, with those of the base protocol, each once.

    Raises UserError with all mistakes at once: unknown claims, data sets, models and noises, runs that cannot be.
    """
    numbers = {claim.id: claim for claim in published(claims)}
    mistakes, found = [], {}
    for name in {id: None for group in study.together for id in group}:
        mistakes += _unknown("together", "published number", name, numbers)
    for protocol in study.protocols:
        place = f"protocols, {protocol.id}"
        mistakes += _unknown_names(place, protocol, study)
        if [other.id for other in study.protocols].count(protocol.id) > 1 or protocol.id == BASE:
            mistakes.append(f"{place}: the id is taken; give it one of its own")
        if protocol.test.images == "training" and (protocol.test.noise or protocol.test.variance):
            mistakes.append(f"{place}.test: training images come with their own noise; remove noise and variance")
        for name in protocol.claims:
            mistakes += _unknown(f"{place}.claims", "published number", name, numbers)
    if not mistakes:
        named = {name for protocol in study.protocols for name in protocol.claims}
        for claim in filter(lambda claim: claim.id in named, numbers.values()):
            try:
                runs = _runs(claim, plan, study)
            except NotTestable as error:
                mistakes.append(f"{claim.id}: {error}; add it to an experiment")
                continue
            found |= dict.fromkeys(Variation(BASE, run, run, run.noise, run.variance, False) for run in runs)
            for protocol in (protocol for protocol in study.protocols if claim.id in protocol.claims):
                for run in runs:
                    variation = _variation(protocol, run, study)
                    mistakes += _impossible(f"protocols, {protocol.id}", variation, study)
                    found[variation] = None
    if mistakes:
        lines = "\n  ".join(dict.fromkeys(mistakes))
        raise UserError(f"The protocols have {len(dict.fromkeys(mistakes))} mistake(s); nothing was run.\n  {lines}")
    return list(found)


def _runs(claim: Claim, plan: Plan, study: Study) -> list[Run]:
    """The runs that a claim is about."""
    runs = list(plan.runs.values())
    candidates = Candidates(map(keys_of, runs))
    terms = language.terms(replace_datasets(claim.nodes["quantity"], study.stand_ins))
    return [runs[candidates.keys.index(keys)] for term in terms for keys in select(term, candidates).values()]


def _variation(protocol: Protocol, run: Run, study: Study) -> Variation:
    changes = protocol.run.model_dump(exclude_none=True)
    if "dataset" in changes:
        changes["dataset"] = study.stand_ins.get(changes["dataset"], changes["dataset"])
    if changes.get("noise") == "none":
        changes["variance"] = 0.0
    trained = replace(run, **changes)
    noise = protocol.test.noise or trained.noise
    variance = 0.0 if noise == "none" else protocol.test.variance or trained.variance
    return Variation(protocol.id, run, trained, noise, variance, protocol.rescored)


def _unknown_names(place: str, protocol: Protocol, study: Study) -> Iterator[str]:
    """Names in a protocol that no data set, model or noise has."""
    datasets = [*study.datasets, *study.stand_ins]
    noises = ["none", *study.noises]
    for key, kind, name, names in (
        ("run.dataset", "data set", protocol.run.dataset, datasets),
        ("run.model", "model", protocol.run.model, list(study.models)),
        ("run.noise", "noise", protocol.run.noise, noises),
        ("test.noise", "noise", protocol.test.noise, noises),
    ):
        if name is not None:
            yield from _unknown(f"{place}.{key}", kind, name, names)


def _unknown(place: str, kind: str, name: str, names: Iterable[str]) -> Iterator[str]:
    if name not in names:
        yield f"{place}: no {kind} has the name '{name}'; there are: {', '.join(names)}{nearest(name, names)}"


def _impossible(place: str, variation: Variation, study: Study) -> Iterator[str]:
    """Why a run cannot be trained or tested as a protocol asks."""
    trained = variation.trained
    free = study.models[trained.model].network.has_free_latent
    if free != (trained.latent is not None):
        needs = "needs a latent size: give one" if free else "has none: leave it out"
        yield f"{place}.run.latent: model {trained.model} {needs}"
    conditions = {"run": trained, "test": variation}
    for key, noise, variance in ((key, at.noise, at.variance) for key, at in conditions.items()):
        if noise != "none" and not variance:
            yield f"{place}.{key}.variance: this key is missing; noise {noise} needs a variance above 0"
