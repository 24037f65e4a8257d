"""The networks: layers and sizes that can be counted by hand, initial weights, dropout."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from aestudy.models import conv, dense
from aestudy.network.autoencoder import Autoencoder, create, describe
from aestudy.network.layers import Dropout, UpsampleConv2d
from aestudy.training.masks import Masks


def test_dense_layers_have_the_configured_widths_and_their_mirror_image(make_identity):
    network = {"architecture": "dense", "hidden": [512, 256], "latent_activation": "linear"}
    model = create(make_identity(network=network, latent=100), (1, 28, 28), 0)
    widths = [tuple(layer.weight.shape) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    assert widths == [(512, 784), (256, 512), (100, 256), (256, 100), (512, 256), (784, 512)]
    # (784 + 1) 512 + (512 + 1) 256 + (256 + 1) 100 + (100 + 1) 256 + (256 + 1) 512 + (512 + 1) 784
    assert model.parameter_count() == 401_920 + 131_328 + 25_700 + 25_856 + 131_584 + 402_192


def test_conv_has_the_layers_of_the_report(make_identity):
    network = {"architecture": "conv", "filters": [64, 64], "kernel": 3, "dropout": 0.2, "dropout_after": "encoder"}
    model = create(make_identity("conv", network=network), (1, 28, 28), 0)
    layers = [
        (row["part"], row["layer"], row["output_shape"], row["parameters"]) for row in describe(model, (1, 28, 28))
    ]
    assert layers == [
        ("encoder", "Conv2d", "64 x 28 x 28", 640),
        ("encoder", "MaxPool2d", "64 x 14 x 14", 0),
        ("encoder", "ReLU", "64 x 14 x 14", 0),
        ("encoder", "Dropout", "64 x 14 x 14", 0),
        ("encoder", "Conv2d", "64 x 14 x 14", 36_928),
        ("encoder", "MaxPool2d", "64 x 7 x 7", 0),
        ("encoder", "ReLU", "64 x 7 x 7", 0),
        ("encoder", "Dropout", "64 x 7 x 7", 0),
        ("decoder", "Conv2d", "64 x 7 x 7", 36_928),
        ("decoder", "ReLU", "64 x 7 x 7", 0),
        ("decoder", "UpsampleConv2d", "64 x 14 x 14", 36_928),
        ("decoder", "ReLU", "64 x 14 x 14", 0),
        ("decoder", "UpsampleConv2d", "1 x 28 x 28", 577),
    ]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 16, 24), (2, 4, 4)])
@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_output_has_the_shape_of_the_image(make_identity, architecture, shape):
    model = create(make_identity(architecture), shape, 0)
    logits, latent = model(torch.rand(5, *shape))
    assert logits.shape == (5, *shape)
    assert len(latent) == 5


def test_conv_refuses_sizes_that_do_not_halve_evenly():
    parameters = conv.Parameters(architecture="conv", filters=[8, 8])
    assert conv.misfit(parameters, (1, 28, 28)) is None
    assert "4 divides" in conv.misfit(parameters, (1, 30, 28))


def test_relu_latent_is_never_negative(make_identity):
    network = {"architecture": "dense", "hidden": [], "latent_activation": "relu"}
    _, latent = create(make_identity(network=network), (1, 8, 8), 0)(torch.rand(50, 1, 8, 8))
    assert latent.min() == 0 and latent.max() > 0


def test_dense_takes_any_shape():
    assert dense.misfit(dense.Parameters(architecture="dense", hidden=[3]), (5, 7, 11)) is None


def test_pooling_before_relu_gives_the_same_as_after_it():
    x = torch.randn(4, 3, 8, 8)
    pool, relu = torch.nn.MaxPool2d(2), torch.nn.ReLU()
    assert torch.equal(relu(pool(x)), pool(relu(x)))


@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_upsampled_convolution_equals_upsampling_and_then_convolution(kernel):
    layer = UpsampleConv2d(3, 4, kernel).double()
    x = torch.rand(2, 3, 5, 6, dtype=torch.float64, requires_grad=True)
    expected = functional.conv2d(functional.interpolate(x, scale_factor=2), layer.weight, layer.bias, padding="same")
    assert torch.allclose(layer(x), expected, atol=1e-12)
    upstream = torch.rand_like(expected)
    inputs = (x, layer.weight, layer.bias)
    for ours, theirs in zip(
        torch.autograd.grad(layer(x), inputs, upstream), torch.autograd.grad(expected, inputs, upstream), strict=True
    ):
        assert torch.allclose(ours, theirs, atol=1e-11)


class TestInitialisation:
    def test_depends_on_seed_and_replicate_alone(self, make_identity):
        def weights(**changes):
            replicate = changes.pop("replicate", 0)
            return create(make_identity(**changes), (1, 8, 8), replicate).state_dict()

        def equal(a, b):
            return all(torch.equal(a[name], b[name]) for name in a)

        torch.manual_seed(1)
        first = weights()
        torch.manual_seed(2)
        assert equal(first, weights(l1=0.5, learning_rate=0.5, dataset="other"))
        assert not equal(first, weights(replicate=1))
        assert not equal(first, weights(seed=8))

    def test_leaves_the_global_generator_alone(self, make_identity):
        torch.manual_seed(3)
        expected = torch.rand(1)
        torch.manual_seed(3)
        create(make_identity(), (1, 8, 8), 0)
        assert torch.equal(torch.rand(1), expected)

    def test_keras_draws_from_the_glorot_interval_and_has_zero_biases(self, make_identity):
        network = {"architecture": "dense", "hidden": [300], "latent_activation": "linear"}
        model = create(make_identity(initialisation="keras", network=network), (1, 20, 20), 0)
        layer = model.encoder[1]
        bound = (6 / (400 + 300)) ** 0.5
        assert layer.weight.abs().max() <= bound
        assert layer.weight.abs().max() > 0.99 * bound
        assert layer.weight.var().item() == pytest.approx(bound**2 / 3, rel=0.02)
        assert not any(module.bias.any() for module in model.modules() if isinstance(module, torch.nn.Linear))


class TestDropout:
    def dropped(self, rate, x, seed=0):
        """A dropout layer of `rate` on x (b, ...), with a mask drawn from a generator of its own."""
        model = Autoencoder(nn.Sequential(Dropout(rate)), nn.Identity())
        drawn = Masks(model, 1, x).draw([torch.Generator().manual_seed(seed)])
        for name, masks in drawn.items():
            model.get_submodule(name).mask = masks[0]
        return model.train()(x)[0]

    @pytest.mark.parametrize("rate", [0.1, 0.2, 0.5, 0.9])
    def test_drops_its_share_and_keeps_the_mean(self, rate):
        n = 200_000
        y = self.dropped(rate, torch.ones(n))
        dropped = (y == 0).double().mean().item()
        assert dropped == pytest.approx(rate, abs=5 * (rate * (1 - rate) / n) ** 0.5)
        assert torch.allclose(y[y != 0], torch.tensor(1 / (1 - rate)))

    def test_masks_are_independent_between_neighbours(self):
        y = (self.dropped(0.5, torch.ones(400_000)) > 0).double()
        for lag in (1, 2, 3, 4):
            correlation = torch.corrcoef(torch.stack([y[:-lag], y[lag:]]))[0, 1].item()
            assert abs(correlation) < 5 / 400_000**0.5

    def test_mask_comes_from_its_generator(self):
        x = torch.ones(1_000)
        assert torch.equal(self.dropped(0.5, x), self.dropped(0.5, x))
        assert not torch.equal(self.dropped(0.5, x), self.dropped(0.5, x, seed=1))

    def test_every_step_has_masks_of_its_own(self):
        model = Autoencoder(nn.Sequential(Dropout(0.5)), nn.Identity())
        masks, generator = Masks(model, 1, torch.ones(1_000)), torch.Generator().manual_seed(0)
        first = {name: mask.clone() for name, mask in masks.draw([generator]).items()}
        assert all((mask != first[name]).any() for name, mask in masks.draw([generator]).items())

    def test_works_on_channels_last_and_uneven_sizes(self):
        x = torch.rand(3, 5, 7, 9).add(0.1).to(memory_format=torch.channels_last)
        y = self.dropped(0.3, x)
        kept = y != 0
        assert torch.allclose(y[kept], x[kept] / 0.7)
        assert 0 < kept.double().mean() < 1

    def test_does_nothing_when_not_training_or_at_rate_zero(self):
        x = torch.rand(100)
        assert torch.equal(Dropout(0.5).eval()(x), x)
        assert torch.equal(Dropout(0.0).train()(x), x)
