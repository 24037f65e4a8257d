"""Which runs, test images and filters the playground shows."""

import numpy as np
import pandas as pd
import pytest

from aestudy.base.run import Run
from aestudy.playground import images
from aestudy.playground.choice import candidates
from aestudy.playground.filters import strongest


def run(model="dense3", latent=100, l1=0.0, noise="none", variance=0.0, dataset="mnist") -> Run:
    return Run(dataset, model, latent, l1, noise, variance)


def test_denoisers_come_first_and_each_model_has_its_turn():
    strong, weak = run(noise="gaussian", variance=0.2), run(noise="gaussian", variance=0.01)
    conv = run("conv", None, noise="once", variance=0.25)
    fashion = run(noise="gaussian", variance=0.1, dataset="fmnist")
    plain, small, penalised = run(), run(latent=15), run(l1=0.1)
    found = candidates([small, penalised, plain, weak, conv, strong, fashion])
    assert found == [fashion, conv, strong, weak, plain, small, penalised]


def test_no_more_runs_than_asked_for():
    runs = [run(noise="gaussian", variance=v / 100) for v in range(1, 40)]
    assert candidates(runs, most=5) == list(reversed(runs))[:5]
    assert candidates([]) == []


@pytest.mark.parametrize(
    ("labels", "count", "expected"),
    [
        ([0, 0, 0, 1, 2, 2], 3, [0, 3, 4]),
        ([0, 0, 0, 1, 2, 2], 5, [0, 1, 3, 4, 5]),
        ([5, 5], 30, [0, 1]),
    ],
)
def test_every_class_is_shown_as_far_as_possible(labels, count, expected):
    assert images.chosen(np.array(labels), count) == expected


def test_large_images_are_fewer(tmp_path):
    pairs = []
    for name, edge in (("small", 28), ("large", 160)):
        np.save(tmp_path / f"{name}.npy", np.zeros((50, 1, edge, edge), np.uint8))
        np.save(tmp_path / f"{name}-labels.npy", np.arange(50) % 10)
        pairs.append((tmp_path / f"{name}.npy", tmp_path / f"{name}-labels.npy"))
    assert [len(shown.places) for shown in images.read(pairs[:1])] == [images.MOST]
    both = images.read(pairs)
    assert [len(shown.places) for shown in both] == [8, 8]
    assert sum(len(image["pixels"]) for shown in both for image in shown.document()["images"]) <= images.ROOM


def test_a_filter_is_the_best_known_one_with_the_parameters_chosen_for_its_noise():
    condition = {"dataset": "mnist", "noise": "gaussian", "variance": 0.2}
    baselines = pd.DataFrame(
        [
            condition | {"baseline": "affine", "variant": "raw", "psnr": 22.0},
            condition | {"baseline": "tv", "variant": "raw", "psnr": 15.0},
            condition | {"baseline": "tv", "variant": "affine", "psnr": 19.0},
            condition | {"baseline": "nlm", "variant": "affine", "psnr": 18.0},
            condition | {"variance": 0.1, "baseline": "nlm", "variant": "affine", "psnr": 25.0},
        ]
    )
    chosen = pd.DataFrame(
        {
            "baseline": ["affine", "tv", "tv", "nlm"],
            "variant": ["raw", "raw", "affine", "affine"],
            "parameters": ["", "weight=0.3", "weight=0.5", "h=0.25 sigma=0.3"],
            "a": [1.0, 1.0, 1.6, 1.7],
            "b": [0.0, 0.0, -0.3, -0.4],
        }
    )
    noisy = run(noise="gaussian", variance=0.2)
    assert strongest(noisy, baselines, chosen, ["tv", "nlm"]) == {
        "filter": "tv",
        "parameters": {"weight": 0.5},
        "a": 1.6,
        "b": -0.3,
    }
    assert strongest(noisy, baselines, chosen, ["nlm"])["parameters"] == {"h": 0.25, "sigma": 0.3}
    assert strongest(run(), baselines, chosen, ["tv"]) is None
