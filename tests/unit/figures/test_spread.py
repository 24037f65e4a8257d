"""How much replicates differ: standard deviations with their intervals."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from aestudy.base.errors import UserError
from aestudy.base.run import Run
from aestudy.figures.data import FigureData
from aestudy.figures.rendering import draw
from aestudy.figures.spread import deviation

RUNS = [Run("mnist", model, 10, 0.0, noise, v) for noise, v in (("none", 0.0), ("gaussian", 0.1)) for model in "ab"]


def data(replicates: int) -> FigureData:
    rows = []
    for run in RUNS:
        for replicate in range(replicates):
            clean = 22.0 + replicate if run.noise != "none" else np.nan
            psnr = 20 + replicate * (3 if run.model == "b" else 1)
            rows.append(run.keys | {"replicate": replicate, "psnr": psnr, "psnr_clean_input": clean})
    return FigureData(RUNS, metrics=pd.DataFrame(rows))


def test_interval_of_a_deviation_holds_it_as_often_as_it_says():
    draws = np.random.default_rng(0).normal(0, 2, (4_000, 5))
    found = [deviation(pd.Series(values)) for values in draws]
    assert found[0]["value"] == pytest.approx(draws[0].std(ddof=1))
    held = np.mean([each["low"] <= 2 <= each["high"] for each in found])
    assert held == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 4_000) ** 0.5)


def test_a_panel_per_condition_and_a_mark_per_model():
    plain, noisy = draw("spread", data(3)).axes
    (bars,) = plain.containers
    # replicates 20, 21, 22 and 20, 23, 26: deviations 1 and 3
    np.testing.assert_allclose(bars[0].get_xdata().astype(float), [1, 3])
    ends = np.sqrt(2 / scipy.stats.chi2.ppf([0.975, 0.025], 2))
    np.testing.assert_allclose(np.asarray(bars[2][0].get_segments()[0][:, 0], float), ends)
    assert [bar.get_label() for bar in noisy.containers] == ["PSNR", "PSNR of clean minus noisy input"]
    np.testing.assert_allclose(noisy.containers[1][0].get_xdata().astype(float), [0, 2])
    assert "clean" in plain.get_title() and "0.1" in noisy.get_title()


def test_one_replicate_is_a_users_mistake():
    with pytest.raises(UserError, match="the study has one replicate"):
        draw("spread", data(1))
