"""A model at work: restored images and latent values, batch by batch."""

import pytest
import torch

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


def test_outputs_come_batch_by_batch_in_order(model, monkeypatch):
    images = torch.rand(10, 1, 8, 8)
    (whole,) = inference.outputs(model, images)
    monkeypatch.setattr(inference, "BATCH", 4)
    parts = list(inference.outputs(model, images))
    assert [len(output) for output, _ in parts] == [4, 4, 2]
    for place in (0, 1):
        assert torch.allclose(torch.cat([part[place] for part in parts]), whole[place], atol=1e-6)
