"""The test images that the page shows."""

import base64
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MOST = 30
"""Images per data set, unless they are large."""
ROOM = 300_000
"""Characters that the images of all data sets may take up in the page."""


@dataclass(frozen=True)
class Shown:
    """Images of a data set: their places in the test set, labels (n,) and pixels, uint8 (n, c, h, w)."""

    places: list[int]
    labels: np.ndarray
    pixels: np.ndarray

    def document(self) -> dict:
        """For JSON: shape, and images with number, label, and pixels in base64."""
        images = [
            {"number": place, "label": int(label), "pixels": base64.b64encode(pixels.tobytes()).decode()}
            for place, label, pixels in zip(self.places, self.labels, self.pixels, strict=True)
        ]
        return {"shape": list(self.pixels.shape[1:]), "images": images}


def read(pairs: Iterable[tuple[Path, Path]]) -> list[Shown]:
    """What the page shows of several data sets, each given by its test_images.npy and its test_labels.npy."""
    arrays = [(np.load(images, mmap_mode="r"), np.load(labels)) for images, labels in pairs]
    count = max(1, min(MOST, ROOM * 3 // (4 * sum(images[0].size for images, _ in arrays))))
    found = []
    for images, labels in arrays:
        places = chosen(labels, count)
        found.append(Shown(places, labels[places], np.array(images[places])))
    return found


def chosen(labels: np.ndarray, count: int) -> list[int]:
    """Places of `count` images (of all, if there are fewer) in labels (n,): the first of each class in turn."""
    turns = itertools.zip_longest(*(np.flatnonzero(labels == label).tolist() for label in np.unique(labels)))
    return sorted([place for turn in turns for place in turn if place is not None][:count])
