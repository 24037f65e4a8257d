"""Mistakes that show only when parts of a configuration are seen together: unknown names, sizes that differ, ...

Parts that are well-formed by themselves are checked even where others are not, so that all mistakes are reported at
once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter, ValidationError

from aestudy.base import registry
from aestudy.base.run import RUN_KEYS
from aestudy.base.wording import nearest, path, show
from aestudy.figures.catalogue import DRAWINGS
from aestudy.study.config import Dataset, Experiment, Model, Report, Transfer
from aestudy.study.plan import size

MAX_TRAININGS = 100_000
DATASET, MODEL, REPORT, EXPERIMENT = map(TypeAdapter, (Dataset, Model, Report, Experiment))
TAKEN = {"none": "clean input", "l1": "the penalty, in the paths of runs", "latent": "its size, in the paths of runs"}


def misfits(raw: dict) -> Iterator[str]:
    """One line for each such mistake in the mapping `raw`, as it was read from YAML."""
    datasets = _well_formed(DATASET, _mapping(raw, "datasets"))
    models = _well_formed(MODEL, _mapping(raw, "models"))
    experiments = {i: item for i, item in enumerate(_list(raw, "experiments")) if isinstance(item, dict)}
    grids = _well_formed(EXPERIMENT, experiments)

    for name in sorted(TAKEN.keys() & _mapping(raw, "noises").keys()):
        yield f"noises.{name}: this name is reserved for {TAKEN[name]}; choose another"
    for name, dataset in datasets.items():
        for place, mistake in dataset.mistakes(used=any(name in grid.dataset for grid in grids.values())):
            yield f"{path(['datasets', name])}.{place}: {mistake}"
    yield from _unknown_names(raw, experiments)
    yield from _unknown_drawings(_well_formed(REPORT, _mapping(raw, "reports")), grids)
    for name, count in _repeated([experiment.get("name") for experiment in experiments.values()]):
        yield f"experiments: {count} of them have the name {name}; give each a name of its own"
    for i, experiment in experiments.items():
        for axis in RUN_KEYS:
            for value, count in _repeated(_list(experiment, axis)):
                yield f"experiments[{i}].{axis}: {value} appears {count} times; keep one"
    for i, grid in grids.items():
        yield from _grid_misfits(f"experiments[{i}]", grid, datasets, models)
        for j, transfer in enumerate(grid.transfer):
            yield from _transfer_misfits(f"experiments[{i}].transfer[{j}]", transfer, grid, raw, datasets)
    yield from _too_many(list(grids.values()), raw.get("replicates"))


def _mapping(raw: dict, key: str) -> dict:
    """The mapping under a key without what no name could be; empty where something else is found there."""
    found = raw.get(key)
    return {name: part for name, part in found.items() if isinstance(name, str)} if isinstance(found, dict) else {}


def _list(raw: dict, key: str) -> list:
    return raw[key] if isinstance(raw.get(key), list) else []


def _well_formed(adapter: TypeAdapter, parts: dict) -> dict:
    good = {}
    for key, part in parts.items():
        try:
            good[key] = adapter.validate_python(part)
        except ValidationError:
            continue
    return good


def _repeated(values: list) -> list[tuple[str, int]]:
    """Names and numbers that appear in a list more than once, as text, with how often."""
    counts = Counter(value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool))
    return [(show(value), count) for value, count in counts.items() if count > 1]


def no_such(place: str, kind: str, name: str, names: Iterable[str]) -> str:
    """A sentence on a name that nothing has: its place, what there is, and the nearest of it."""
    names = list(names)
    there = ", ".join(names) or "none"
    return f"{place}: no {kind} has the name {show(name)}; there are: {there}{nearest(name, names)}"


def _unknown_names(raw: dict, experiments: dict[int, dict]) -> Iterator[str]:
    """Names in experiments and stand-ins that no data set, model, noise or report has."""
    known = {"dataset": list(_mapping(raw, "datasets")), "model": list(_mapping(raw, "models"))}
    if isinstance(raw.get("noises"), dict):
        known["noise"] = ["none", *_mapping(raw, "noises")]
    places = [
        (axis, f"experiments[{i}].{axis}[{j}]", name)
        for i, experiment in experiments.items()
        for axis in known
        for j, name in enumerate(_list(experiment, axis))
    ]
    places += [("dataset", path(["stand_ins", key]), name) for key, name in _mapping(raw, "stand_ins").items()]
    for axis, place, name in places:
        # Where a whole section is missing, that is the mistake.
        if known[axis] and isinstance(name, str) and name not in known[axis]:
            yield no_such(place, axis, name, known[axis])
    reports = list(_mapping(raw, "reports"))
    for i, experiment in experiments.items():
        name = experiment.get("report")
        if isinstance(raw.get("reports", {}), dict) and isinstance(name, str) and name not in reports:
            yield no_such(f"experiments[{i}].report", "report", name, reports)


def _unknown_drawings(reports: dict[str, Report], grids: dict[int, Experiment]) -> Iterator[str]:
    """Drawings that do not exist, in the figures of reports and in experiments.

    A figure's experiment may be missing: a study need not have all experiments of a report.
    """
    places = [(f"experiments[{i}].drawing", grid.drawing) for i, grid in grids.items()]
    places += [
        (path(["reports", name, "figures", figure, "drawing"]), record.drawing)
        for name, report in reports.items()
        for figure, record in report.figures.items()
    ]
    for place, drawing in places:
        if drawing not in DRAWINGS:
            yield no_such(place, "drawing", drawing, DRAWINGS)


def _grid_misfits(place: str, grid: Experiment, datasets: dict, models: dict) -> Iterator[str]:
    """What in a grid does not go together, as far as the data sets and models that it names are well-formed."""
    noisy = sorted(set(grid.noise) - {"none"})
    if noisy and not grid.variance:
        yield f"{place}.variance: this key is missing; noise {', '.join(noisy)} needs at least one variance above 0"
    if grid.variance and not noisy:
        yield f"{place}.variance: found {show(grid.variance)}, but noise is none; name a noise or remove this key"
    for name in dict.fromkeys(grid.model):
        if name not in models:
            continue
        network = models[name].network
        if network.has_free_latent and grid.latent is None:
            yield f"{place}.latent: this key is missing; model {name} needs at least one size, a whole number"
        if not network.has_free_latent and grid.latent is not None:
            yield (
                f"{place}.latent: found {show(grid.latent)}, but the latent size of model {name} follows from the "
                "image; remove this key, or move the model to an experiment of its own"
            )
        for dataset in dict.fromkeys(grid.dataset):
            shape = datasets[dataset].image_shape if dataset in datasets else None
            reason = shape and registry.load("models", network.architecture).misfit(network, shape)
            if reason:
                yield f"{place}: model {name} does not fit data set {dataset}: {reason}"


def _transfer_misfits(place: str, transfer: Transfer, grid: Experiment, raw: dict, datasets: dict) -> Iterator[str]:
    """Names that nothing has, noise without variance, and images of another size than the networks take."""
    noisy = sorted(set(transfer.noise or []) - {"none"})
    if noisy and not transfer.variance:
        yield f"{place}.variance: this key is missing; noise {', '.join(noisy)} needs at least one variance above 0"
    if transfer.variance and not noisy:
        yield f"{place}.variance: found {show(transfer.variance)}, but no noise is named; name one or remove this key"
    known = {key: _mapping(raw, key) for key in ("noises", "datasets")}
    for noise in noisy:
        if isinstance(raw.get("noises"), dict) and noise not in known["noises"]:
            yield no_such(f"{place}.noise", "noise", noise, ["none", *known["noises"]])
    own = {name: datasets[name].image_shape for name in grid.dataset if name in datasets}
    for name in transfer.dataset or []:
        if known["datasets"] and name not in known["datasets"]:
            yield no_such(f"{place}.dataset", "dataset", name, known["datasets"])
        if name not in datasets:
            continue
        shape = datasets[name].image_shape
        for trained_on, wanted in own.items():
            if shape and wanted and shape != wanted:
                yield (
                    f"{place}.dataset: images of {name} are {' x '.join(map(str, shape))}, and networks are trained on "
                    f"{' x '.join(map(str, wanted))} ({trained_on}); name data sets of that size"
                )


def _too_many(grids: list[Experiment], replicates: object) -> Iterator[str]:
    """Whether the grids are larger than anything that could be meant; they are counted, not made."""
    runs = sum(map(size, grids))
    replicates = replicates if isinstance(replicates, int) and replicates > 0 else 1
    if runs * replicates > MAX_TRAININGS:
        yield (
            f"experiments: found {runs:,} runs x {replicates:,} replicates; "
            f"allowed: at most {MAX_TRAININGS:,} trainings (make the grids smaller)"
        )
