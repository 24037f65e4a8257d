"""The embedded data set against scikit-learn's original."""

import json

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torchvision.transforms import v2

from aestudy.datasets import digits
from aestudy.datasets.arrays import prepare


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    prepare("digits", {"source": "digits"}, {}, folder)
    return folder


@pytest.fixture(scope="module")
def arrays(folder):
    return {path.stem: np.load(path) for path in folder.glob("*.npy")}


def test_format(arrays, folder):
    assert {role: (array.dtype, array.shape) for role, array in arrays.items()} == {
        "train_images": (np.uint8, (1415, 1, 28, 28)),
        "train_labels": (np.uint8, (1415,)),
        "test_images": (np.uint8, (382, 1, 28, 28)),
        "test_labels": (np.uint8, (382,)),
    }
    document = json.loads((folder / "dataset.json").read_text())
    assert (document["train"], document["test"]) == (1415, 382)
    assert (document["channels"], document["height"], document["width"]) == (1, 28, 28)
    assert document["licence"] == "CC BY 4.0"


def test_every_image_is_in_one_part_with_its_label(arrays):
    labels = np.concatenate([arrays["train_labels"], arrays["test_labels"]])
    np.testing.assert_array_equal(labels, load_digits().target)
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == 1797  # so none is in both parts


def test_parts_are_cut_where_a_form_starts(arrays):
    # every form begins with the digits in order, three times
    np.testing.assert_array_equal(arrays["test_labels"][:30], np.tile(np.arange(10), 3))
    np.testing.assert_array_equal(arrays["train_labels"][:30], np.tile(np.arange(10), 3))


def test_both_parts_have_all_digits(arrays):
    for part in ("train", "test"):
        counts = np.bincount(arrays[f"{part}_labels"], minlength=10)
        assert counts.min() > 0.08 * counts.sum()


def test_images_show_the_original_digits(arrays):
    """Averaged over the 3.5 x 3.5 pixels that stand for each original pixel, the images come near the original."""
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])[:, 0] * (16 / 255)
    averages = np.repeat(np.repeat(images, 2, 1), 2, 2).reshape(-1, 8, 7, 8, 7).mean((2, 4))
    original = load_digits().images
    assert np.sqrt(np.mean((averages - original) ** 2)) < 0.1 * 16

    def centred(pixels):
        return pixels - pixels.mean((1, 2), keepdims=True)

    a, b = centred(averages), centred(original)
    correlation = (a * b).sum((1, 2)) / np.sqrt((a**2).sum((1, 2)) * (b**2).sum((1, 2)))
    assert correlation.min() > 0.95


def test_images_are_enlarged_as_torchvision_does(arrays):
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])
    enlarge = v2.Resize([28, 28], interpolation=v2.InterpolationMode.BICUBIC, antialias=True)
    expected = enlarge(torch.from_numpy(load_digits().images).unsqueeze(1)).clamp(0, 16) * (255 / 16)
    np.testing.assert_allclose(images, expected.numpy(), rtol=0, atol=0.5 + 1e-4)  # rounded to whole numbers


def test_whole_range_is_used(arrays):
    assert (arrays["train_images"].min(), arrays["train_images"].max()) == (0, 255)
    corners = arrays["train_images"][:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.median(corners) == 0  # ink is bright on black, as in MNIST


def test_same_bytes_every_time(folder, tmp_path):
    prepare("digits", {"source": "digits"}, {}, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_shape_that_the_plan_knows_is_that_of_the_arrays(arrays):
    own = digits.Parameters(source="digits", label="Digits")
    assert own.image_shape == arrays["train_images"].shape[1:]
    assert own.spec == {"source": "digits"}
    assert (own.downloads(), own.local_files(), own.content(), list(own.mistakes(used=True))) == ({}, [], None, [])
