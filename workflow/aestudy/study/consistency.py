"""Mistakes that show only when parts of a configuration are seen together: unknown names, sizes that differ, ...

Parts that are well-formed by themselves are checked even where others are not, so that all mistakes are reported at
once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter, ValidationError

from aestudy.base import levels, registry
from aestudy.base.run import VARIANCE
from aestudy.base.wording import nearest, path, show
from aestudy.figures.catalogue import DRAWINGS
from aestudy.study.config import Dataset, Experiment, Grid, Model, Noise, Report, Runs, Study, Transfer
from aestudy.study.plan import level_names, size, training_of

MAX_TRAININGS = 100_000
DATASET, NOISE, MODEL, REPORT, EXPERIMENT = map(TypeAdapter, (Dataset, Noise, Model, Report, Experiment))
AXES = ("dataset", "model", "latent", "l1", "noise", *levels.known())
"""The keys of an experiment that are axes of its grid."""
TAKEN = {"none": "clean input", "l1": "the penalty, in the paths of runs", "latent": "its size, in the paths of runs"}


def misfits(raw: dict) -> Iterator[str]:
    """One line for each such mistake in the mapping `raw`, as it was read from YAML."""
    datasets = _well_formed(DATASET, _mapping(raw, "datasets"))
    noises = _well_formed(NOISE, _mapping(raw, "noises"))
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
        for axis in AXES:
            for value, count in _repeated(_list(experiment, axis)):
                yield f"experiments[{i}].{axis}: {value} appears {count} times; keep one"
    for i, grid in grids.items():
        yield from _level_misfits(f"experiments[{i}]", grid, noises)
        yield from _grid_misfits(f"experiments[{i}]", grid, datasets, models)
        for j, transfer in enumerate(grid.transfer):
            place = f"experiments[{i}].transfer[{j}]"
            yield from _transfer_misfits(place, transfer, grid, raw, datasets)
            yield from _level_misfits(place, transfer, noises)
    yield from _too_many(list(grids.values()), level_names(noises), raw.get("replicates"))


def unsuited(study: Study) -> Iterator[str]:
    """One line for each loss, target or noise that a network of a study cannot be trained with."""
    for name in dict.fromkeys(name for experiment in study.experiments for name in experiment.model):
        if name in study.models:
            network, loss = study.models[name].network, training_of(study, name).loss
            if loss == "bce" and getattr(network, "gives", "logits") == "image":
                yield (
                    f"models.{name}.training.loss: found bce, which takes numbers between 0 and 1 alone, and "
                    f"architecture {network.architecture} may give others; allowed: mse, l1"
                )
    for i, experiment in enumerate(study.experiments):
        for name in filter(study.models.__contains__, experiment.model):
            network, target = study.models[name].network, training_of(study, name).target
            if target == "noisy_copy" and "none" in experiment.noise:
                yield (
                    f"experiments[{i}].noise: model {name} is trained against a second noisy copy (training.target), "
                    "and noise is none; name a noise, or set the target to clean"
                )
            for noise in filter(study.noises.__contains__, experiment.noise):
                kind = study.noises[noise].kind
                if getattr(network, "takes_level", False) and not hasattr(registry.load("noise", kind), "deviation"):
                    yield (
                        f"experiments[{i}].noise: model {name} is told the strength of the noise, and noise {noise} "
                        f"does not give it: aestudy/noise/{kind}.py defines no `deviation`"
                    )


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


def _unknown_drawings(reports: dict[str, Report], grids: dict[int, Runs]) -> Iterator[str]:
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


def _level_misfits(place: str, grid: Grid, noises: dict) -> Iterator[str]:
    """Noises without levels, levels without a noise, and levels beyond what their noise knows."""
    takers: dict[str, list[str]] = {}
    noisy = [name for name in grid.noise or () if name != "none"]
    for noise in dict.fromkeys(noisy):
        if noise not in noises:
            continue  # it has mistakes of its own, or there is none of that name
        level = levels.of_kind(noises[noise].kind)
        takers.setdefault(level.name, []).append(noise)
        for value in grid.levels(level.name):
            if value > level.highest:
                yield f"{place}.{level.name}: found {show(value)}; noise {noise} takes {level.words()}"
    for name, named in takers.items():
        if not grid.levels(name):
            kind = levels.known()[name]
            least = "at least one variance above 0" if name == VARIANCE else f"at least one: {kind.words()}"
            yield f"{place}.{name}: this key is missing; noise {', '.join(sorted(named))} needs {least}"
    for name in levels.known():
        if grid.levels(name) and name not in takers and all(noise in noises for noise in noisy):
            none = "noise is none" if grid.noise else "no noise is named"
            reason = f"noise {', '.join(noisy)} has no {levels.text(name)}" if noisy else none
            yield (
                f"{place}.{name}: found {show(grid.levels(name))}, but {reason}; name a noise "
                f"{'' if not noisy else 'that has one '}or remove this key"
            )


def _grid_misfits(place: str, grid: Runs, datasets: dict, models: dict) -> Iterator[str]:
    """What in a grid does not go together, as far as the data sets and models that it names are well-formed."""
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


def _transfer_misfits(place: str, transfer: Transfer, grid: Runs, raw: dict, datasets: dict) -> Iterator[str]:
    """Names that nothing has, and images of another size than the networks take."""
    known = {key: _mapping(raw, key) for key in ("noises", "datasets")}
    for noise in sorted(set(transfer.noise or []) - {"none"}):
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


def _too_many(grids: list[Runs], names: dict[str, str], replicates: object) -> Iterator[str]:
    """Whether the grids are larger than anything that could be meant; they are counted, not made."""
    runs = sum(size(grid, names) for grid in grids)
    replicates = replicates if isinstance(replicates, int) and replicates > 0 else 1
    if runs * replicates > MAX_TRAININGS:
        yield (
            f"experiments: found {runs:,} runs x {replicates:,} replicates; "
            f"allowed: at most {MAX_TRAININGS:,} trainings (make the grids smaller)"
        )
