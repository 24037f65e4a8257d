"""The images of a run that are kept beside its first ones: the worst, the median and the best restored."""

import pandas as pd

RANKS = ("worst", "median", "best")
"""Their places in the order of PSNR."""


def ranked(scored: pd.DataFrame) -> dict[str, int]:
    """The worst, the median and the best restored test image of a replicate by PSNR: number of the image by RANKS.

    scored: scores per image. Of an even number of images, the median is the lower one of the middle.
    """
    order = scored["psnr"].to_numpy().argsort(kind="stable")
    return dict(zip(RANKS, order[[0, (len(order) - 1) // 2, -1]].tolist(), strict=True))
