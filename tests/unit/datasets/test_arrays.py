"""From source files to the one array format."""

import hashlib
import json

import numpy as np
import pytest

from aestudy.base.errors import UserError
from aestudy.datasets.arrays import prepare

ROLES = ("train_images", "train_labels", "test_images", "test_labels")
SHAPES = {"train_images": [6, 5, 4], "train_labels": [6], "test_images": [3, 5, 4], "test_labels": [3]}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_source(folder, **shapes):
    """Four IDX files of random values with SHAPES but for `shapes`, as (spec, files by role, arrays by role)."""
    spec = {"source": "idx", "label": "Tiny", "licence": "CC0", "homepage": "https://example.org", "files": {}}
    files, arrays = {}, {}
    for role in ROLES:
        shape = shapes.get(role, SHAPES[role])
        arrays[role] = np.random.default_rng(len(role)).integers(0, 256, shape, dtype=np.uint8)
        files[role] = folder / f"{role}.idx"
        header = bytes([0, 0, 8, len(shape)]) + np.array(shape, ">u4").tobytes()
        files[role].write_bytes(header + arrays[role].tobytes())
        spec["files"][role] = {"file": f"{role}.gz", "sha256": sha256(files[role]), "shape": shape}
    return spec, files, arrays


def test_idx_round_trip(tmp_path):
    spec, files, arrays = make_source(tmp_path)
    folder = tmp_path / "out"
    prepare("tiny", spec, files, folder)

    assert {path.name for path in folder.iterdir()} == {"dataset.json", *(f"{role}.npy" for role in ROLES)}
    for role in ROLES:
        written = np.load(folder / f"{role}.npy")
        assert written.dtype == np.uint8
        np.testing.assert_array_equal(written, arrays[role][:, None] if "images" in role else arrays[role])
    assert json.loads((folder / "dataset.json").read_text()) == {
        "name": "tiny",
        "source": "idx",
        "licence": "CC0",
        "homepage": "https://example.org",
        "train": 6,
        "test": 3,
        "channels": 1,
        "height": 5,
        "width": 4,
        "source_sha256": {f"{role}.gz": sha256(files[role]) for role in ROLES},
        "array_sha256": {f"{role}.npy": sha256(folder / f"{role}.npy") for role in ROLES},
    }


def test_colour_images(tmp_path):
    spec, files, arrays = make_source(tmp_path, train_images=[6, 3, 5, 4], test_images=[3, 3, 5, 4])
    prepare("colour", spec, files, tmp_path / "out")
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "test_images.npy"), arrays["test_images"])
    assert json.loads((tmp_path / "out" / "dataset.json").read_text())["channels"] == 3


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({"train_labels": [5]}, "6 train images but 5 train labels"),
        ({"test_images": [4, 5, 4]}, "4 test images but 3 test labels"),
        ({"test_images": [3, 4, 5]}, "training images are 1 x 5 x 4 but test images 1 x 4 x 5"),
        ({"train_images": [6], "train_labels": [6, 5, 4]}, "Are two files exchanged"),
    ],
)
def test_files_that_do_not_make_a_data_set(shapes, message, tmp_path):
    spec, files, _ = make_source(tmp_path, **shapes)
    with pytest.raises(UserError, match=message) as error:
        prepare("tiny", spec, files, tmp_path / "out")
    assert "tiny" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_file_that_does_not_hold_the_configured_shape(tmp_path):
    spec, files, _ = make_source(tmp_path)
    spec["files"]["test_images"]["shape"] = [3, 4, 5]
    with pytest.raises(UserError, match=r"holds 3 x 5 x 4 values, but .* 3 x 4 x 5") as error:
        prepare("tiny", spec, files, tmp_path / "out")
    assert str(files["test_images"]) in str(error.value)
