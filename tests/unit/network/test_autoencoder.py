"""What every network has in common: the shape of its output, its initial weights, the table of its layers."""

import pytest
import torch

from aestudy.models import dense
from aestudy.network.autoencoder import create, layer_table


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 16, 24), (2, 4, 4)])
@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_output_has_the_shape_of_the_image(make_identity, architecture, shape):
    model = create(make_identity(architecture), shape, 0)
    logits, latent = model(torch.rand(5, *shape))
    assert logits.shape == (5, *shape)
    assert len(latent) == 5


def test_table_of_layers(make_identity):
    model = create(make_identity(), (2, 4, 4), 0)
    assert layer_table(model, (2, 4, 4)) == [
        {"part": "encoder", "layer": "Flatten", "output_shape": "32", "parameters": 0},
        {"part": "encoder", "layer": "Linear", "output_shape": "32", "parameters": 33 * 32},
        {"part": "encoder", "layer": "ReLU", "output_shape": "32", "parameters": 0},
        {"part": "encoder", "layer": "Linear", "output_shape": "6", "parameters": 33 * 6},
        {"part": "decoder", "layer": "Linear", "output_shape": "32", "parameters": 7 * 32},
        {"part": "decoder", "layer": "ReLU", "output_shape": "32", "parameters": 0},
        {"part": "decoder", "layer": "Linear", "output_shape": "32", "parameters": 33 * 32},
        {"part": "decoder", "layer": "Unflatten", "output_shape": "2 x 4 x 4", "parameters": 0},
        {"part": "decoder", "layer": "Sigmoid", "output_shape": "2 x 4 x 4", "parameters": 0},
    ]
    assert layer_table(model, (2, 4, 4)) == layer_table(model, (2, 4, 4))  # its hooks do not stay


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
        network = dense.Parameters(architecture="dense", hidden=[300], latent_activation="linear")
        model = create(make_identity(initialisation="keras", network=network), (1, 20, 20), 0)
        layer = model.encoder[1]
        bound = (6 / (400 + 300)) ** 0.5
        assert layer.weight.abs().max() <= bound
        assert layer.weight.abs().max() > 0.99 * bound
        assert layer.weight.var().item() == pytest.approx(bound**2 / 3, rel=0.02)
        assert not any(module.bias.any() for module in model.modules() if isinstance(module, torch.nn.Linear))
