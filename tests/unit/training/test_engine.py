"""An epoch on the device: on a GPU, the captured graph is the step that was captured."""

from types import SimpleNamespace

import pytest
import torch

from aestudy.network.autoencoder import create
from aestudy.training import loop, losses
from aestudy.training.engine import Engine
from aestudy.training.stack import Stack
from unit.conftest import gaussian


def engine(identity, count=1, images=20, batch_size=8) -> Engine:
    pictures = torch.rand(images, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    stack = Stack([create(identity, (1, 8, 8), r) for r in range(count)], 1e-2, 1e-8)
    chosen = torch.arange(images).repeat(count, 1)
    data = SimpleNamespace(images=pictures, inputs=pictures, targets=pictures, levels=None, chosen=chosen)
    return Engine(stack, data, batch_size, losses.select("bce", "logits"), penalty=None)


def test_an_epoch_takes_every_image_once_and_weighs_a_short_last_batch_by_its_size(make_identity, monkeypatch):
    trained = engine(make_identity(), images=20, batch_size=8)
    monkeypatch.setattr(trained.stack, "step", lambda loss: None)  # so that the loss is that of one network
    order = torch.randperm(20, generator=torch.Generator().manual_seed(1))[None]
    (found,) = trained.epoch(order, order, [torch.Generator()])
    with torch.no_grad():
        logits, _ = trained.stack.models[0](trained.data.targets)
        expected = torch.nn.functional.binary_cross_entropy(torch.sigmoid(logits), trained.data.targets).item()
    assert found == pytest.approx(expected, rel=1e-5)


def test_losses_are_told_apart_by_replicate(make_identity):
    """One of two stacked replicates is given white images to restore: its loss alone changes."""

    def trained(changed: bool) -> list[float]:
        both = engine(make_identity(), count=2)
        both.data.targets = torch.cat([both.data.targets, torch.ones(20, 1, 8, 8)])
        inputs = torch.arange(20).repeat(2, 1)
        targets = inputs + torch.tensor([[0], [20 * changed]])
        return both.epoch(inputs, targets, [torch.Generator(), torch.Generator()])

    before, after = trained(False), trained(True)
    assert after[0] == pytest.approx(before[0], rel=1e-6)
    assert abs(after[1] - before[1]) > 0.01


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_captured_graph_equals_the_eager_step(make_identity, make_bars, architecture, monkeypatch):
    identity = make_identity(architecture, learning_rate=1e-3, noise=gaussian(0.1, draw="each_epoch"))
    images, device = make_bars(50), torch.device("cuda")
    captured = loop.train(identity, [0, 1], images, images[:7], device)
    monkeypatch.setattr(Engine, "_capture", lambda engine: None)
    for one, other in zip(captured, loop.train(identity, [0, 1], images, images[:7], device), strict=True):
        for name, value in other.model.state_dict().items():
            assert torch.allclose(one.model.state_dict()[name], value, atol=2e-5), name
