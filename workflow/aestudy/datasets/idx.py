"""IDX, the format of MNIST and its kin: two zero bytes, a type code, the number of dimensions, their sizes, the values.

The sizes are big-endian 32-bit integers. Described by Y. LeCun, C. Cortes and C. J. C. Burges on the MNIST page.
"""

import math
import struct
from pathlib import Path

import numpy as np

from aestudy import files
from aestudy.errors import UserError

UNSIGNED_BYTE = 0x08
MAX_DIMENSIONS = 4  # (n, channels, height, width)


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
