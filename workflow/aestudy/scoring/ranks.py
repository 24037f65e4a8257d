"""Which test images are singled out: the first hundred, and the worst, the median and the best restored of a run."""

import pandas as pd

FIRST = 100
"""Test images that report `conv` gives its scores over."""
RANKS = ("worst", "median", "best")
"""Their places in the order of PSNR."""


def ranked(scored: pd.DataFrame) -> dict[str, int]:
    """The worst, the median and the best restored test image of a replicate by PSNR: number of the image by RANKS.

    scored: scores per image. Of an even number of images, the median is the lower one of the middle.
    """
    order = scored["psnr"].to_numpy().argsort(kind="stable")
    return dict(zip(RANKS, order[[0, (len(order) - 1) // 2, -1]].tolist(), strict=True))
