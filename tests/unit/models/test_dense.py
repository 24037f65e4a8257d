"""The dense network: layers and sizes that can be counted by hand."""

import torch

from aestudy.models import dense
from aestudy.network.autoencoder import create
from unit.conftest import identity


def test_layers_have_the_configured_widths_and_their_mirror_image():
    network = dense.Parameters(architecture="dense", hidden=[512, 256], latent_activation="linear")
    model = create(identity(network=network, latent=100), (1, 28, 28), 0)
    widths = [tuple(layer.weight.shape) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    assert widths == [(512, 784), (256, 512), (100, 256), (256, 100), (512, 256), (784, 512)]
    # (784 + 1) 512 + (512 + 1) 256 + (256 + 1) 100 + (100 + 1) 256 + (256 + 1) 512 + (512 + 1) 784
    assert model.parameter_count() == 401_920 + 131_328 + 25_700 + 25_856 + 131_584 + 402_192


def test_relu_latent_is_never_negative():
    network = dense.Parameters(architecture="dense", hidden=[], latent_activation="relu")
    _, latent = create(identity(network=network), (1, 8, 8), 0)(torch.rand(50, 1, 8, 8))
    assert latent.min() == 0 and latent.max() > 0


def test_takes_images_of_any_shape_and_needs_a_latent_size():
    parameters = dense.Parameters(architecture="dense", hidden=[3])
    assert dense.misfit(parameters, (5, 7, 11)) is None
    assert parameters.has_free_latent
