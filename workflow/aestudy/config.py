"""The configuration as a typed model: the only place that says which keys there are and what they may hold."""

import functools
import operator
from typing import Annotated, Literal, get_type_hints

from pydantic import Field, create_model

from aestudy import registry
from aestudy.protocols import ClaimId, Protocol
from aestudy.settings import Name, Settings, Text, patterned

Sha256 = patterned(r"^[0-9a-f]{64}$", "64 hexadecimal digits (0-9, a-f)")
FileName = patterned(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$", "a file name of letters, digits, dots, dashes and underscores"
)
# Names that are looked up may be any text: one that nothing has is reported with those that there are.
DatasetName = patterned(r"\S", "the name of a data set")
ModelName = patterned(r"\S", "the name of a model")
NoiseName = patterned(r"\S", "the name of a noise, or none")
Address = patterned(r"^((https?|file)://.+|[^:]+)$", "an address with https://, http:// or file://, or a folder")


def _any_kind(package: str, tag: str):
    """The union of the `Parameters` of all kinds in a package, told apart by the key `tag`."""
    parameters = [registry.load(package, kind).Parameters for kind in registry.kinds(package)]
    union = functools.reduce(operator.or_, parameters)
    return Annotated[union, Field(discriminator=tag)] if len(parameters) > 1 else union


class SourceFile(Settings):
    """One file of a data set."""

    file: FileName
    """Name of the (gzip-compressed) file on every mirror."""
    sha256: Sha256
    """SHA-256 of the decompressed bytes: archives may be compressed again, what is in them may not change."""
    shape: Annotated[list[Annotated[int, Field(ge=1, le=2**31)]], Field(min_length=1, max_length=4)]
    """Sizes that the IDX header must state; they also bound how much is ever downloaded."""


class IdxFiles(Settings):
    """The four files of a data set in IDX format."""

    train_images: SourceFile
    """Shape: n x height x width, or n x channels x height x width."""
    train_labels: SourceFile
    """Shape: n."""
    test_images: SourceFile
    """Shape: as that of the training images, but for n."""
    test_labels: SourceFile
    """Shape: n."""


class IdxDataset(Settings):
    """A data set in MNIST's IDX format, downloaded and verified."""

    source: Literal["idx"]
    """Where the data come from: `idx`, four files in MNIST's format."""
    label: Text
    """Name in figures and tables."""
    licence: Text
    """The terms that the data are published under."""
    homepage: Text
    """Where the data are described."""
    mirrors: Annotated[list[Address], Field(min_length=1)]
    """Base addresses (https, http, file) or folders, tried in order, after AE_DATA_MIRROR."""
    files: IdxFiles
    """The four files and what must be in them."""


class DigitsDataset(Settings):
    """The digits that scikit-learn carries, brought to 28 x 28: needs no network."""

    source: Literal["digits"]
    """Where the data come from: `digits`, those that scikit-learn carries."""
    label: Text
    """Name in figures and tables."""


class FolderDataset(Settings):
    """Pictures of one's own: a folder of PNG and JPEG files."""

    source: Literal["folder"]
    """Where the data come from: `folder`, picture files."""
    label: Text
    """Name in figures and tables."""
    path: Text
    """The folder, from where Snakemake is started; folders within it are classes."""
    size: Annotated[list[Annotated[int, Field(ge=7, le=1_024)]], Field(min_length=2, max_length=2)]
    """Height and width in pixels that every picture is brought to; what then stands over at two edges is cut off."""
    colour: Literal["grey", "rgb"] = "grey"
    """`grey`: one channel; `rgb`: three."""
    test_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of the pictures that become test images; their contents decide which, not their names or order."""
    licence: Text = "not stated"
    """The terms that the pictures are published under."""


Dataset = Annotated[IdxDataset | DigitsDataset | FolderDataset, Field(discriminator="source")]
Noise = _any_kind("noise", "kind")
Architecture = _any_kind("models", "architecture")


class Validation(Settings):
    """Which images the validation loss is computed on. No result is ever selected by it."""

    source: Literal["train", "test"] = "train"
    """`train`: split off the training set; `test`: the test set, as report `conv` seems to have done."""
    share: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    """Share of the training set that is split off (for source `train`)."""


class Training(Settings):
    """How a model is trained."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = 20
    """Passes over the training images; there is no early stopping."""
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] = 128
    """Images per step of the optimiser."""
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1e-3
    """Step size of Adam."""
    adam_epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-8
    """torch's default is 1e-8, Keras's 1e-7."""
    initialisation: Literal["pytorch", "keras"] = "pytorch"
    """`pytorch`: uniform in +-1/sqrt(fan-in); `keras`: Glorot-uniform weights and zero biases."""
    l1_reduction: Literal["mean", "sum"] = "mean"
    """Whether the L1 penalty is the mean or the sum over the units of the latent (a factor of the latent size)."""
    precision: Literal["fp32", "bf16", "auto"] = "auto"
    """What networks compute in while training (parameters stay fp32); `auto`: bf16 where the device has it."""
    validation: Validation = Validation()
    """Which images the validation loss is computed on."""


# A model may set some of the training keys and inherits those that are left out or null: the same keys, all optional.
TrainingOverrides = create_model(
    "TrainingOverrides",
    __base__=Settings,
    __doc__="Training keys in which a model differs from the study's.",
    **{
        name: (annotation | None, Field(default=None, description=Training.model_fields[name].description))
        for name, annotation in get_type_hints(Training, include_extras=True).items()
        if name in Training.model_fields
    },
)


class Model(Settings):
    """A model: an architecture with its parameters, and how it is trained."""

    label: Text
    """Name in figures and tables."""
    network: Architecture
    """The architecture and its parameters; a change retrains the model."""
    training: Annotated[TrainingOverrides, Field(default_factory=TrainingOverrides)]
    """Training keys in which this model differs from the study's."""


class Experiment(Settings):
    """A grid of runs: every combination of its axes."""

    name: Name
    """Name of the experiment, unique in the study."""
    title: Text
    """Title in the report."""
    report: Literal["dense", "conv"] | None = None
    """The report that it rebuilds, if any."""
    dataset: Annotated[list[DatasetName], Field(min_length=1)]
    """Names from `datasets`."""
    model: Annotated[list[ModelName], Field(min_length=1)]
    """Names from `models`."""
    latent: Annotated[list[Annotated[int, Field(ge=1, le=65_536)]], Field(min_length=1)] | None = None
    """Sizes of the latent; left out for models whose code size follows from the image (conv)."""
    l1: list[Annotated[float, Field(ge=0, le=1e6)]] = Field([0.0], min_length=1)
    """Weights lambda of the L1 penalty on the latent."""
    noise: list[NoiseName] = Field(["none"], min_length=1)
    """Names from `noises`, or `none`: the input is then the clean image and `variance` is left out."""
    variance: Annotated[list[Annotated[float, Field(gt=0, le=100)]], Field(min_length=1)] | None = None
    """Variances of the noise, in units of the squared range [0, 1]: a standard deviation of 0.5 is 0.25."""


class Evaluation(Settings):
    """How results are scored."""

    ssim: Literal["uniform7", "gaussian11", "gaussian11_full"] = "uniform7"
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
    """Noises by name; their variances stand in the experiments."""
    training: Training = Training()
    """How models are trained, unless a model says otherwise."""
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    """Models by name."""
    experiments: Annotated[list[Experiment], Field(min_length=1)]
    """Grids of runs; the study is their union, and a run that two of them share is trained once."""
    evaluation: Evaluation = Evaluation()
    """How results are scored."""
    claims: Text = "report/claims.yaml"
    """File of the claims that are judged."""
    stand_ins: dict[Name, DatasetName] = Field({})
    """Data sets that take the place of others in the claims and figures (the demo judges all claims on digits)."""
    protocols: list[Protocol] = Field([])
    """Other readings of what the reports leave open, tried on the published numbers (see studies/sensitivity.yaml)."""
    together: list[Annotated[list[ClaimId], Field(min_length=1)]] = Field([])
    """Ids of claims whose published numbers one protocol should explain together."""


def schema() -> dict:
    """The JSON schema of the configuration, for editors.

    Required keys are left out where mappings are merged, since an overlay gives a part of them; records in lists are
    not merged and must be complete. What a study lacks is found when it is loaded.
    """
    document = Study.model_json_schema()
    whole = [document["properties"][key]["items"]["$ref"].rpartition("/")[2] for key in ("experiments", "protocols")]
    for name, definition in {None: document, **document["$defs"]}.items():
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
