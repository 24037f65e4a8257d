"""What defines a training: its one written form, and back."""

import json

import pytest
from pydantic import ValidationError

from aestudy.base.identity import Identity, Noise, Training, Validation
from unit.conftest import gaussian, identity

IDENTITIES = {
    "dense": identity(),
    "penalty": identity(l1=0.1, l1_reduction="sum"),
    "noise": identity(noise=gaussian(0.1, clip=False, draw="each_epoch")),
    "conv": identity("conv", validation=Validation(source="test")),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_written_form_reads_back_the_same(name):
    params = IDENTITIES[name].as_params()
    read = Identity.from_params(json.loads(json.dumps(params)))
    assert read.as_params() == params
    assert read.network == IDENTITIES[name].network and read.noise == IDENTITIES[name].noise


@pytest.mark.parametrize("name", IDENTITIES)
def test_written_form_is_plain_and_sorted(name):
    """Snakemake compares its text, and manifests hold it as JSON."""
    params = IDENTITIES[name].as_params()
    assert json.loads(json.dumps(params)) == params
    assert json.dumps(params) == json.dumps(params, sort_keys=True)


def test_reduction_is_written_only_where_there_is_a_penalty():
    assert "l1_reduction" not in IDENTITIES["dense"].as_params()["training"]
    assert IDENTITIES["penalty"].as_params()["training"]["l1_reduction"] == "sum"


def test_share_is_written_only_where_training_images_are_split():
    assert IDENTITIES["conv"].as_params()["training"]["validation"] == {"source": "test"}
    assert IDENTITIES["dense"].as_params()["training"]["validation"] == {"share": 0.2, "source": "train"}


def test_network_and_noise_keep_the_keys_of_their_kinds():
    params = IDENTITIES["noise"].as_params()
    assert params["network"] == {"architecture": "dense", "hidden": [32], "latent_activation": "linear"}
    assert params["noise"] == {
        "level": 0.1,
        "parameters": {"clip": False, "draw": "each_epoch", "kind": "gaussian"},
    }


def test_noise_reads_back_the_same():
    noise = gaussian(0.25)
    assert Noise.from_params(noise.as_params()) == noise
    assert Noise.from_params(None) is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"network": {"architecture": "nowhere"}}, ModuleNotFoundError),
        ({"network": {"architecture": "dense", "hiden": [3]}}, ValueError),
        ({"training": {"epochs": "3"}}, ValueError),
        ({"noise": {"parameters": {"kind": "gaussian"}, "level": 0.1}}, ValueError),
        ({"variance": 0.1}, ValueError),
        ({"network": None}, TypeError),
    ],
)
def test_anything_else_is_refused(change, error):
    with pytest.raises(error):
        Identity.from_params(identity().as_params() | change)


def test_a_part_is_missing():
    params = identity().as_params()
    del params["training"]
    with pytest.raises(KeyError):
        Identity.from_params(params)


def test_is_frozen():
    made = identity()
    with pytest.raises(ValidationError):
        made.seed = 8
    with pytest.raises(ValidationError):
        made.training.epochs = 3


def test_defaults_of_training():
    """Written out: a change of one trains every study that does not set it again."""
    assert Training().model_dump() == {
        "epochs": 20,
        "batch_size": 128,
        "learning_rate": 1e-3,
        "adam_epsilon": 1e-8,
        "initialisation": "pytorch",
        "l1_reduction": "mean",
        "precision": "auto",
        "loss": "bce",
        "target": "clean",
        "shared": [],
        "validation": {"source": "train", "share": 0.1},
    }
