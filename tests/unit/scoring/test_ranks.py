"""Which images are the worst, the median and the best."""

import numpy as np
import pandas as pd
import pytest

from aestudy.scoring.ranks import RANKS, ranked


@pytest.mark.parametrize(
    ("psnr", "images"),
    [
        ([12.0, 9.0, 30.0, np.inf], (1, 0, 3)),  # of an even number, the lower one of the middle
        ([3.0, 1.0, 2.0], (1, 2, 0)),
        ([5.0], (0, 0, 0)),
        ([1.0, 1.0, 1.0], (0, 1, 2)),  # equal ones in their order
    ],
)
def test_by_hand(psnr, images):
    assert ranked(pd.DataFrame({"psnr": psnr})) == dict(zip(RANKS, images, strict=True))
