"""Whatever lies where a checkpoint is looked for: a training that finds it starts anew, and nothing is run from it."""

import json
import struct
import tempfile
from pathlib import Path

import pytest
from faults import inputs, tried
from hypothesis import given, settings
from hypothesis import strategies as st

checkpoint = pytest.importorskip("aestudy.checkpoint")

BINDING = {"identity": {"seed": 1}, "code": "0" * 64, "data": {}, "replicate": 0}

texts = st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just(json.dumps(BINDING)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
tensors = st.fixed_dictionaries(
    {"dtype": st.sampled_from(["F32", "I64", "U8", "X"]), "shape": json_values, "data_offsets": json_values}
)
headers = st.dictionaries(texts | st.just("__metadata__"), json_values | tensors, max_size=3)
safetensors = st.builds(
    lambda header, length, values: struct.pack("<Q", max(0, len(header) + length)) + header + values,
    headers.map(lambda header: json.dumps(header).encode()),
    st.just(0) | st.integers(-9, 2**40),
    st.binary(max_size=64),
)


@pytest.mark.fuzz
@settings(max_examples=inputs(200), deadline=None)
@given(st.binary(max_size=200) | safetensors)
def test_any_bytes_are_no_checkpoint(content):
    tried("random inputs: checkpoint loader")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "checkpoint.safetensors")
        path.write_bytes(content)
        assert checkpoint.load(path, BINDING) is None
