"""The digits that scikit-learn carries: 1,797 handwritten digits of 8 x 8 pixels, brought to 28 x 28. Needs no network.

E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998);
scikit-learn carries the part that UCI calls the test set.
"""

import hashlib
from pathlib import Path
from typing import Literal

import numpy as np

from aestudy.datasets.source import Source

SIDE = 28
WHITE = 16  # pixels count the inked ones among 4 x 4 pixels of the scan
FIRST_TEST_IMAGE = 1415
"""The images come form by form: 13 writers filled in 14 forms. Each form asks for nearly the same digits in the same
order, so the labels show where one starts: 0, 130, 256, ..., 1415, 1545, 1667. The cut lies between two forms: the test
set, the last three (21 % of the images), is by other writers than the training set, as MNIST's is, but perhaps for the
one who filled in two forms; who that was is not recorded."""


class Parameters(Source):
    """The digits that scikit-learn carries, brought to 28 x 28: needs no network."""

    source: Literal["digits"]
    """Where the data come from: `digits`, those that scikit-learn carries."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return 1, SIDE, SIDE


def load(spec: dict, files_by_role: dict[str, Path]) -> tuple[dict[str, np.ndarray], dict]:
    """1,415 training and 382 test images of 1 x 28 x 28 (see the package for what is returned). Uses no argument."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    resized = _resize(images)
    arrays = {
        "train_images": resized[:FIRST_TEST_IMAGE],
        "train_labels": labels[:FIRST_TEST_IMAGE],
        "test_images": resized[FIRST_TEST_IMAGE:],
        "test_labels": labels[FIRST_TEST_IMAGE:],
    }
    about = {
        "licence": "CC BY 4.0",
        "homepage": "https://doi.org/10.24432/C50P49",
        "source_sha256": {
            "sklearn.datasets.load_digits().images, as uint8": hashlib.sha256(images.tobytes()).hexdigest(),
            "sklearn.datasets.load_digits().target, as uint8": hashlib.sha256(labels.tobytes()).hexdigest(),
        },
    }
    return arrays, about


def _resize(images: np.ndarray) -> np.ndarray:
    """Images (n, 8, 8) with values 0..16 as uint8 (n, 1, 28, 28) with values 0..255.

    Bicubic, since bilinear smears the strokes: taken back to 8 x 8 it is off by 1.9 of the 16 grey levels (root mean
    square), bicubic by 1.1. What overshoots the range is clipped.
    """
    import torch
    from torch.nn.functional import interpolate

    pixels = torch.from_numpy(images).double().unsqueeze(1)
    pixels = interpolate(pixels, [SIDE, SIDE], mode="bicubic", antialias=True).clamp(0, WHITE)
    # Half-way values are common (8 of 16 is 127.5); without the first rounding a machine's last bit would decide them.
    return (pixels.round(decimals=6) * (255 / WHITE)).round().to(torch.uint8).numpy()
