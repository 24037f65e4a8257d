"""Mistakes that show only when parts of a configuration are seen together: unknown names, sizes that differ, ...

Parts that are well-formed by themselves are checked even where others are not, so that all mistakes come at once.
"""

from collections import Counter
from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from aestudy import pictures, registry
from aestudy.config import Dataset, Experiment, IdxFiles, Model
from aestudy.datasets import digits
from aestudy.errors import UserError
from aestudy.mistakes import nearest, path, show
from aestudy.plan import size

MAX_TRAININGS = 100_000
DATASET, MODEL, EXPERIMENT = map(TypeAdapter, (Dataset, Model, Experiment))
AXES = ("dataset", "model", "latent", "l1", "noise", "variance")
TAKEN = {"none": "clean input", "l1": "the penalty, in the paths of runs", "latent": "its size, in the paths of runs"}


def misfits(raw: dict) -> Iterator[str]:
    """One line for each such mistake in the mapping `raw`, as it was read from YAML."""
    datasets = _well_formed(DATASET, _mapping(raw, "datasets"))
    models = _well_formed(MODEL, _mapping(raw, "models"))
    experiments = {i: item for i, item in enumerate(_list(raw, "experiments")) if isinstance(item, dict)}
    grids = _well_formed(EXPERIMENT, experiments)

    for name in sorted(TAKEN.keys() & _mapping(raw, "noises").keys()):
        yield f"noises.{name}: this name is taken, it stands for {TAKEN[name]}; choose another"
    for name, dataset in datasets.items():
        if dataset.source == "idx":
            yield from _disagreements(path(["datasets", name, "files"]), dataset.files)
        if dataset.source == "folder" and any(name in grid.dataset for grid in grids.values()):
            yield from _missing_pictures(path(["datasets", name, "path"]), dataset.path)
    yield from _unknown_names(raw, experiments)
    for name, count in _repeated([experiment.get("name") for experiment in experiments.values()]):
        yield f"experiments: {count} of them have the name {name}; give each a name of its own"
    for i, experiment in experiments.items():
        for axis in AXES:
            for value, count in _repeated(_list(experiment, axis)):
                yield f"experiments[{i}].{axis}: {value} stands there {count} times; keep one"
    for i, grid in grids.items():
        yield from _grid_misfits(f"experiments[{i}]", grid, datasets, models)
    yield from _too_many(list(grids.values()), raw.get("replicates"))


def _mapping(raw: dict, key: str) -> dict:
    """The mapping under a key without what no name could be; empty where something else stands there."""
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
    """Names and numbers that stand in a list more than once, as text, with how often."""
    counts = Counter(value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool))
    return [(show(value), count) for value, count in counts.items() if count > 1]


def _unknown_names(raw: dict, experiments: dict[int, dict]) -> Iterator[str]:
    """Names in experiments and stand-ins that no data set, model or noise has."""
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
        names = known[axis]
        # Where a whole section is missing, that is the mistake.
        if names and isinstance(name, str) and name not in names:
            yield f"{place}: no {axis} has the name {show(name)}; there are: {', '.join(names)}{nearest(name, names)}"


def _disagreements(place: str, files: IdxFiles) -> Iterator[str]:
    """What in the shapes and names of four IDX files does not make a data set."""
    images = files.train_images.shape, files.test_images.shape
    labels = files.train_labels.shape, files.test_labels.shape
    for split, image_shape, label_shape in zip(("train", "test"), images, labels, strict=True):
        if len(image_shape) not in (3, 4):
            yield (
                f"{place}.{split}_images.shape: found {show(image_shape)}; "
                "allowed: [n, height, width] or [n, channels, height, width]"
            )
        if len(label_shape) != 1:
            yield f"{place}.{split}_labels.shape: found {show(label_shape)}; allowed: [n]"
        elif label_shape[0] != image_shape[0]:
            yield (
                f"{place}.{split}_labels.shape: found {show(label_shape)}; allowed: [{image_shape[0]}], "
                f"one label for each of the images of {split}_images"
            )
    if images[0][1:] != images[1][1:]:
        yield (
            f"{place}.test_images.shape: found {show(images[1])}; "
            f"after the first size it must be as that of train_images, {show(images[0])}"
        )
    # Files are kept decompressed, without .gz.
    for name, count in _repeated([file.file.removesuffix(".gz") for _, file in files]):
        yield f"{place}: the file name {name} stands there {count} times; each file needs a name of its own"


def _missing_pictures(place: str, folder: str) -> Iterator[str]:
    """Why a folder holds no pictures, if so."""
    try:
        pictures.find(folder)
    except UserError as error:
        yield f"{place}: {error}"


def _image_shape(dataset: Dataset) -> tuple[int, int, int] | None:
    """(channels, height, width) of a data set's images; None where the configuration has it wrong."""
    if dataset.source == "digits":
        return 1, digits.SIDE, digits.SIDE
    if dataset.source == "folder":
        return pictures.CHANNELS[dataset.colour], *dataset.size
    sizes = tuple(dataset.files.train_images.shape[1:])
    return {2: (1, *sizes), 3: sizes}.get(len(sizes))


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
                f"{place}.latent: found {show(grid.latent)}, but the code size of model {name} follows from the image; "
                "remove this key, or move the model to an experiment of its own"
            )
        for dataset in dict.fromkeys(grid.dataset):
            shape = _image_shape(datasets[dataset]) if dataset in datasets else None
            reason = shape and registry.load("models", network.architecture).misfit(network, shape)
            if reason:
                yield f"{place}: model {name} does not fit data set {dataset}: {reason}"


def _too_many(grids: list[Experiment], replicates: object) -> Iterator[str]:
    """Whether the grids are larger than anything that could be meant; they are counted, not made."""
    runs = sum(map(size, grids))
    replicates = replicates if isinstance(replicates, int) and replicates > 0 else 1
    if runs * replicates > MAX_TRAININGS:
        yield (
            f"experiments: found {runs:,} runs x {replicates:,} replicates; "
            f"allowed: at most {MAX_TRAININGS:,} trainings (make the grids smaller)"
        )
