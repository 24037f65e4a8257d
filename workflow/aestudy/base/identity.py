"""What defines a training: everything in the configuration that decides the weights of a run.

The plan makes an identity for each run; training, noise and evaluation take it. `as_params` is its only written form: a
rule has it as a parameter, so that Snakemake trains again when it changes, and a manifest keeps it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aestudy.base import registry, seeds
from aestudy.base.settings import Field, SerializeAsAny, Settings


class Validation(Settings):
    """Which images the validation loss is computed on. No result is ever selected by it."""

    source: Literal["train", "test"] = "train"
    """`train`: split off the training set; `test`: the test set, as report `conv` seems to have done."""
    share: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    """Share of the training set that is split off (for source `train`)."""


SOURCES = {
    "initialisation": "initialisation",
    "split": "split",
    "order": "order",
    "dropout": "dropout",
    "training-noise": "noise",
    "validation-noise": "noise",
    "target-noise": "noise",
}
"""What random numbers are drawn for while training, and what a configuration calls that."""


class Training(Settings):
    """How a model is trained."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = 20
    """Passes over the training images; there is no early stopping."""
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] = 128
    """Images per step of the optimizer."""
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1e-3
    """Step size of Adam."""
    adam_epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-8
    """torch's default is 1e-8, Keras's 1e-7."""
    initialisation: Literal["pytorch", "keras"] = "pytorch"
    """`pytorch`: uniform in +-1/sqrt(fan-in); `keras`: Glorot-uniform weights and zero biases."""
    loss: Literal["bce", "mse", "l1"] = "bce"
    """What is minimised: binary cross-entropy, mean squared error, or mean absolute error."""
    target: Literal["clean", "noisy_copy"] = "clean"
    """What the output is compared with: the clean image, or a second noisy copy of it (Lehtinen et al., 2018)."""
    l1_reduction: Literal["mean", "sum"] = "mean"
    """Whether the L1 penalty is the mean or the sum over the units of the latent (a factor of the latent size)."""
    precision: Literal["fp32", "bf16", "auto"] = "auto"
    """What networks compute in while training (parameters stay fp32); `auto`: bf16 where the device has it."""
    validation: Validation = Validation()
    """Which images the validation loss is computed on."""
    shared: list[Literal["initialisation", "split", "order", "dropout", "noise"]] = Field([])
    """Random numbers that all replicates have in common, to see how much the others alone make them differ."""


class Noise(Settings):
    """A kind of noise with its parameters, at one level."""

    parameters: SerializeAsAny[Settings]
    """`Parameters` of a module in aestudy.noise."""
    level: float
    """In the unit of that kind; for Gaussian noise the variance, in units of the squared range [0, 1]."""

    @classmethod
    def from_params(cls, params: Mapping[str, Any] | None) -> "Noise | None":
        """The inverse of `as_params`; None for no noise."""
        if params is None:
            return None
        kind = registry.load("noise", params["parameters"]["kind"])
        return cls(parameters=kind.Parameters.model_validate(params["parameters"]), level=params["level"])

    def as_params(self) -> dict:
        """A plain dictionary with sorted keys."""
        return _sorted(self.model_dump())


class Identity(Settings):
    """What defines the weights of a run, apart from the images and the code."""

    dataset: str
    """Name of the data set."""
    seed: int
    """The study's seed."""
    latent: int | None
    """Size of the latent; None where it follows from the image."""
    l1: float
    """Weight lambda of the L1 penalty on the latent."""
    network: SerializeAsAny[Settings]
    """`Parameters` of a module in aestudy.models."""
    noise: Noise | None
    """The noise on the network's input, or None for plain reconstruction."""
    training: Training
    """How it is trained."""

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "Identity":
        """The inverse of `as_params`. Raises KeyError, ValueError or TypeError for anything else."""
        network = registry.load("models", params["network"]["architecture"])
        kinds = {
            "network": network.Parameters.model_validate(params["network"]),
            "noise": Noise.from_params(params["noise"]),
            "training": Training.model_validate(params["training"]),
        }
        return cls(**dict(params) | kinds)

    def key(self, replicate: int, purpose: str, epoch: int = 0) -> int:
        """Seed of the generator of a replicate's random numbers for a purpose, one of SOURCES, in an epoch."""
        shared = SOURCES[purpose] in self.training.shared
        return seeds.key(self.seed, "shared" if shared else replicate, purpose, epoch)

    def as_params(self) -> dict:
        """A plain dictionary with sorted keys; Snakemake compares its text.

        What changes nothing is left out: the reduction of a penalty that is not there, the share of a split not made.
        """
        params = self.model_dump()
        if not self.training.shared:
            params["training"].pop("shared")
        if self.l1 == 0:
            params["training"].pop("l1_reduction")
        if self.training.validation.source == "test":
            params["training"]["validation"].pop("share")
        return _sorted(params)


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value
