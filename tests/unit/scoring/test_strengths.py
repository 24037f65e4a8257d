"""Networks that are told the strength of the noise are told that of the test images, image by image."""

import numpy as np
import pytest
import torch

from aestudy.base import registry, seeds
from aestudy.base.identity import Noise
from aestudy.network import inference
from aestudy.network.autoencoder import create
from aestudy.network.inputs import add_noise, add_noise_with_levels
from aestudy.scoring import evaluation, scores, testing
from unit.conftest import bars, gaussian, identity

CPU = torch.device("cpu")
SEED = seeds.key(7, "shared", "test-noise")
ANY = Noise(
    parameters=registry.load("noise", "gaussian_random").Parameters(kind="gaussian_random", clip=False, draw="once"),
    level=0.5,
)


def network(kind: str):
    parameters = registry.load("models", kind).Parameters(architecture=kind, filters=[4, 6], dropout_after="encoder")
    return identity("conv", network=parameters, noise=ANY)


@pytest.fixture
def images():
    return bars(20, shape=(1, 12, 12))


def test_strengths_are_those_that_the_noise_was_drawn_with(images):
    model = create(network("levelmap"), (1, 12, 12), 0)
    clean = torch.from_numpy(images / np.float32(255))
    noisy, levels = add_noise_with_levels(clean, ANY, SEED)
    found = evaluation.strengths_for(model, clean, ANY, SEED)
    assert torch.equal(found, levels.flatten()) and found.std() > 0.05
    of_image = (noisy - clean).flatten(1).std(1)
    assert np.corrcoef(found.numpy(), of_image.numpy())[0, 1] > 0.95
    fixed = evaluation.strengths_for(model, clean, gaussian(0.04), SEED)
    assert torch.allclose(fixed, torch.full((20,), 0.2))
    assert torch.equal(evaluation.strengths_for(model, clean, None), torch.zeros(20))
    assert evaluation.strengths_for(create(network("conv"), (1, 12, 12), 0), clean, ANY, SEED) is None


def test_all_scores_are_of_what_the_network_makes_of_noise_and_strength(images):
    own = network("levelmap")
    model = create(own, (1, 12, 12), 0)
    clean = torch.from_numpy(images / np.float32(255))
    noisy = add_noise(clean, ANY, SEED)
    strengths = evaluation.strengths_for(model, clean, ANY, SEED)
    restored = inference.restore(model, noisy, strengths)[0].numpy()
    of_clean = inference.restore(model, clean, torch.zeros(20))[0].numpy()
    found = evaluation.evaluate(model, own, 0, images, images, noisy.numpy(), "uniform7", 0.01, CPU, noise_seed=SEED)
    np.testing.assert_allclose(found.scores["psnr"], scores.psnr(clean.numpy(), restored), rtol=1e-5)
    np.testing.assert_allclose(found.scores["psnr_clean_input"], scores.psnr(clean.numpy(), of_clean), rtol=1e-5)
    row = testing.test_row(model, images, noisy.numpy(), 0.01, CPU, ANY, SEED)
    assert row["psnr"] == pytest.approx(found.metrics["psnr"]) and row["psnr_clean_input"] == pytest.approx(
        found.metrics["psnr_clean_input"]
    )
