"""Dropout masks: their share, their independence, their generators."""

import pytest
import torch
from torch import nn

from aestudy.network.autoencoder import Autoencoder
from aestudy.network.layers import Dropout
from aestudy.training.masks import Masks


def dropped(rate, x, seed=0):
    """A dropout layer of `rate` on x (b, ...), with a mask drawn from a generator of its own."""
    model = Autoencoder(nn.Sequential(Dropout(rate)), nn.Identity())
    drawn = Masks(model, 1, x).draw([torch.Generator().manual_seed(seed)])
    for name, masks in drawn.items():
        model.get_submodule(name).mask = masks[0]
    return model.train()(x)[0]


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.5, 0.9])
def test_drops_its_share_and_keeps_the_mean(rate):
    n = 200_000
    y = dropped(rate, torch.ones(n))
    share = (y == 0).double().mean().item()
    assert share == pytest.approx(rate, abs=5 * (rate * (1 - rate) / n) ** 0.5)
    assert torch.allclose(y[y != 0], torch.tensor(1 / (1 - rate)))


def test_masks_are_independent_between_neighbours():
    y = (dropped(0.5, torch.ones(400_000)) > 0).double()
    for lag in (1, 2, 3, 4):
        correlation = torch.corrcoef(torch.stack([y[:-lag], y[lag:]]))[0, 1].item()
        assert abs(correlation) < 5 / 400_000**0.5


def test_mask_comes_from_its_generator():
    x = torch.ones(1_000)
    assert torch.equal(dropped(0.5, x), dropped(0.5, x))
    assert not torch.equal(dropped(0.5, x), dropped(0.5, x, seed=1))


def test_every_step_has_masks_of_its_own():
    model = Autoencoder(nn.Sequential(Dropout(0.5)), nn.Identity())
    masks, generator = Masks(model, 1, torch.ones(1_000)), torch.Generator().manual_seed(0)
    first = {name: mask.clone() for name, mask in masks.draw([generator]).items()}
    second = masks.draw([generator])
    assert first.keys() == second.keys() == {"encoder.0"}
    assert all((mask != first[name]).any() for name, mask in second.items())


def test_works_on_channels_last_and_uneven_sizes():
    x = torch.rand(3, 5, 7, 9).add(0.1).to(memory_format=torch.channels_last)
    y = dropped(0.3, x)
    kept = y != 0
    assert torch.allclose(y[kept], x[kept] / 0.7)
    assert 0 < kept.double().mean() < 1


def test_a_model_without_dropout_has_no_masks():
    model = Autoencoder(nn.Sequential(Dropout(0.0)), nn.Identity())
    assert Masks(model, 2, torch.ones(3)).draw([torch.Generator(), torch.Generator()]) == {}
