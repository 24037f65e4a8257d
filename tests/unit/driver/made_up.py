"""A small study, and manifests of trainings that were made before; shared by the tests of this folder."""

from pathlib import Path

from aestudy.base.identity import Identity, Training
from aestudy.models import dense
from aestudy.replicates.manifest import Binding, Manifest

OVERLAY = {
    "study": "small",
    "seed": 1,
    "replicates": 2,
    "datasets": {"digits": {"source": "digits", "label": "digits"}},
    "noises": {},
    "training": {"epochs": 10},
    "models": {
        "a": {"label": "a", "network": {"architecture": "dense", "hidden": [8]}},
        "b": {"label": "b", "network": {"architecture": "dense", "hidden": [9]}},
    },
    "experiments": [{"name": "e", "title": "E", "dataset": ["digits"], "model": ["a", "b"], "latent": [2, 3]}],
}


def write_manifest(results: Path, study: str, run: str, hidden: list, epochs: int, seconds: float, dataset="digits"):
    """The manifest of replicate 0 of a run, whose training took so many seconds."""
    identity = Identity(
        dataset=dataset,
        seed=1,
        latent=9,
        l1=0.0,
        network=dense.Parameters(architecture="dense", hidden=hidden),
        noise=None,
        training=Training(epochs=epochs, batch_size=128),
    )
    folder = results / study / "runs" / run / "replicate-0"
    Manifest(Binding(identity, "", {}), {}, 0, {}, "", {"train_seconds": seconds}).write(folder)
