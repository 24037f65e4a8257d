"""CIFAR-10 and its kin in their binary version: records of a label and an image, 32 x 32 pixels in three colours.

A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009). A record is one byte for the label, then
1,024 bytes of red, 1,024 of green and 1,024 of blue, row by row. CIFAR-100 has two labels, the coarse one first.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from aestudy.base.errors import UserError
from aestudy.base.settings import Field, Settings, Text, WholeNumber, patterned
from aestudy.base.wording import show
from aestudy.datasets.source import Archive, Download, FileName, Mirrors, Sha256, Source

SHAPE = (3, 32, 32)
PIXELS = 3 * 32 * 32
ArchiveName = patterned(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,190}\.(tar|tar\.gz|tgz)$",
    "the file name of a tar archive, which ends in .tar, .tar.gz or .tgz",
)


class RecordFile(Settings):
    """One member of the archive."""

    file: FileName
    """Its name in the folder of the archive."""
    sha256: Sha256
    """SHA-256 of its bytes: archives may be compressed again, what is in them may not change."""
    images: Annotated[int, Field(ge=1, le=10_000_000)]
    """Records in it."""


Members = Annotated[list[RecordFile], Field(min_length=1, max_length=100)]


class Parameters(Source):
    """A data set in CIFAR's binary version, downloaded and verified: images of 32 x 32 pixels in colour."""

    source: Literal["cifar"]
    """Where the data come from: `cifar`, an archive of files with records of a label and an image."""
    licence: Text
    """The terms that the data are published under."""
    homepage: Text
    """Where the data are described."""
    mirrors: Mirrors
    """Base addresses (https, http, file) or folders, tried in order, after AE_DATA_MIRROR. Each may have the archive,
    or the folder of its members."""
    archive: ArchiveName
    """Name of the tar archive on every mirror; it may be compressed with gzip."""
    folder: FileName
    """The folder of the members in the archive."""
    train: Members
    """The members that hold the training images."""
    test: Members
    """The members that hold the test images."""
    labels: Annotated[Literal[1, 2], WholeNumber] = 1
    """Labels of a record: 1 for CIFAR-10, 2 for CIFAR-100; the last one counts."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return SHAPE

    @property
    def spec(self) -> dict:
        return self.model_dump(exclude={"label", "mirrors", "archive", "folder"})

    def members(self) -> Archive:
        size = self.labels + PIXELS
        members = (Download(each.file, each.sha256, each.images * size) for each in (*self.train, *self.test))
        return Archive(self.archive, self.folder, tuple(members))

    def mistakes(self, used: bool) -> Iterator[tuple[str, str]]:
        for name, count in Counter(each.file for each in (*self.train, *self.test)).items():
            if count > 1:
                yield "train", f"the file name {show(name)} appears {count} times in train and test; keep one"


def load(spec: dict, files_by_role: dict[str, Path]) -> tuple[dict[str, np.ndarray], dict]:
    """A data set from CIFAR's records (see the package for what is returned).

    `spec` has licence, homepage, labels, and train and test, lists of members with file and images; `files_by_role` has
    under `members` the file that holds all of them one after another, those of train first. Raises UserError when that
    has another size.
    """
    path = Path(files_by_role["members"])
    members = [*spec["train"], *spec["test"]]
    width = spec["labels"] + PIXELS
    expected = sum(member["images"] for member in members) * width
    if path.stat().st_size != expected:
        raise UserError(
            f"{path}: it has {path.stat().st_size:,} bytes; its entry in the configuration promises {expected:,}, "
            f"records of {width:,} bytes each. Delete the file to have it fetched again, or correct the entry."
        )
    records = np.memmap(path, np.uint8, "r").reshape(-1, width)
    digests, start = {}, 0
    for member in members:
        part = records[start : start + member["images"]]
        digests[member["file"]] = hashlib.sha256(part).hexdigest()
        start += len(part)
    first_test = sum(member["images"] for member in spec["train"])
    arrays = {}
    for name, part in (("train", records[:first_test]), ("test", records[first_test:])):
        arrays[f"{name}_images"] = part[:, spec["labels"] :].reshape(-1, *SHAPE)
        arrays[f"{name}_labels"] = part[:, spec["labels"] - 1]
    return arrays, {"licence": spec["licence"], "homepage": spec["homepage"], "source_sha256": digests}
