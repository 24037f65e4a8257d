"""Small studies that unit tests share."""

import numpy as np
import pytest


def identity(architecture="dense", **changes) -> dict:
    """What defines a run (see plan.identity), for a small model; changes go to the top level or to `training`."""
    networks = {
        "dense": {"architecture": "dense", "hidden": [32], "latent_activation": "linear"},
        "conv": {
            "architecture": "conv",
            "filters": [4, 6],
            "kernel": 3,
            "dropout": 0.25,
            "dropout_after": "encoder",
        },
    }
    training = {
        "epochs": 2,
        "batch_size": 16,
        "learning_rate": 1e-2,
        "adam_epsilon": 1e-8,
        "initialisation": "pytorch",
        "l1_reduction": "mean",
        "precision": "fp32",
        "validation": {"source": "train", "share": 0.2},
    }
    result = {
        "dataset": "patterns",
        "l1": 0.0,
        "latent": 6 if architecture == "dense" else None,
        "network": networks[architecture],
        "noise": None,
        "seed": 7,
        "training": training,
        "variance": 0.0,
    }
    for key, value in changes.items():
        (training if key in training else result)[key] = value
    return result


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
