"""Networks against epochs: the figure says what the tables say."""

import pytest

from aestudy.base.run import Run
from aestudy.figures.convergence import networks
from aestudy.figures.data import FigureData, Labels
from aestudy.figures.rendering import draw
from unit.figures.made_up_convergence import EPOCHS, tables

LABELS = {
    "model": {"shallow": "2 layers", "deep": "3 layers"},
    "dataset": {"digits": "Digits", "letters": "Letters"},
}


@pytest.fixture
def data() -> FigureData:
    runs = [Run(dataset, model, 8, 0.0, "none", 0.0) for dataset in ("digits", "letters") for model in EPOCHS]
    return FigureData(runs, **tables(), label=Labels(LABELS))


def test_models_of_equal_layers_are_one_network(data):
    assert networks(data) == {"3 layers": ["deep_5", "deep"], "2 layers": ["shallow_5", "shallow"]}


def test_lines_are_means_over_replicates(data):
    drawn = draw("convergence", data)
    psnr, _, gap, _, loss, _ = drawn.axes
    lines = {line.get_label(): line for line in psnr.get_lines()}
    assert list(lines["2 layers, test"].get_xdata()) == [5, 40]
    assert list(lines["2 layers, test"].get_ydata()) == pytest.approx([18.55, 22.05])
    assert list(lines["3 layers, training"].get_ydata()) == pytest.approx([18.05, 21.55])
    gaps = {line.get_label(): list(line.get_ydata()) for line in gap.get_lines()}
    assert (gaps["2 layers, test"], gaps["3 layers, test"]) == ([0.25, 0.25], [0.5, 0.5])
    validation, training = loss.get_lines()[:2]
    assert len(validation.get_xdata()) == 40
    assert (validation.get_ydata()[1], training.get_ydata()[1]) == (0.75, 0.5)
