"""A network on any test set: against scores by hand."""

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from aestudy.base.columns import TEST_VALUES
from aestudy.network.autoencoder import create
from aestudy.scoring import testing

CPU = torch.device("cpu")


@pytest.fixture
def model(make_identity):
    """A network that is not trained is as good here."""
    return create(make_identity(), (1, 12, 12), 0)


@pytest.fixture
def images(make_bars):
    return make_bars(120, shape=(1, 12, 12))


@pytest.fixture
def noisy(images):
    noise = np.random.default_rng(1).normal(0, 0.4, images.shape)
    return (images / 255 + noise).astype(np.float32)  # beyond [0, 1]


def restored(model, inputs) -> np.ndarray:
    with torch.no_grad():
        output, _ = model.eval()(torch.from_numpy(np.asarray(inputs, np.float32)))
    return torch.sigmoid(output).numpy().astype(float)


def test_scores_under_noise_are_those_by_hand(model, images, noisy):
    row = testing.test_row(model, images, noisy, 0.01, CPU)
    assert set(row) == set(TEST_VALUES)
    clean = images / 255
    made = {"psnr": restored(model, noisy), "psnr_noisy": noisy, "psnr_clean_input": restored(model, clean)}
    for name, pictures in made.items():
        each = [peak_signal_noise_ratio(c, x, data_range=1) for c, x in zip(clean, pictures.astype(float), strict=True)]
        own = [
            peak_signal_noise_ratio(c, x, data_range=x.max() - x.min())
            for c, x in zip(clean, pictures.astype(float), strict=True)
        ]
        assert row[name] == pytest.approx(np.mean(each), abs=1e-4)
        assert row[f"{name}_pooled"] == pytest.approx(-10 * np.log10(np.mean((clean - pictures) ** 2)), abs=1e-4)
        assert row[f"{name}_own_range"] == pytest.approx(np.mean(own), abs=1e-4)
    first = [peak_signal_noise_ratio(c, x, data_range=1) for c, x in zip(clean[:100], made["psnr"][:100], strict=True)]
    assert row["psnr_first_100"] == pytest.approx(np.mean(first), abs=1e-4)
    similar = [
        structural_similarity(c[0], x[0], data_range=1) for c, x in zip(clean[:100], made["psnr"][:100], strict=True)
    ]
    assert row["ssim_first_100_uniform7"] == pytest.approx(np.mean(similar), abs=1e-4)
    cross = -(clean * np.log(made["psnr"]) + (1 - clean) * np.log(1 - made["psnr"])).mean()
    assert row["bce"] == pytest.approx(cross, rel=1e-4)


def test_clean_images_have_no_noisy_scores(model, images):
    row = testing.test_row(model, images, None, 0.01, CPU)
    lacking = {name for name, value in row.items() if np.isnan(value)}
    assert lacking == {name for name in TEST_VALUES if name.startswith(("psnr_noisy", "psnr_clean_input"))}
    each = [
        peak_signal_noise_ratio(c, x, data_range=1)
        for c, x in zip(images / 255, restored(model, images / 255), strict=True)
    ]
    assert row["psnr"] == pytest.approx(np.mean(each), abs=1e-4)


def test_a_picture_of_one_value_has_no_range_of_its_own():
    """The range [0, 1] counts then."""
    clean, flat = np.zeros((1, 1, 4, 4), np.float32), np.full((1, 1, 4, 4), 0.1, np.float32)
    found = testing.psnr_values("psnr", clean, flat)
    assert found["psnr"] == found["psnr_own_range"] == pytest.approx(20, abs=1e-4)
