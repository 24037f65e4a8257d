"""A model at work: restored images, latent values and the loss, batch by batch."""

import pytest
import torch
from torch.nn import functional

from aestudy.network import inference
from aestudy.network.autoencoder import create


@pytest.fixture(params=["dense", "conv"])
def model(make_identity, request):
    return create(make_identity(request.param), (1, 8, 8), 0).train()


def test_restored_images_are_the_models_in_any_batches(model, monkeypatch):
    images = torch.rand(10, 1, 8, 8)
    with torch.no_grad():
        logits, latent = model.eval()(images)
    model.train()
    monkeypatch.setattr(inference, "BATCH", 4)
    restored, values = inference.restore(model, images)
    assert torch.allclose(restored, torch.sigmoid(logits), atol=1e-6)
    assert torch.allclose(values, latent.flatten(1), atol=1e-6)
    assert values.ndim == 2 and not restored.requires_grad


def test_loss_is_the_mean_over_pixels_in_any_batches(model, monkeypatch):
    inputs, clean = torch.rand(2, 10, 1, 8, 8)
    with torch.no_grad():
        expected = functional.binary_cross_entropy(torch.sigmoid(model.eval()(inputs)[0]), clean).item()
    model.train()
    monkeypatch.setattr(inference, "BATCH", 4)
    assert inference.reconstruction_loss(model, inputs, clean) == pytest.approx(expected, rel=1e-5)
