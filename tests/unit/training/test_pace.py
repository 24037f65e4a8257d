"""How fast networks train here, as measured beside the beginning of a study."""

import json
import subprocess
import sys

import pytest
import torch

from aestudy.base.identity import Identity, Training
from aestudy.models import conv, dense
from aestudy.training import loop, pace

NETWORKS = {
    "dense": dense.Parameters(architecture="dense", hidden=[32], latent_activation="linear"),
    "conv": conv.Parameters(architecture="conv", filters=[4, 6], kernel=3, dropout=0.25, dropout_after="encoder"),
}


def identity(architecture: str) -> Identity:
    latent = 6 if architecture == "dense" else None
    network = NETWORKS[architecture]
    training = Training(epochs=100, batch_size=16)
    return Identity(dataset="x", seed=1, latent=latent, l1=0.0, network=network, noise=None, training=training)


@pytest.mark.parametrize("architecture", NETWORKS)
def test_it_is_that_of_a_training(architecture, monkeypatch):
    """By a clock of its own, which goes on by one second for every image that is trained on."""
    clock = {"now": 0.0}
    real = loop.Engine.epoch

    def epoch(self, inputs, targets, generators):
        clock["now"] += targets.numel()
        return real(self, inputs, targets, generators)

    monkeypatch.setattr(loop.Engine, "epoch", epoch)
    monkeypatch.setattr(pace.time, "perf_counter", lambda: clock["now"])
    for replicates in ([0], [0, 1]):
        found = pace.seconds_per_image(identity(architecture), replicates, (1, 8, 8), torch.device("cpu"))
        assert found == pytest.approx(1.0)


def test_answers_come_line_by_line_until_the_time_is_over():
    networks = [{"identity": identity("dense").as_params(), "shape": [1, 8, 8], "replicates": 2}] * 3
    for seconds, answers in ((1_000, 3), (0.0, 0)):
        done = subprocess.run(
            [sys.executable, "-m", "aestudy.training.pace"],
            input=json.dumps({"device": "cpu", "seconds": seconds, "networks": networks}),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        first, *others = map(json.loads, done.stdout.splitlines())
        assert first["parse"] > 0
        assert [answer["network"] for answer in others] == list(range(answers))
        assert all(answer["seconds_per_image"] > 0 for answer in others)
