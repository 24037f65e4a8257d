"""The IDX reader against bytes written by hand, against torchvision's reader, and against arbitrary bytes."""

import struct
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from faults import inputs, tried
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudy.base.errors import UserError
from aestudy.datasets import idx
from aestudy.datasets.source import Download


def encode(shape, values: bytes, magic=0, kind=8, dimensions=None) -> bytes:
    dimensions = len(shape) if dimensions is None else dimensions
    return struct.pack(f">HBB{len(shape)}I", magic, kind, dimensions, *shape) + values


@pytest.fixture
def file(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "images.idx"
        path.write_bytes(content)
        return path

    return write


def test_known_bytes(file):
    images = idx.read(file(bytes.fromhex("00000803 00000002 00000001 00000003 0001ff 102030")))
    assert images.dtype == np.uint8
    assert images.tolist() == [[[0, 1, 255]], [[16, 32, 48]]]
    labels = idx.read(file(bytes.fromhex("00000801 00000004 07020100")))
    assert labels.tolist() == [7, 2, 1, 0]


def test_file_size_of_the_mnist_training_images():
    assert idx.file_size([60_000, 28, 28]) == 47_040_016


@pytest.mark.parametrize("shape", [(5,), (4, 2), (2, 3, 4)])
def test_agrees_with_torchvision(shape, file):
    from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor

    path = file(encode(shape, np.random.default_rng(0).bytes(int(np.prod(shape)))))
    np.testing.assert_array_equal(idx.read(path), read_sn3_pascalvincent_tensor(str(path)).numpy())


@pytest.mark.parametrize(
    ("content", "found", "expected"),
    [
        (b"", "it has 0 bytes", "a header of at least 8"),
        (b"\0\0\x08\x03\0\0", "it has 6 bytes", "a header of 16"),
        (b"\x1f\x8b\x08\x00" + bytes(20), "starts with the bytes 1f 8b", "00 00 (and no compression)"),
        (encode((2,), bytes(8), kind=0x0D), "type 0x0d", "0x08, unsigned bytes"),
        (encode((), bytes(1)), "0 dimensions", "1 to 4"),
        (encode((1,) * 5, bytes(1)), "5 dimensions", "1 to 4"),
        (encode((0, 28, 28), b""), "0 x 28 x 28", "at least 1 in every dimension"),
        (encode((2, 2, 2), bytes(7)), "it has 23 bytes", "24 for the 2 x 2 x 2"),
        (encode((2, 2, 2), bytes(9)), "it has 25 bytes", "24 for the 2 x 2 x 2"),
        (encode((10**6, 10**6, 28, 28), bytes(784)), "it has 804 bytes", "1,000,000 x 1,000,000 x 28 x 28"),
        (encode((2**32 - 1,) * 4, bytes(1)), "it has 21 bytes", "4,294,967,295 x"),
    ],
)
def test_malformed_file_is_named_with_what_was_found_and_expected(content, found, expected, file):
    path = file(content)
    with pytest.raises(UserError) as error:
        idx.read(path)
    for part in (str(path), found, expected):
        assert part in str(error.value)


def test_promise_of_a_million_million_images_allocates_nothing(file):
    path = file(encode((10**6, 10**6, 28, 28), bytes(784)))
    tracemalloc.start()
    try:
        with pytest.raises(UserError):
            idx.read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


headers = st.builds(
    encode,
    st.lists(st.integers(0, 4) | st.integers(0, 2**32 - 1), max_size=6),
    st.binary(max_size=100),
    magic=st.sampled_from([0, 0, 0, 1]),
    kind=st.sampled_from([8, 8, 8, 9, 13]),
    dimensions=st.none() | st.integers(0, 255),
)
small_arrays = st.lists(st.integers(1, 4), min_size=1, max_size=4).flatmap(
    lambda shape: st.binary(min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(
        lambda values: encode(shape, values)
    )
)


@pytest.mark.fuzz
@settings(max_examples=inputs(400), deadline=None)
@given(st.binary(max_size=40) | headers | small_arrays)
def test_any_bytes_are_read_whole_or_refused(content):
    tried("random inputs: IDX reader")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.idx"
        path.write_bytes(content)
        try:
            values = idx.read(path)
        except UserError:
            return
        assert encode(values.shape, values.tobytes()) == content


SUM = "0" * 64
FILES = {
    "train_images": {"file": "a.gz", "sha256": SUM, "shape": [600, 28, 28]},
    "train_labels": {"file": "b.gz", "sha256": SUM, "shape": [600]},
    "test_images": {"file": "c", "sha256": SUM, "shape": [100, 28, 28]},
    "test_labels": {"file": "d.gz", "sha256": SUM, "shape": [100]},
}


def parameters(files=FILES, **changes) -> idx.Parameters:
    values = {"source": "idx", "label": "Letters", "licence": "CC0", "homepage": "h", "mirrors": ["/data"]}
    return idx.Parameters.model_validate(values | {"files": files} | changes)


class TestParameters:
    """What the plan asks of four IDX files."""

    def test_shape_of_the_images_is_that_of_the_files(self):
        assert parameters().image_shape == (1, 28, 28)
        colour = {"train_images": FILES["train_images"] | {"shape": [600, 3, 30, 28]}}
        assert parameters(FILES | colour).image_shape == (3, 30, 28)
        flat = {"train_images": FILES["train_images"] | {"shape": [600, 784]}}
        assert parameters(FILES | flat).image_shape is None

    def test_downloads_have_the_size_of_their_shape(self):
        downloads = parameters().downloads()
        assert list(downloads) == list(FILES)
        assert downloads["train_images"] == Download("a.gz", SUM, 16 + 600 * 28 * 28)
        assert downloads["test_labels"].size == 8 + 100
        assert [download.name for download in downloads.values()] == ["a", "b", "c", "d"]
        assert (parameters().local_files(), parameters().content()) == ([], None)

    def test_neither_label_nor_mirrors_decide_the_arrays(self):
        assert parameters().spec == parameters(label="Others", mirrors=["/elsewhere"]).spec
        assert (
            parameters().spec != parameters(FILES | {"test_labels": FILES["test_labels"] | {"sha256": "1" * 64}}).spec
        )

    @pytest.mark.parametrize("used", [True, False])
    def test_a_whole_data_set_has_no_mistakes(self, used):
        assert list(parameters().mistakes(used)) == []

    @pytest.mark.parametrize(
        ("role", "change", "place", "words"),
        [
            ("train_images", {"shape": [600, 784]}, "files.train_images.shape", "[n, height, width]"),
            ("test_labels", {"shape": [100, 1]}, "files.test_labels.shape", "allowed: [n]"),
            ("test_labels", {"shape": [99]}, "files.test_labels.shape", "allowed: [100]"),
            ("test_images", {"shape": [100, 28, 27]}, "files.test_images.shape", "[600, 28, 28]"),
            ("test_images", {"file": "d"}, "files", "the file name 'd' appears 2 times"),
        ],
    )
    def test_files_that_do_not_go_together(self, role, change, place, words):
        found = list(parameters(FILES | {role: FILES[role] | change}).mistakes(used=False))
        assert any(where == place and words in mistake for where, mistake in found), found
