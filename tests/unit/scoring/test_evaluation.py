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


def test_latent_statistics_by_hand():
    latent = np.array([[0.0, 0.005, -0.005, 1.0], [-1.0, 2.0, 0.009, 0.02]], np.float32)
    statistics = evaluation.latent_statistics(latent, 0.01)
    assert statistics["sparsity"] == 4 / 8
    assert statistics["latent_mean"] == pytest.approx((0.005 + 0.005 + 1 + 1 + 2 + 0.009 + 0.02) / 8)


def test_examples_are_clean_input_and_output(make_bars):
    test = make_bars(12)
    noisy, restored = np.full((12, 1, 8, 8), 0.25, np.float32), np.full((12, 1, 8, 8), 0.75, np.float32)
    shown = evaluation.examples(test, noisy, restored, 10)
    assert shown.shape == (3, 10, 1, 8, 8) and shown.dtype == np.float32
    assert np.array_equal(shown[0], test[:10] / np.float32(255))
    assert (shown[1] == 0.25).all() and (shown[2] == 0.75).all()
    assert np.array_equal(*evaluation.examples(test, None, restored, 10)[:2])


def test_extremes_are_the_worst_the_median_and_the_best_by_psnr(make_bars):
    test = make_bars(4)
    noisy, restored = np.full((4, 1, 8, 8), 0.25, np.float32), np.arange(4, dtype=np.float32).reshape(4, 1, 1, 1) / 4
    restored = np.broadcast_to(restored, (4, 1, 8, 8))
    scored = pd.DataFrame({"image": range(4), "psnr": [12.0, 9.0, 30.0, np.inf], "ssim": [0.1, 0.2, 0.3, 0.4]})
    rows, pictures = evaluation.extremes(test, noisy, restored, scored)
    assert rows[["rank", "image", "psnr"]].values.tolist() == [["worst", 1, 9], ["median", 0, 12], ["best", 3, np.inf]]
    assert pictures.shape == (3, 3, 1, 8, 8) and pictures.dtype == np.float32
    assert np.array_equal(pictures[0], test[[1, 0, 3]] / np.float32(255))
    assert (pictures[1] == 0.25).all()
    assert pictures[2, :, 0, 0, 0].tolist() == [0.25, 0.0, 0.75]


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
