"""A network as a list of operations: the same numbers, and a refusal of what is not known."""

import pytest
import torch
from small_networks import SHAPE, Small, networks
from torch import nn

from aestudy.base.errors import UserError
from aestudy.base.identity import Identity
from aestudy.network.autoencoder import create
from aestudy.pages import playground
from aestudy.playground.trace import Operation, trace

KNOWN = playground.known("operations")
NETWORKS = networks()


def inputs(network, shape=SHAPE) -> tuple[torch.Tensor, ...]:
    images = torch.rand(1, *shape, generator=torch.Generator().manual_seed(2))
    return (images, torch.tensor([0.3])) if network.takes_level else (images,)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_program_computes_what_its_network_does(name):
    network = NETWORKS[name]
    given = inputs(network)
    with torch.inference_mode():
        expected = network.image(network(*given)[0])
    assert expected.shape == (1, *SHAPE)
    torch.testing.assert_close(trace(network, SHAPE, KNOWN).run(*given), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_models_of_the_study_are_known(make_identity, architecture):
    params = make_identity(architecture)
    params.pop("variance", None)
    network = create(Identity.from_params(params), (1, 8, 8), 0).eval()
    given = inputs(network, (1, 8, 8))
    with torch.inference_mode():
        expected = network.image(network(*given)[0])
    torch.testing.assert_close(trace(network, (1, 8, 8), KNOWN).run(*given), expected, rtol=0, atol=1e-6)


def test_what_does_not_depend_on_the_image_is_a_weight():
    program = trace(NETWORKS["conv"], SHAPE, KNOWN)
    names = [value.name for value in program.values if isinstance(value, Operation)]
    assert names == [
        "aten.conv2d.default",
        "aten.max_pool2d.default",
        "aten.conv_transpose2d.input",
        "aten.sigmoid.default",
    ]
    shapes = [tuple(value.shape) for value in program.values if isinstance(value, torch.Tensor)]
    assert shapes == [(5, 2, 3, 3), (5,), (5, 2, 4, 4), (2,)]


@pytest.mark.parametrize(
    ("network", "name"),
    [
        (Small(lambda net, x: nn.functional.softplus(x)), "aten.softplus.default"),
        (Small(lambda net, x: x - x.max(dim=1, keepdim=True)[0]), "aten.max.dim"),
    ],
)
def test_unknown_operations_are_refused_by_name(network, name):
    with pytest.raises(UserError, match=name):
        trace(network, SHAPE, KNOWN)


def test_a_network_whose_operations_depend_on_the_image_is_refused():
    network = Small(lambda net, x: x if x.mean() > 0.5 else -x)
    with pytest.raises(UserError, match="list of operations"):
        trace(network, SHAPE, KNOWN)


def test_an_operation_is_known_by_its_name_in_the_page():
    with pytest.raises(UserError, match="max_pool2d"):
        trace(NETWORKS["conv"], SHAPE, [name for name in KNOWN if "pool" not in name])
