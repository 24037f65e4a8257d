"""The configuration as a typed model: the only place that says which keys there are and what they may hold."""

import functools
import operator
from typing import Annotated, Literal

from pydantic import Field, create_model

from aestudy.base import columns, levels, registry
from aestudy.base.identity import Training
from aestudy.base.settings import Name, Settings, Text, patterned
from aestudy.study.questions import Readings, TrainingOverrides

# Names that are looked up may be any text: one that nothing has is reported with those that there are.
DatasetName = patterned(r"\S", "the name of a data set")
ModelName = patterned(r"\S", "the name of a model")
NoiseName = patterned(r"\S", "the name of a noise, or none")
ReportName = patterned(r"\S", "the name of a report")
ExperimentName = patterned(r"\S", "the name of an experiment")
DrawingName = patterned(r"\S", "the name of a drawing")
FigureName = patterned(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "a name of lower-case letters and digits, joined by dashes")


def _any_kind(package: str, tag: str):
    """The union of the `Parameters` of all kinds in a package, told apart by the key `tag`."""
    parameters = [registry.load(package, kind).Parameters for kind in registry.kinds(package)]
    union = functools.reduce(operator.or_, parameters)
    return Annotated[union, Field(discriminator=tag)] if len(parameters) > 1 else union


Dataset = _any_kind("datasets", "source")
Noise = _any_kind("noise", "kind")
Architecture = _any_kind("models", "architecture")


class Model(Settings):
    """A model: an architecture with its parameters, and how it is trained."""

    label: Text
    """Name in figures and tables."""
    network: Architecture
    """The architecture and its parameters; a change retrains the model."""
    training: Annotated[TrainingOverrides, Field(default_factory=TrainingOverrides)]
    """Training keys in which this model differs from the study's."""
    may_fail: bool = False
    """Whether the study goes on if a network of this model restores worse than the training-mean image; its log names
    it. Without it such a network ends the study, since most often its training has failed."""


class ReportFigure(Settings):
    """A figure of a report: how it is drawn, and from which experiment."""

    experiment: ExperimentName
    """The experiment whose runs it shows; a study without that experiment lacks the figure."""
    drawing: DrawingName
    """What draws it."""
    dataset: DatasetName | None = None
    """The data set that it shows, for drawings of images; the first one of the experiment unless given."""


class Report(Settings):
    """A published report that the study rebuilds."""

    title: Text
    """Title of its part of the report."""
    figures: dict[FigureName, ReportFigure] = Field({})
    """Its figures, named as the report numbers them: fig2-1-top is Figure 2.1 (top)."""


class Grid(Settings):
    """What all grids have, whatever kinds of noise there are: those of runs, and those of tests."""

    def levels(self, name: str) -> list[float]:
        """The levels of noise under a key; none where that is left out."""
        return getattr(self, name) or []


def _levels(level: levels.Level):
    """The key of a grid for one level of noise."""
    values = Annotated[list[Annotated[float, Field(gt=0, le=level.highest)]], Field(min_length=1)]
    return values | None, Field(default=None, description=level.meaning)


# Every kind of noise brings the key of its level.
_LEVELS = {name: _levels(level) for name, level in levels.known().items()}


class TestSets(Grid):
    """What every transfer has."""

    dataset: Annotated[list[DatasetName], Field(min_length=1)] | None = None
    """Data sets to test on, with images of the same size; each network's own unless given."""
    noise: Annotated[list[NoiseName], Field(min_length=1)] | None = None
    """Noises to test under, or `none`; each network's own, at its level, unless given. The levels of each noise stand
    under the key that its kind names, such as `variance`."""


Transfer = create_model(
    "Transfer",
    __base__=TestSets,
    __doc__="Test sets that networks were not trained for: every combination of its axes.",
    **_LEVELS,
)


class Runs(Grid):
    """What every experiment has."""

    name: Name
    """Name of the experiment, unique in the study."""
    title: Text
    """Title in the report."""
    report: ReportName | None = None
    """The report that it rebuilds, if any: a name from `reports`."""
    drawing: DrawingName = "sweep"
    """What draws its figure where it is of no report: PSNR against what it varies, or another drawing."""
    dataset: Annotated[list[DatasetName], Field(min_length=1)]
    """Names from `datasets`."""
    model: Annotated[list[ModelName], Field(min_length=1)]
    """Names from `models`."""
    latent: Annotated[list[Annotated[int, Field(ge=1, le=65_536)]], Field(min_length=1)] | None = None
    """Sizes of the latent; left out for models whose latent size follows from the image (conv)."""
    l1: list[Annotated[float, Field(ge=0, le=1e6)]] = Field([0.0], min_length=1)
    """Weights lambda of the L1 penalty on the latent."""
    noise: list[NoiseName] = Field(["none"], min_length=1)
    """Names from `noises`, or `none`: the input is then the clean image. The levels of each noise stand under the key
    that its kind names, such as `variance`."""
    transfer: list[Transfer] = Field([])
    """Further test sets for its networks: nothing is trained for them, and scores are in tables/transfer.csv."""


Experiment = create_model(
    "Experiment", __base__=Runs, __doc__="A grid of runs: every combination of its axes.", **_LEVELS
)


class Evaluation(Settings):
    """How results are scored."""

    ssim: Literal[*columns.SSIM_VARIANTS] = columns.SSIM_VARIANTS[0]
    """`uniform7`: scikit-image's default; `gaussian11`: Wang et al. (2004), cropped; `gaussian11_full`: uncropped."""
    sparsity_threshold: Annotated[float, Field(ge=0)] = 1e-2
    """A latent value counts as zero when its magnitude is below this."""
    examples: Annotated[int, Field(ge=10, le=100)] = 10
    """Test images kept with their reconstructions for the figures."""


class Study(Settings):
    """A whole study."""

    study: Name
    """Results go to results/<study>."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)]
    """Every random number follows from this seed, the replicate and its purpose."""
    replicates: Annotated[int, Field(ge=1, le=1_000)]
    """Trainings of each run, with seeds of their own; replicate r is paired across models."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train and evaluate; `auto` takes a GPU where the job finds one."""
    test_noise: Literal["shared", "per_replicate"] = "shared"
    """Whether all replicates are scored on the same noisy test images, or each on its own."""
    datasets: Annotated[dict[Name, Dataset], Field(min_length=1)]
    """Data sets by name; only those that an experiment uses are downloaded."""
    noises: dict[Name, Noise]
    """Noises by name; their levels stand in the experiments."""
    training: Training = Training()
    """How models are trained, unless a model says otherwise."""
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    """Models by name."""
    reports: dict[Name, Report] = Field({})
    """The published reports, in the order in which they are shown."""
    experiments: Annotated[list[Experiment], Field(min_length=1)]
    """Grids of runs; the study is their union, and a run that two of them share is trained once."""
    evaluation: Evaluation = Evaluation()
    """How results are scored."""
    claims: Text = "report/claims.yaml"
    """File of the claims that are judged."""
    stand_ins: dict[Name, DatasetName] = Field({})
    """Data sets that take the place of others in the claims and figures of reports (the demo draws them of digits)."""
    readings: list[Readings] = Field([])
    """Open questions about reports, whose answers are tried together (see workflow/studies/readings.yaml)."""


def schema() -> dict:
    """The JSON schema of the configuration, for editors.

    Required keys are left out where mappings are merged, since an overlay gives a part of them; records in lists are
    not merged and must be complete. What a study lacks is found when it is loaded.
    """
    document = Study.model_json_schema()
    definitions = {None: document, **document["$defs"]}
    properties = [part for definition in definitions.values() for part in definition.get("properties", {}).values()]
    whole = {part.get("items", {}).get("$ref", "").rpartition("/")[2] for part in properties}
    for name, definition in definitions.items():
        if name not in whole:
            definition.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _for_overlays(document)


def _for_overlays(node):
    """The schema with names enforced, and with members of unions told apart by the keys that are there, if any."""
    if isinstance(node, list):
        return [_for_overlays(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {("anyOf" if key == "oneOf" else key): _for_overlays(value) for key, value in node.items()}
    return node | {"additionalProperties": False} if "patternProperties" in node else node
