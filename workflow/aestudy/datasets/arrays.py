"""The one array format: every source of data ends as four .npy files and a dataset.json."""

from pathlib import Path

import numpy as np

from aestudy.base import files, registry
from aestudy.base.errors import UserError
from aestudy.datasets.idx import by


def prepare(name: str, spec: dict, source_files: dict[str, Path | list[Path]], folder: str | Path) -> None:
    """Write a data set into `folder`: {train,test}_images.npy, {train,test}_labels.npy and dataset.json.

    `spec` is the data set's entry in the configuration, `source_files` its files by role (none for a source that
    needs none). Raises UserError when the sources do not make a data set.
    """
    arrays, about = registry.load("datasets", spec["source"]).load(spec, source_files)
    _check(name, arrays)
    digests = {}
    for role, array in arrays.items():
        path = Path(folder) / f"{role}.npy"
        files.write_array(path, array)
        digests[path.name] = files.sha256(path)
    channels, height, width = arrays["train_images"].shape[1:]
    document = {
        "name": name,
        "source": spec["source"],
        "train": len(arrays["train_images"]),
        "test": len(arrays["test_images"]),
        "channels": channels,
        "height": height,
        "width": width,
        "array_sha256": digests,
    }
    files.write_json(Path(folder) / "dataset.json", document | about)


def _check(name: str, arrays: dict[str, np.ndarray]) -> None:
    """Raise UserError unless the arrays make a data set: one label per image, one image size."""
    for part in ("train", "test"):
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        if images.ndim != 4 or labels.ndim != 1:
            raise UserError(
                f"data set {name}: {part} images of shape {by(images.shape)} and labels of shape {by(labels.shape)}; "
                "expected images as n x channels x height x width (IDX: also n x height x width) and labels as n. "
                "Are two files exchanged in the configuration?"
            )
        if len(images) != len(labels):
            raise UserError(
                f"data set {name}: {len(images):,} {part} images but {len(labels):,} {part} labels; "
                "expected one label per image. Check the files of the data set in the configuration."
            )
    sizes = [by(arrays[role].shape[1:]) for role in ("train_images", "test_images")]
    if sizes[0] != sizes[1]:
        raise UserError(
            f"data set {name}: training images are {sizes[0]} but test images {sizes[1]}; expected the same size. "
            "Check the files of the data set in the configuration."
        )
