"""Tables as pages."""

import base64

import numpy as np
import pandas as pd

from aestudy.pages import table


def test_shows_every_cell_and_filters_by_names():
    frame = pd.DataFrame({"model": ["a<b", "c"], "psnr": [20.123456, np.nan], "epochs": [3, 15_000]})
    page = table.page(frame, "Scores", "paper", "csv & more")
    for text in ("a&lt;b", "20.12", "–", "15,000", '<select id="model">'):
        assert text in page
    assert '<select id="psnr">' not in page
    assert base64.b64encode(b"csv & more").decode() in page
