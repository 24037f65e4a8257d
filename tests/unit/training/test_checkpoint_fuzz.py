"""Whatever lies where a checkpoint is looked for, a training that finds it starts anew, and nothing is run from it."""

import json
import struct
import tempfile
from pathlib import Path

import pytest
import torch
from faults import inputs, tried
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudy.training import checkpoint

BINDING = {"identity": {"seed": 1}, "code": "0" * 64, "data": {}, "replicates": [0]}


def made() -> bytes:
    """A real checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, checkpoint.NAME)
        tensors = {"weight": torch.arange(12.0).reshape(3, 4), "step": torch.tensor(7)}
        checkpoint.save(path, BINDING, {"epoch": 3, "histories": [[{"epoch": 1, "train_loss": 0.5}]]}, tensors)
        return path.read_bytes()


REAL = made()


def encode(header: dict, length: int, values: bytes) -> bytes:
    """A file of the format: the header's length (off by `length`), the header, the values."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", max(0, len(text) + length)) + text + values


# Training lets the processor take numbers below 1e-38 for zero, which tests before this one may have done.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_subnormal=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
sizes = st.lists(st.integers(0, 8) | st.integers(0, 2**64), max_size=3)
tensors = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "F32", "I64", "U8", "BOOL", "F8_E5M2", "X"]),
        "shape": sizes | json_values,
        "data_offsets": st.just([0, 16]) | sizes | json_values,
    }
)
metadata = st.fixed_dictionaries(
    {"binding": st.just(json.dumps(BINDING, sort_keys=True)) | st.text(max_size=9)},
    optional={"progress": st.sampled_from(["{}", "[", "", "[" * 9999]), "sha256": st.text(max_size=9) | json_values},
)
crafted = st.builds(
    lambda metadata, tensors, length, values: encode({"__metadata__": metadata} | tensors, length, values),
    metadata | json_values,
    st.dictionaries(st.text(max_size=5), tensors | json_values, max_size=2),
    st.just(0) | st.just(0) | st.integers(-9, 2**40),
    st.just(bytes(16)) | st.binary(max_size=64),
)
damaged = st.builds(
    lambda place, length, piece: REAL[:place] + piece + REAL[place + length :],
    st.integers(0, len(REAL)),
    st.integers(0, 40),
    st.binary(max_size=40),
).filter(lambda content: content != REAL)


def load(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, checkpoint.NAME)
        path.write_bytes(content)
        return checkpoint.load(path, BINDING)


def test_the_real_one_loads():
    progress, tensors = load(REAL)
    assert progress["epoch"] == 3 and tensors["weight"].sum() == 66


@pytest.mark.fuzz
@settings(max_examples=inputs(300), deadline=None)
@given(st.binary(max_size=200) | crafted | damaged)
def test_any_other_bytes_are_no_checkpoint(content):
    found = load(content)
    if found is not None:  # other spaces between the words of the header, and all the rest as it was
        progress, tensors = load(REAL)
        assert found[0] == progress
        assert all(torch.equal(found[1][name], tensor) for name, tensor in tensors.items())
    tried("random inputs: checkpoint loader")
