"""The networks that a page offers: in order, as long as there is room, and with a reason for each of the others."""

import numpy as np
import pytest

from aestudy.base.identity import Noise
from aestudy.network.autoencoder import create
from aestudy.pages import playground
from aestudy.playground import networks
from aestudy.playground.networks import Known, offered
from aestudy.replicates import store
from aestudy.replicates.manifest import Binding, Manifest

GAUSSIAN = Noise.from_params({"parameters": {"kind": "gaussian", "clip": True, "draw": "once"}, "level": 0.25})
KNOWN = Known(playground.known("operations"), playground.known("noises"))


@pytest.fixture
def images(make_bars):
    return {"patterns": make_bars(3)}


@pytest.fixture
def trained(tmp_path, make_identity):
    """Writes a replicate; returns its weights."""

    def write(name: str, architecture="dense", **changes):
        identity = make_identity(architecture, **changes)
        network = create(identity, (1, 8, 8), 0)
        keys = {"dataset": "patterns", "model": architecture, "latent": 6, "l1": 0.0, "noise": "none", "variance": 0.0}
        cost = {"parameters": network.parameter_count()}
        manifest = Manifest(Binding(identity, "code", {}), keys, 0, {}, "commit", cost)
        store.save(tmp_path / name, network, [{"epoch": 1, "train_loss": 1.0, "validation_loss": 1.0}], manifest)
        return tmp_path / name / "weights.safetensors"

    return write


def test_networks_are_offered_with_all_that_the_page_needs(trained, images):
    found = offered(
        [
            trained(
                "a",
                "conv",
                noise=GAUSSIAN,
            ),
            trained("b"),
        ],
        images,
        KNOWN,
    )
    assert not found["left_out"]
    conv, dense = found["networks"]
    assert conv["run"]["latent"] is None and dense["run"]["latent"] == 6
    assert conv["noise"] == GAUSSIAN.as_params()["parameters"] and dense["noise"] is None
    for network in (conv, dense):
        assert network["error"] < 1 / 255
        assert network["values"][0] == {"input": "images"}
        assert network["values"][-1]["operation"] == "aten.sigmoid.default"


def test_a_network_without_room_is_left_out_and_a_smaller_one_still_offered(trained, images):
    weights = [trained("a"), trained("b"), trained("c", "conv")]
    room = networks.offered(weights[:1], images, KNOWN)
    size = sum(len(value.get("values", "")) + len(value.get("factors", "")) for value in room["networks"][0]["values"])
    found = offered(weights, images, KNOWN, room=size + 3_000)
    assert [network["run"]["model"] for network in found["networks"]] == ["dense", "conv"]
    (left_out,) = found["left_out"]
    assert "no room for its" in left_out["reason"]


def test_what_the_page_does_not_know_is_left_out_with_a_reason(trained, images):
    known = Known([name for name in KNOWN.operations if "linear" not in name], [])
    weights = [
        trained("a"),
        trained(
            "b",
            "conv",
            noise=GAUSSIAN,
        ),
        trained("c", "conv"),
    ]
    found = offered(weights, images, known)
    assert [network["run"]["model"] for network in found["networks"]] == ["conv"]
    layer, noise = (each["reason"] for each in found["left_out"])
    assert "aten.linear.default" in layer and "gaussian" in noise


def test_trials_hold_every_level_of_noise_and_stay_in_range(images):
    trials = list(networks._trials(images["patterns"], 7, takes_level=True))
    assert len(trials) == 3 * len(networks.VARIANCES) + 4
    assert all(image.shape == (1, 1, 8, 8) and image.min() >= 0 and image.max() <= 1 for image, _ in trials)
    levels = sorted({round(float(level) ** 2, 6) for _, level in trials})
    assert levels == list(networks.VARIANCES)
    assert np.array_equal(trials[0][0].numpy()[0] * 255, images["patterns"][0])
