"""Heat map of joint readings, and the posterior of answers."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from aestudy.figures import readings, style
from aestudy.figures.data import Labels
from unit.figures.made_up import outside, texts

ANSWERS = pd.DataFrame(
    [
        ("dense", "depth", "How deep is it?", "two", "two layers", 0.5, 0.9),
        ("dense", "depth", "How deep is it?", "three", "three layers", 0.5, 0.1),
        ("dense", "loss", "Which loss?", "bce", "cross-entropy", 0.7, 0.2),
        ("dense", "loss", "Which loss?", "mse", "squared error", 0.3, 0.8),
        ("conv", "window", "Which window?", "seven", "seven pixels", 0.5, 0.5),
        ("conv", "window", "Which window?", "eleven", "eleven pixels", 0.5, 0.5),
    ],
    columns=["report", "question", "asked", "answer", "meaning", "prior", "posterior"],
)


def table(count: int) -> pd.DataFrame:
    """Readings of two reports: `count` of the first, of two claims, and two of the other, of one claim."""
    rows = [
        {"report": "dense", "rank": i + 1, "worst": 0.5 + i, "depth": ["two", "three"][i % 2], "loss": "bce"}
        | {"dense-1:tolerances": 0.5 + i, "dense-2:tolerances": 0.0}
        for i in range(count)
    ]
    rows += [
        {"report": "conv", "rank": i + 1, "worst": i, "window": name, "conv-1:tolerances": i}
        for i, name in enumerate(("seven", "eleven"))
    ]
    return pd.DataFrame(rows)


def draw(name: str, **tables):
    with style.applied():
        figure = getattr(readings, name)(tables, Labels())
    FigureCanvasAgg(figure)
    return figure


def test_a_map_per_report_shows_its_nearest_readings_and_its_own_claims():
    dense, conv, _ = draw("readings", readings=table(4), answers=ANSWERS).axes
    shown = np.asarray(dense.get_images()[0].get_array())
    np.testing.assert_allclose(shown, [[0.5, 0], [1.5, 0], [2.5, 0], [3.5, 0]])
    assert [label.get_text() for label in dense.get_xticklabels()] == ["dense-1", "dense-2"]
    assert [label.get_text() for label in conv.get_xticklabels()] == ["conv-1"]
    assert [label.get_text() for label in conv.get_yticklabels()] == ["seven   (0.00)", "eleven   (1.00)"]


def test_answers_that_all_shown_readings_share_stand_in_the_title():
    dense, *_ = draw("readings", readings=table(4), answers=ANSWERS).axes
    assert dense.get_title(loc="left") == "Report dense: the nearest of 4 readings; all: bce"
    assert dense.get_yticklabels()[0].get_text() == "two   (0.50)"


def test_no_more_readings_are_shown_than_there_is_room_for():
    dense, *_ = draw("readings", readings=table(60), answers=ANSWERS).axes
    assert len(dense.get_yticks()) == min(readings.SHOWN, 6 * 2)
    assert "the nearest of 60 readings" in dense.get_title(loc="left")


def test_numbers_stand_in_the_map_and_a_sign_that_holds_is_a_dot():
    dense, *_ = draw("readings", readings=table(2), answers=ANSWERS).axes
    assert [text.get_text() for text in dense.texts] == ["0.5", "·", "1.5", "·"]


@pytest.mark.parametrize("count", [1, 4, 60])
def test_nothing_of_the_map_is_outside_of_the_figure(count):
    assert outside(draw("readings", readings=table(count), answers=ANSWERS)) == {}


def test_bars_are_posteriors_and_lines_are_priors():
    (axes,) = draw("answers", answers=ANSWERS).axes
    assert [patch.get_width() for patch in axes.patches] == ANSWERS["posterior"].tolist()
    assert [line.get_xdata()[0] for line in axes.get_lines()] == ANSWERS["prior"].tolist()
    assert [label.get_text() for label in axes.get_yticklabels()] == ANSWERS["meaning"].tolist()


def test_every_question_is_asked():
    figure = draw("answers", answers=ANSWERS)
    for report, asked in (("dense", "How deep is it?"), ("dense", "Which loss?"), ("conv", "Which window?")):
        assert f"{report}: {asked}" in texts(figure)
    assert outside(figure) == {}
