"""Evaluation of a trained model, against scikit-image and numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import torch
from skimage import metrics as trusted

from aestudy.base import seeds
from aestudy.network.inputs import add_noise
from aestudy.scoring import evaluation
from aestudy.training import loop
from unit.conftest import gaussian

CPU = torch.device("cpu")
SETTINGS = {"ssim": "uniform7", "sparsity_threshold": 0.01}


def evaluate(model, identity, replicate, train_images, test_images, noisy) -> evaluation.Evaluated:
    return evaluation.evaluate(model, identity, replicate, train_images, test_images, noisy, device=CPU, **SETTINGS)


@pytest.fixture
def trained(make_identity, make_bars):
    identity = make_identity(noise=gaussian(0.05), epochs=10)
    images = make_bars(60)
    return identity, images, loop.train(identity, [0], images, images, CPU)[0].model


def test_scores_equal_scikit_image_on_the_same_images(trained, make_bars):
    identity, train_images, model = trained
    test = make_bars(12, seed=9)
    clean = test / np.float32(255)
    noisy = add_noise(torch.from_numpy(clean), identity.noise, seeds.key(7, "shared", "test-noise")).numpy()
    result = evaluate(model, identity, 0, train_images, test, noisy)
    with torch.no_grad():
        restored = torch.sigmoid(model(torch.from_numpy(noisy))[0]).numpy()
    assert np.allclose(result.restored, restored, atol=1e-6)
    for image in range(12):
        row = result.scores.iloc[image]
        truth, output, seen = clean[image, 0], result.restored[image, 0], noisy[image, 0]
        assert row["image"] == image
        assert row["psnr"] == pytest.approx(trusted.peak_signal_noise_ratio(truth, output, data_range=1), abs=1e-4)
        assert row["ssim"] == pytest.approx(trusted.structural_similarity(truth, output, data_range=1), abs=1e-5)
        assert row["mse"] == pytest.approx(trusted.mean_squared_error(truth, output), rel=1e-5)
        assert row["psnr_noisy"] == pytest.approx(trusted.peak_signal_noise_ratio(truth, seen, data_range=1), abs=1e-4)
        assert row["ssim_noisy"] == pytest.approx(trusted.structural_similarity(truth, seen, data_range=1), abs=1e-5)
    assert result.metrics["psnr"] == pytest.approx(result.scores["psnr"].mean())
    assert result.metrics["gain_db"] == pytest.approx((result.scores["psnr"] - result.scores["psnr_noisy"]).mean())
    pooled = trusted.peak_signal_noise_ratio(clean, result.restored, data_range=1)
    assert result.metrics["psnr_pooled"] == pytest.approx(pooled, abs=1e-4)


def test_without_noise_nothing_is_said_about_it(make_identity, make_bars):
    identity, images = make_identity(), make_bars(60)
    model = loop.train(identity, [0], images, images, CPU)[0].model
    result = evaluate(model, identity, 0, images, images, None)
    assert result.scores[["psnr_noisy", "ssim_noisy"]].isna().all(axis=None)
    assert np.isnan(result.metrics["gain_db"])


def test_gap_is_measured_on_images_that_were_trained_on(make_identity, make_bars):
    """A model that has learned 16 images by heart restores them better than others."""
    identity = make_identity(latent=16, epochs=400)
    train_images = np.random.default_rng(0).integers(0, 256, (20, 1, 8, 8), dtype=np.uint8)
    test_images = np.random.default_rng(1).integers(0, 256, (20, 1, 8, 8), dtype=np.uint8)
    model = loop.train(identity, [0], train_images, test_images, CPU)[0].model
    gap = evaluate(model, identity, 0, train_images, test_images, None).generalisation
    assert gap["gap_db"] == pytest.approx(gap["psnr_train"] - gap["psnr_test"])
    assert gap["gap_db"] > 1


def test_pictures_are_the_first_ones_and_the_worst_the_median_and_the_best(make_bars):
    test = make_bars(12)
    noisy = np.full((12, 1, 8, 8), 0.25, np.float32)
    restored = np.broadcast_to(np.arange(12, dtype=np.float32).reshape(12, 1, 1, 1) / 12, (12, 1, 8, 8))
    scored = pd.DataFrame({"image": range(12), "psnr": [12.0, 9.0, 30.0, np.inf, *range(13, 21)]})
    chosen = [*range(10), 1, 7, 3]
    kept = evaluation.pictures(test, noisy, restored, scored, 10)
    assert kept.shape == (3, 13, 1, 8, 8) and kept.dtype == np.float32
    assert np.array_equal(kept[0], test[chosen] / np.float32(255))
    assert (kept[1] == 0.25).all()
    np.testing.assert_allclose(kept[2, :, 0, 0, 0] * 12, chosen, rtol=1e-6)
    assert np.array_equal(*evaluation.pictures(test, None, restored, scored, 10)[:2])
    assert evaluation.pictures(test[:4], noisy[:4], restored[:4], scored[:4], 10).shape[1] == 4 + 3


def test_replicates_come_with_the_noisy_images_that_they_are_tested_on(make_replicate):
    weights = [make_replicate().folder / "weights.safetensors"] * 3
    shared, own = [np.zeros(1)], [np.zeros(1), np.ones(1), np.full(1, 2)]

    def tested(noisy):
        return [given for _, _, _, given in evaluation.replicates(weights, noisy, (1, 8, 8))]

    assert tested([]) == [None] * 3
    assert [given.item() for given in tested(shared)] == [0, 0, 0]
    assert [given.item() for given in tested(own)] == [0, 1, 2]
    number, model, manifest, _ = list(evaluation.replicates(weights, [], (1, 8, 8)))[2]
    assert (number, manifest.keys["dataset"], model.training) == (2, "patterns", False)
