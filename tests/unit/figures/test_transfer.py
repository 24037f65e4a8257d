"""Networks on other test sets, as a heat map."""

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg

from aestudy.figures import style
from aestudy.figures.data import Labels
from aestudy.figures.transfer import transfer
from unit.figures.made_up import outside

LABELS = Labels({"dataset": {"mnist": "MNIST", "fmnist": "Fashion-MNIST"}, "model": {"dense3": "3 layers"}})


def rows(variance: float, tests: list[tuple], models=("dense3",)) -> list[dict]:
    """Rows of transfer.csv: two replicates that differ by 1 dB."""
    return [
        {"dataset": "mnist", "model": model, "latent": 100, "l1": 0.0, "noise": "gaussian", "variance": variance}
        | {"replicate": r, "test_dataset": dataset, "test_noise": noise, "test_variance": level}
        | {"psnr": psnr + r, "psnr_noisy": np.nan if noise == "none" else 15.0}
        for model in models
        for dataset, noise, level, psnr in tests
        for r in (0, 1)
    ]


TESTS = [("mnist", "gaussian", 0.1, 18.5), ("fmnist", "gaussian", 0.1, 13.5), ("mnist", "none", 0.0, 20.0)]
TABLE = pd.DataFrame([*rows(0.1, TESTS), *rows(0.2, TESTS[:1])])


def draw(table=TABLE):
    with style.applied():
        figure = transfer({"transfer": table}, LABELS)
    FigureCanvasAgg(figure)
    return figure


def test_gains_are_means_over_replicates_and_clean_tests_show_the_psnr():
    axes = draw().axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["MNIST, Gaussian, σ² = 0.1", "MNIST, Gaussian, σ² = 0.2"]
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "Fashion-MNIST, Gaussian, σ² = 0.1",
        "MNIST, Gaussian, σ² = 0.1",
        "MNIST, clean",
    ]
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(0, 0): "\u22121.0", (1, 0): "+4.0", (2, 0): "(20.5)", (1, 1): "+4.0"}
    shown = np.ma.filled(np.ma.masked_invalid(axes.get_images()[0].get_array()), np.nan)
    np.testing.assert_allclose(shown, [[-1, 4, np.nan], [np.nan, 4, np.nan]])


def test_models_are_named_where_there_are_several():
    table = pd.DataFrame(rows(0.1, TESTS, ("dense3", "dense5")))
    names = [label.get_text() for label in draw(table).axes[0].get_yticklabels()]
    assert names == ["MNIST, 3 layers, Gaussian, σ² = 0.1", "MNIST, dense5, Gaussian, σ² = 0.1"]


def test_nothing_is_outside_of_the_figure():
    assert outside(draw()) == {}
    many = [(dataset, "gaussian", v / 100, 15.0) for dataset in ("mnist", "fmnist") for v in range(1, 11)]
    assert outside(draw(pd.DataFrame([row for v in range(1, 11) for row in rows(v / 100, many)]))) == {}
