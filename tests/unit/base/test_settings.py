"""The base of everything that is configured, with pydantic and, where that is not installed, without."""

import subprocess
import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from aestudy.base.settings import Name, Rate, Settings, Text
from unit.conftest import identity


class Example(Settings):
    """An example."""

    count: int = 3
    """How many."""
    share: Rate = 0.5
    """How much."""


@pytest.mark.parametrize(
    "values", [{"cuont": 3}, {"count": "3"}, {"count": 3.0}, {"share": 1}, {"share": float("nan")}]
)
def test_unknown_keys_and_text_for_numbers_are_errors(values):
    with pytest.raises(ValidationError):
        Example(**values)


def test_descriptions_are_the_docstrings():
    assert Example.model_json_schema()["properties"]["count"]["description"] == "How many."


@pytest.mark.parametrize(("kind", "good", "bad"), [(Name, "a_1", "A"), (Name, "a" * 40, "a" * 41), (Text, "x", " ")])
def test_text(kind, good, bad):
    assert TypeAdapter(kind).validate_python(good) == good
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(bad)


WITHOUT_PYDANTIC = """
import sys
sys.modules["pydantic"] = None
from aestudy.base.identity import Identity, Noise, Training, Validation
from aestudy.models import conv, dense
from aestudy.noise import gaussian

assert "aestudy.base.unvalidated" in sys.modules
noise = Noise(parameters=gaussian.Parameters(kind="gaussian", clip=True, draw="once"), level=0.1)
made = Identity(
    dataset="patterns", seed=7, latent=6, l1=0.0, network=dense.Parameters(architecture="dense", hidden=[32]),
    noise=noise, training=Training(epochs=2, validation=Validation(share=0.2)),
)
print(made.training.epochs, made.training.batch_size, made.training.validation.source, made.training.validation.share)
print(made.network.hidden, made.network.latent_activation, made.network.has_free_latent, made.noise.parameters.clip)
longer = made.training.model_copy(update={"epochs": 9})
print(longer.epochs, longer.validation.share, made.training.epochs)
print(conv.Parameters(architecture="conv", filters=[8]) == conv.Parameters(architecture="conv", filters=[8]))
print(conv.Parameters(architecture="conv", filters=[8]) == conv.Parameters(architecture="conv", filters=[9]))
"""


def test_without_pydantic_values_and_defaults_are_the_same():
    """As on a machine with torch and numpy alone."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYDANTIC],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "2 128 train 0.2",
        "[32] linear True True",
        "9 0.2 2",
        "True",
        "False",
    ]
    training = identity().training
    assert training.model_copy(update={"epochs": 9}).epochs == 9 and training.epochs == 2
