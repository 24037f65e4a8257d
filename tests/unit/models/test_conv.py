"""The convolutional network: layers and sizes that can be counted by hand."""

import torch

from aestudy.models import conv
from aestudy.network.autoencoder import create, layer_table
from unit.conftest import identity


def layers(**keys) -> list[tuple]:
    """Part, layer, output shape and parameters of the layers for MNIST's images."""
    network = conv.Parameters(architecture="conv", **keys)
    model = create(identity("conv", network=network), (1, 28, 28), 0)
    return [tuple(row.values()) for row in layer_table(model, (1, 28, 28))]


def test_has_the_layers_of_the_report():
    assert layers(filters=[64, 64], kernel=3, dropout=0.2, dropout_after="encoder") == [
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
        ("decoder", "Sigmoid", "1 x 28 x 28", 0),
    ]


def test_dropout_may_follow_upsampling_too():
    found = layers(filters=[4], kernel=1, dropout=0.5, dropout_after="encoder+decoder")
    assert [layer for part, layer, *_ in found if part == "decoder"] == [
        "Conv2d",
        "ReLU",
        "Upsample",
        "Dropout",
        "Conv2d",
        "Sigmoid",
    ]
    assert found[-2] == ("decoder", "Conv2d", "1 x 28 x 28", 5)


def test_refuses_sizes_that_do_not_halve_evenly():
    parameters = conv.Parameters(architecture="conv", filters=[8, 8])
    assert conv.misfit(parameters, (1, 28, 28)) is None
    assert "4 divides" in conv.misfit(parameters, (1, 30, 28))
    assert not parameters.has_free_latent


def test_pooling_before_relu_gives_the_same_as_after_it():
    x = torch.randn(4, 3, 8, 8)
    pool, relu = torch.nn.MaxPool2d(2), torch.nn.ReLU()
    assert torch.equal(relu(pool(x)), pool(relu(x)))
