"""Small studies that unit tests share."""

import sys

import numpy as np
import pytest

from aestudy.base.identity import Identity, Noise, Training, Validation
from aestudy.models import conv, dense
from aestudy.noise import gaussian as gaussian_noise

NETWORKS = {
    "dense": dense.Parameters(architecture="dense", hidden=[32], latent_activation="linear"),
    "conv": conv.Parameters(architecture="conv", filters=[4, 6], kernel=3, dropout=0.25, dropout_after="encoder"),
}


@pytest.fixture(autouse=True)
def own_process():
    """A job prepares its process for training (see network.hardware); here other tests follow in it."""
    torch = sys.modules.get("torch")  # the tests of planning do without it
    threads = torch and torch.get_num_threads()
    yield
    if torch := sys.modules.get("torch"):  # the test itself may have been the first to import it
        torch.set_flush_denormal(False)
        if threads:
            torch.set_num_threads(threads)


def gaussian(level: float, clip: bool = True, draw: str = "once") -> Noise:
    """Gaussian noise of a variance."""
    return Noise(parameters=gaussian_noise.Parameters(kind="gaussian", clip=clip, draw=draw), level=level)


def identity(architecture="dense", **changes) -> Identity:
    """What defines a run (see plan.identity), for a small model; changes go to the top level or to `training`."""
    training = {
        "epochs": 2,
        "batch_size": 16,
        "learning_rate": 1e-2,
        "adam_epsilon": 1e-8,
        "initialisation": "pytorch",
        "l1_reduction": "mean",
        "precision": "fp32",
        "validation": Validation(source="train", share=0.2),
    }
    values = {
        "dataset": "patterns",
        "l1": 0.0,
        "latent": 6 if architecture == "dense" else None,
        "network": NETWORKS[architecture],
        "noise": None,
        "seed": 7,
    }
    for key, value in changes.items():
        (training if key in training else values)[key] = value
    return Identity(**values, training=Training(**training))


@pytest.fixture
def make_identity():
    return identity


def bars(count: int, seed: int = 0, shape=(1, 8, 8)) -> np.ndarray:
    """uint8 images (count, c, h, w) of one bright row and one bright column: few numbers describe each."""
    generator = np.random.default_rng(seed)
    images = np.zeros((count, *shape), np.uint8)
    for image in images:
        image[:, generator.integers(shape[1]), :] = 220
        image[:, :, generator.integers(shape[2])] = 130
    return images


@pytest.fixture
def make_bars():
    return bars


@pytest.fixture
def make_replicate(tmp_path):
    """Makes a replicate in a study and finds it: the untrained model is as good as a trained one here."""
    from aestudy.base import files
    from aestudy.network import autoencoder
    from aestudy.replicates import replicate, store
    from aestudy.replicates.manifest import Binding, Manifest

    def make(architecture="dense", shape=(1, 8, 8), **changes) -> replicate.Replicate:
        own, arrays = identity(architecture, **changes), {"train_images.npy": "00"}
        folder = tmp_path / "results/small/runs/patterns" / architecture / "plain/replicate-0"
        keys = {"dataset": "patterns", "model": architecture, "latent": 6, "l1": own.l1}
        keys |= {"noise": "gaussian", "variance": own.noise.level} if own.noise else {"noise": "none", "variance": 0.0}
        cost = {"parameters": 1, "device": "abacus", "train_seconds": 2.5}
        manifest = Manifest(Binding(own, "", arrays), keys, 0, {"torch": "2"}, "unknown", cost)
        store.save(folder, autoencoder.create(own, shape, 0), [{"epoch": 1}], manifest)
        dataset = dict(zip(("channels", "height", "width"), shape, strict=True))
        dataset |= {"name": "patterns", "licence": "CC0", "train": 90, "test": 10, "array_sha256": arrays}
        files.write_json(tmp_path / "resources/data/patterns/dataset.json", dataset)
        return replicate.find(folder)

    return make
