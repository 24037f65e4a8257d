"""Weights in few bits: they come back as they went in, and there are as many bits as the results need."""

import base64

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_networks import SHAPE, Small, networks
from torch import nn

from aestudy.base.errors import UserError
from aestudy.pages import playground
from aestudy.playground import packing
from aestudy.playground.trace import Program, trace

KNOWN = playground.known("operations")


@given(
    st.integers(8, 16).flatmap(
        lambda bits: st.tuples(
            st.just(bits), st.lists(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1), max_size=50)
        )
    )
)
def test_packed_bits_come_back(case):
    bits, numbers = case
    packed = packing.packed_bits(np.array(numbers, np.int64), bits)
    assert len(packed) == -(-len(numbers) * bits // 8)
    whole = int.from_bytes(packed, "little")
    assert [(whole >> (bits * place)) % 2**bits - 2 ** (bits - 1) for place in range(len(numbers))] == numbers


def trials(network, count=6):
    generator = torch.Generator().manual_seed(3)
    images = [torch.rand(1, *SHAPE, generator=generator) for _ in range(count)]
    given = [(image, torch.tensor([0.2])) if network.takes_level else (image,) for image in images]
    with torch.inference_mode():
        return given, [network.image(network(*each)[0]) for each in given]


@pytest.mark.parametrize("name", ["dense", "conv", "normalised", "attention", "level map"])
def test_rounded_weights_stay_within_their_share(name):
    network = networks()[name]
    packed = packing.pack(trace(network, SHAPE, KNOWN), *trials(network))
    assert packed.error <= packing.TOLERANCE * packing.SHARE
    assert packed.bits in packing.BITS


def test_no_more_bits_than_needed():
    network = networks()["dense"]
    program, (given, expected) = trace(network, SHAPE, KNOWN), trials(network)
    packed = packing.pack(program, given, expected)
    fewer = Program([packing._rounded(value, packed.bits - 1) for value in program.values])
    if packed.bits > packing.BITS[0]:
        error = max(
            float((fewer.run(*inputs) - image).abs().max()) for inputs, image in zip(given, expected, strict=True)
        )
        assert error > packing.TOLERANCE * packing.SHARE
    matrices = [value for value in packed.document if value.get("bits")]
    assert {value["bits"] for value in matrices} == {packed.bits}
    assert len(base64.b64decode(matrices[0]["values"])) == -(-30 * 128 * packed.bits // 8)


def test_vectors_stay_as_they_are_and_rows_of_zeros_stay_zero():
    layer = nn.Linear(128, 128)
    layer.weight.data[3] = 0
    network = Small(lambda net, x: net.layer(x.flatten(1)).unflatten(1, SHAPE), layer=layer).eval()
    packed = packing.pack(trace(network, SHAPE, KNOWN), *trials(network))
    (vector,) = [value for value in packed.document if value.get("shape") == [128] and "values" in value]
    assert np.array_equal(np.frombuffer(base64.b64decode(vector["values"]), "<f4"), layer.bias.detach().numpy())
    (matrix,) = [value for value in packed.document if value.get("bits")]
    assert np.frombuffer(base64.b64decode(matrix["factors"]), "<f4")[3] == 0


def test_a_network_that_no_rounding_suits_is_refused(monkeypatch):
    network = networks()["dense"]
    monkeypatch.setattr(packing, "BITS", range(2, 4))
    with pytest.raises(UserError, match="weights of 3 bits"):
        packing.pack(trace(network, SHAPE, KNOWN), *trials(network))
