"""Networks against epochs: the figure and the finding say what the tables say."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from aestudy import figures
from aestudy.claims import load_claims
from aestudy.figures.convergence import networks
from aestudy.figures.data import FigureData, Run
from aestudy.tools import findings

ROOT = Path(__file__).parents[2]
EPOCHS = {"shallow_5": 5, "shallow": 40, "deep_5": 5, "deep": 40}
WIDTHS = {"shallow": ("32", "8"), "deep": ("32", "16", "8")}
LABELS = {"shallow": "2 layers", "deep": "3 layers", "digits": "Digits", "letters": "Letters"}


def made_up() -> dict[str, pd.DataFrame]:
    """Tables of a study in which both depths gain with epochs, the deeper one less and with a larger gap."""
    scores, history, layers = [], [], []
    for dataset, (model, epochs), replicate in itertools.product(("digits", "letters"), EPOCHS.items(), (0, 1)):
        keys = Run(dataset, model, 8, 0.0, "none", 0.0)._asdict() | {"replicate": replicate}
        deep = model.startswith("deep")
        test = 18 + epochs / 10 - deep + replicate / 10
        gap = 0.5 if deep else 0.25
        scores.append(keys | {"epochs": epochs, "psnr_train": test + gap, "psnr_test": test, "gap_db": gap})
        for epoch in range(1, epochs + 1):
            history.append(keys | {"epoch": epoch, "train_loss": 1 / epoch, "validation_loss": 1.5 / epoch})
        for width in WIDTHS[model.partition("_")[0]]:
            layers.append({"dataset": dataset, "model": model, "latent": 8, "layer": "Linear", "output_shape": width})
    return {
        "metrics": pd.DataFrame(scores).drop(columns=["psnr_train", "psnr_test", "gap_db"]),
        "generalisation": pd.DataFrame(scores).drop(columns="epochs"),
        "history": pd.DataFrame(history),
        "architecture": pd.DataFrame(layers),
    }


@pytest.fixture
def data() -> FigureData:
    runs = [Run(dataset, model, 8, 0.0, "none", 0.0) for dataset in ("digits", "letters") for model in EPOCHS]
    return FigureData(runs, **made_up(), labels=LABELS)


def test_models_of_equal_layers_are_one_network(data):
    assert networks(data) == {"3 layers": ["deep_5", "deep"], "2 layers": ["shallow_5", "shallow"]}


def test_lines_are_means_over_replicates(data):
    drawn = figures.draw("experiments/convergence", data)
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


def test_finding_has_a_row_per_network_and_epochs():
    tables = made_up()
    text = findings.depth(tables["metrics"], tables["generalisation"])
    assert "| digits | deep | 40 | 21.55 | 21.05 | 0.50 |" in text
    assert text.count("\n| letters |") == 4


def test_finding_has_a_row_per_verdict():
    claims = pd.DataFrame([{"id": "a", "statement": "Deeper is worse.", "verdict": "reproduced", "reason": "so | so"}])
    assert "| a | Deeper is worse. | **reproduced** | so \\| so |" in findings.verdicts(claims)


def test_claims_on_depth_can_be_read():
    claims = load_claims(ROOT / "report/convergence.yaml")
    assert len(claims) == 5
    assert all("experiments/convergence" in claim.evidence for claim in claims)
