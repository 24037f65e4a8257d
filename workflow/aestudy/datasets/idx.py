"""IDX, the format of MNIST and its kin: two zero bytes, a type code, the number of dimensions, their sizes, the values.

The sizes are big-endian 32-bit integers. Described by Y. LeCun, C. Cortes and C. J. C. Burges on the MNIST page.
"""

import math
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.base.settings import Field, Settings, Text
from aestudy.base.wording import show
from aestudy.datasets.source import Download, FileName, Mirrors, Sha256, Source

UNSIGNED_BYTE = 0x08
MAX_DIMENSIONS = 4  # (n, channels, height, width)


class SourceFile(Settings):
    """One file of a data set."""

    file: FileName
    """Name of the (gzip-compressed) file on every mirror."""
    sha256: Sha256
    """SHA-256 of the decompressed bytes: archives may be compressed again, what is in them may not change."""
    shape: Annotated[list[Annotated[int, Field(ge=1, le=2**31)]], Field(min_length=1, max_length=4)]
    """Sizes that the IDX header must state; they also bound how much is ever downloaded."""


class IdxFiles(Settings):
    """The four files of a data set in IDX format."""

    train_images: SourceFile
    """Shape: n x height x width, or n x channels x height x width."""
    train_labels: SourceFile
    """Shape: n."""
    test_images: SourceFile
    """Shape: as that of the training images, except for n."""
    test_labels: SourceFile
    """Shape: n."""


class Parameters(Source):
    """A data set in MNIST's IDX format, downloaded and verified."""

    source: Literal["idx"]
    """Where the data come from: `idx`, four files in MNIST's format."""
    licence: Text
    """The terms that the data are published under."""
    homepage: Text
    """Where the data are described."""
    mirrors: Mirrors
    """Base addresses (https, http, file) or folders, tried in order, after AE_DATA_MIRROR."""
    files: IdxFiles
    """The four files and what must be in them."""

    @property
    def image_shape(self) -> tuple[int, int, int] | None:
        sizes = tuple(self.files.train_images.shape[1:])
        return {2: (1, *sizes), 3: sizes}.get(len(sizes))

    @property
    def spec(self) -> dict:
        return self.model_dump(exclude={"label", "mirrors"})

    def downloads(self) -> dict[str, Download]:
        return {role: Download(file.file, file.sha256, file_size(file.shape)) for role, file in self.files}

    def mistakes(self, used: bool) -> Iterator[tuple[str, str]]:
        files = self.files
        images = files.train_images.shape, files.test_images.shape
        labels = files.train_labels.shape, files.test_labels.shape
        for split, image_shape, label_shape in zip(("train", "test"), images, labels, strict=True):
            if len(image_shape) not in (3, 4):
                yield (
                    f"files.{split}_images.shape",
                    f"found {show(image_shape)}; allowed: [n, height, width] or [n, channels, height, width]",
                )
            if len(label_shape) != 1:
                yield f"files.{split}_labels.shape", f"found {show(label_shape)}; allowed: [n]"
            elif label_shape[0] != image_shape[0]:
                yield (
                    f"files.{split}_labels.shape",
                    f"found {show(label_shape)}; allowed: [{image_shape[0]}], one label for each of the images of "
                    f"{split}_images",
                )
        if images[0][1:] != images[1][1:]:
            yield (
                "files.test_images.shape",
                f"found {show(images[1])}; after the first size it must be as that of train_images, {show(images[0])}",
            )
        for name, count in Counter(download.name for download in self.downloads().values()).items():
            if count > 1:  # they are kept side by side, without .gz
                yield "files", f"the file name {show(name)} appears {count} times; each file needs a name of its own"


def header_size(dimensions: int) -> int:
    """Bytes before the first value."""
    return 4 + 4 * dimensions


def file_size(shape: list[int]) -> int:
    """Bytes of a (decompressed) IDX file of unsigned bytes that holds `shape`."""
    return header_size(len(shape)) + math.prod(shape)


def read(path: str | Path) -> np.ndarray:
    """The values of a decompressed IDX file of unsigned bytes: uint8, mapped from the file and read-only.

    Raises UserError when the header is not that of such a file, or promises more or less than the file holds;
    nothing is allocated on a header's word.
    """
    path = Path(path)
    size = path.stat().st_size
    with open(path, "rb") as file:
        header = file.read(header_size(MAX_DIMENSIONS))
    if len(header) < 4:
        raise _malformed(path, f"it has {size} bytes", "a header of at least 8")
    magic, kind, dimensions = struct.unpack(">HBB", header[:4])
    if magic != 0:
        raise _malformed(path, f"it starts with the bytes {header[:2].hex(' ')}", "00 00 (and no compression)")
    if kind != UNSIGNED_BYTE:
        raise _malformed(path, f"its values have type 0x{kind:02x}", "0x08, unsigned bytes")
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise _malformed(path, f"it has {dimensions} dimensions", f"1 to {MAX_DIMENSIONS}")
    if size < header_size(dimensions):
        raise _malformed(path, f"it has {size} bytes", f"a header of {header_size(dimensions)}")

    shape = struct.unpack_from(f">{dimensions}I", header, 4)
    if 0 in shape:
        raise _malformed(path, f"its header promises {by(shape)} values", "at least 1 in every dimension")
    if size != file_size(shape):
        promised = f"{file_size(shape):,} for the {by(shape)} that its header promises"
        raise _malformed(path, f"it has {size:,} bytes", promised)
    return np.memmap(path, np.uint8, "r", offset=header_size(dimensions), shape=shape)


def load(spec: dict, files_by_role: dict[str, Path]) -> tuple[dict[str, np.ndarray], dict]:
    """A data set of four IDX files (see the package for what is returned).

    `spec` has licence, homepage and files, with {file, shape} for each role: train_images, train_labels, test_images,
    test_labels; `files_by_role` has the decompressed file for each. Images are (n, height, width) or
    (n, channels, height, width). Raises UserError when a file is malformed or does not hold the shape in `spec`.
    """
    arrays, digests = {}, {}
    for role, source in spec["files"].items():
        path = Path(files_by_role[role])
        array = read(path)
        if array.shape != tuple(source["shape"]):
            raise UserError(
                f"{path}: this file ({source['file']}, {role}) holds {by(array.shape)} values, "
                f"but its entry in the configuration says shape {by(source['shape'])}. Correct the shape there."
            )
        arrays[role] = array[:, np.newaxis] if role.endswith("_images") and array.ndim == 3 else array
        digests[source["file"]] = files.sha256(path)
    return arrays, {"licence": spec["licence"], "homepage": spec["homepage"], "source_sha256": digests}


def by(shape) -> str:
    """A shape as text: 60,000 x 28 x 28."""
    return " x ".join(f"{size:,}" for size in shape)


def _malformed(path: Path, found: str, expected: str) -> UserError:
    return UserError(
        f"{path}: not an IDX file of unsigned bytes: {found}; expected {expected}. "
        "Delete the file to have it fetched again, or correct the data set's entry in the configuration."
    )
