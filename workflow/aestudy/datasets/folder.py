"""Pictures of one's own: a folder of PNG and JPEG files as a data set.

Which pictures become test images is decided by their bytes: neither file names nor the order of the files count, and
copies of one picture are never on both sides. Folders within the folder are classes: the label of an image is the
number of its folder, in the order of names, and 0 where all pictures lie side by side.
"""

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from aestudy.base import files, pictures
from aestudy.base.errors import UserError
from aestudy.base.settings import Field, Text
from aestudy.datasets.source import Source

LEAST_TEST_IMAGES = 10
"""The figures show ten."""
MOST_CLASSES = 256


class Parameters(Source):
    """Pictures of one's own: a folder of PNG and JPEG files."""

    source: Literal["folder"]
    """Where the data come from: `folder`, picture files."""
    path: Text
    """The folder, relative to where Snakemake is started; folders within it are classes."""
    size: Annotated[list[Annotated[int, Field(ge=7, le=1_024)]], Field(min_length=2, max_length=2)]
    """Height and width in pixels that every picture is scaled to; what exceeds them at two edges is cut off."""
    colour: Literal["grey", "rgb"] = "grey"
    """`grey`: one channel; `rgb`: three."""
    test_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of the pictures that become test images; their contents decide which, not their names or order."""
    licence: Text = "not stated"
    """The terms that the pictures are published under."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return pictures.CHANNELS[self.colour], *self.size

    @property
    def spec(self) -> dict:
        return self.model_dump(exclude={"label", "path"})

    def local_files(self) -> list[Path]:
        return pictures.find(self.path)

    def content(self) -> str:
        return digest(self.path)

    def mistakes(self, used: bool) -> Iterator[tuple[str, str]]:
        if used:
            try:
                pictures.find(self.path)
            except UserError as error:
                yield "path", str(error)


def load(spec: dict, files_by_role: dict[str, list[Path]]) -> tuple[dict[str, np.ndarray], dict]:
    """A data set from picture files (see the package for what is returned).

    `spec` has size ([height, width]), colour (grey, rgb), test_share and licence; `files_by_role` has the files under
    `local`. Raises UserError for a file that is no picture, and for too few pictures or too many folders.
    """
    paths = sorted(files_by_role["local"])
    digests = {path: files.sha256(path) for path in paths}
    # Equal pictures follow each other; names decide among them, so that the result does not depend on the disk.
    paths.sort(key=lambda path: (digests[path], path.as_posix()))
    cut = _cut([digests[path] for path in paths], spec["test_share"])
    images = np.stack([pictures.read(path, spec["colour"], tuple(spec["size"])) for path in paths])
    labels = _labels(paths)
    arrays = {
        "train_images": images[cut:],
        "train_labels": labels[cut:],
        "test_images": images[:cut],
        "test_labels": labels[:cut],
    }
    return arrays, {
        "licence": spec["licence"],
        "homepage": "",
        "source_sha256": {f"{len(paths)} pictures": digest_of(digests.values())},
    }


@functools.cache  # read once, however many jobs ask for it
def digest(folder: str) -> str:
    """SHA-256 over the contents of all pictures in a folder: a change of any of them changes it, a touch does not."""
    return digest_of(files.sha256(path) for path in pictures.find(folder))


def digest_of(digests) -> str:
    """SHA-256 over those of files, in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _cut(digests: list[str], share: float) -> int:
    """How many of the sorted pictures are test images: the share of them, and all copies of the last one."""
    cut = max(1, round(len(digests) * share))
    while 0 < cut < len(digests) and digests[cut] == digests[cut - 1]:
        cut += 1
    if cut < LEAST_TEST_IMAGES or len(digests) - cut < LEAST_TEST_IMAGES:
        raise UserError(
            f"{len(digests)} pictures at a test_share of {share:g} make {cut} test and {len(digests) - cut} training "
            f"images; at least {LEAST_TEST_IMAGES} of each are needed. Add pictures, or change test_share."
        )
    return cut


def _labels(paths: list[Path]) -> np.ndarray:
    folders = sorted({path.parent for path in paths})
    if len(folders) > MOST_CLASSES:
        raise UserError(
            f"the pictures lie in {len(folders):,} folders; at most {MOST_CLASSES} are possible, "
            "since each folder is a class. Put the pictures into fewer folders."
        )
    return np.array([folders.index(path.parent) for path in paths], np.uint8)
