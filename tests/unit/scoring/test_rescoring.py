"""Scores by other protocols, against scikit-image, which takes the data range as an argument."""

import types

import numpy as np
import pandas as pd
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from aestudy.base import seeds
from aestudy.network import autoencoder, inference
from aestudy.network.inputs import add_noise, to_device
from aestudy.scoring import rescoring
from aestudy.training.data import TrainingData
from unit.conftest import gaussian

CPU = torch.device("cpu")
PLAIN = {"images": "test", "ssim": "uniform7", "reference": "clean", "data_range": "unit"}


@pytest.fixture
def case(make_identity, make_bars):
    identity = make_identity(noise=gaussian(0.1, clip=False, draw="each_epoch"))
    images = make_bars(30)
    model = autoencoder.create(identity, images.shape[1:], 0)
    clean = to_device(images, CPU)
    noisy = add_noise(clean, identity.noise, seeds.key(7, 0, "test-noise"))
    restored, _ = inference.restore(model, noisy)
    parts = {"clean": clean.numpy(), "noisy": noisy.numpy(), "restored": restored.numpy()}
    return types.SimpleNamespace(model=model, identity=identity, images=images, **parts)


def rescored(case, noisy=True, **changes) -> pd.DataFrame:
    given = case.noisy if noisy else None
    return rescoring.rescore(case.model, case.identity, 0, case.images, case.images, given, PLAIN | changes, CPU)


def test_scores_of_both_images(case):
    table = rescored(case)
    for i in range(len(table)):
        clean, noisy, restored = case.clean[i, 0], case.noisy[i, 0], case.restored[i, 0]
        assert table.psnr[i] == pytest.approx(peak_signal_noise_ratio(clean, restored, data_range=1), abs=1e-5)
        assert table.psnr_noisy[i] == pytest.approx(peak_signal_noise_ratio(clean, noisy, data_range=1), abs=1e-5)
        assert table.ssim[i] == pytest.approx(structural_similarity(clean, restored, data_range=1), abs=1e-5)
    assert np.allclose(table.mse, 10 ** (-table.psnr / 10))
    assert list(table.columns) == ["image", "psnr", "ssim", "mse", "psnr_noisy", "ssim_noisy"]


@pytest.mark.parametrize("data_range", ["signed", "picture"])
def test_data_range(case, data_range):
    table = rescored(case, data_range=data_range)
    for i in range(len(table)):
        clean = case.clean[i, 0]
        for picture, name in ((case.restored[i, 0], ""), (case.noisy[i, 0], "_noisy")):
            peak = 2.0 if data_range == "signed" else float(picture.max() - picture.min())
            psnr = peak_signal_noise_ratio(clean, picture, data_range=peak)
            ssim = structural_similarity(clean, picture, data_range=peak)
            assert table[f"psnr{name}"][i] == pytest.approx(psnr, abs=1e-5)
            assert table[f"ssim{name}"][i] == pytest.approx(ssim, abs=1e-5)
    assert np.allclose(table.mse, 10 ** (-table.psnr / 10))


def test_reference(case):
    table = rescored(case, reference="input")
    first = peak_signal_noise_ratio(case.noisy[0, 0], case.restored[0, 0], data_range=1)
    assert table.psnr[0] == pytest.approx(first, abs=1e-5)
    assert np.allclose(table.psnr_noisy, rescored(case).psnr_noisy)


def test_without_noise_there_is_no_noisy_score(case):
    table = rescored(case, noisy=False)
    assert table[["psnr_noisy", "ssim_noisy"]].isna().all(axis=None) and table.psnr.notna().all()


def test_training_images_are_those_trained_on_with_their_last_noise(case):
    table = rescored(case, images="training")
    trained_on = TrainingData(case.identity, [0], case.images, case.images, CPU)
    trained_on.draw_noise(case.identity.training.epochs)
    clean = trained_on.images[trained_on.chosen[0]].numpy()
    expected = peak_signal_noise_ratio(clean[3, 0], trained_on.inputs[3, 0].numpy(), data_range=1)
    assert len(table) == len(clean) == 24
    assert table.psnr_noisy[3] == pytest.approx(expected, abs=1e-4)
