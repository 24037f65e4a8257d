"""The picture of all claims: distances by hand, a look for each verdict, nothing outside of the figure."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color

from aestudy.claims.records import NOT_TESTABLE, VERDICTS
from aestudy.figures import style
from aestudy.figures.data import Labels
from aestudy.figures.verdicts import LOOKS, verdicts
from unit.figures.made_up import outside

CLAIMS = pd.DataFrame(
    [
        # id, expected, observed, ci_low, ci_high, tolerance, scale, verdict, exploratory
        ("a-number", "20", 21.0, 20.5, 21.5, 0.5, 0.5, "not reproduced", ""),
        ("no-effect", "~ 0", 0.1, -0.1, 0.3, 0.5, 0.5, "reproduced", "yes"),
        ("above", "> 1", 3.0, 2.0, 4.0, 0.0, 0.5, "inconclusive", ""),
        ("below-with-ties", "<= 0", 0.5, 0.25, 0.75, 0.25, 1.0, "contradicted", ""),
        ("one-replicate", "> 0", -200.0, np.nan, np.nan, 0.0, 1.0, "direction only", ""),
        ("nothing", "> 0", np.nan, np.nan, np.nan, 0.0, 1.0, "not testable", ""),
    ],
    columns=["id", "expected", "observed", "ci_low", "ci_high", "tolerance", "scale", "verdict", "exploratory"],
).assign(unit="dB")
CERTAINTY = pd.DataFrame({"id": ["above", "above"], "observed": [3.0, 5.0]})


def draw(claims=CLAIMS, certainty=CERTAINTY):
    with style.applied():
        figure = verdicts({"claims": claims, "certainty": certainty}, Labels())
    FigureCanvasAgg(figure)
    return figure


def marks(axes) -> dict[float, float]:
    """Distance of the large mark of each row, by place."""
    found = {}
    for line in axes.get_lines():
        if line.get_marker() in {look["marker"] for look in LOOKS.values()}:
            found[float(np.ravel(line.get_ydata())[0])] = float(np.ravel(line.get_xdata())[0])
    return found


def test_distances_are_in_tolerances_and_positive_on_the_claimed_side():
    numbers, signs = draw().axes
    assert marks(numbers) == pytest.approx({0: 2.0, 1: 0.2})
    # 2 above the bound at a scale of 0.5; 0.25 beyond 0 + the ties on the wrong side; 200 on the wrong side
    assert marks(signs) == pytest.approx({0: 4.0, 1: -0.25, 2: -200.0})


def test_intervals_are_drawn_where_there_are_some():
    _, signs = draw().axes
    bars = {
        float(line.get_ydata()[0]): sorted(line.get_xdata())
        for line in signs.get_lines()
        if line.get_marker() == "None" and len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[1]
    }
    assert bars == {0.0: [2.0, 6.0], 1.0: [-0.5, 0.0]}


def test_parts_of_a_claim_are_dots():
    _, signs = draw().axes
    dots = [float(np.ravel(line.get_xdata())[0]) for line in signs.get_lines() if line.get_marker() == "."]
    assert dots == [4.0, 8.0]


def test_exploratory_claims_are_hollow():
    numbers, _ = draw().axes
    by_place = {float(np.ravel(line.get_ydata())[0]): line for line in numbers.get_lines() if line.get_marker() in "so"}
    assert same_color(by_place[1.0].get_markerfacecolor(), "white")
    assert not same_color(by_place[0.0].get_markerfacecolor(), "white")


def test_untestable_claims_are_left_out():
    figure = draw()
    assert not any("nothing" in label.get_text() for axes in figure.axes for label in axes.get_yticklabels())
    assert len(draw(CLAIMS[CLAIMS["verdict"] == "not testable"]).axes) == 0


def test_every_verdict_has_a_mark_of_its_own():
    """So that they are told apart in grey."""
    assert set(LOOKS) == set(VERDICTS) - {NOT_TESTABLE}
    for one, other in itertools.combinations(LOOKS.values(), 2):
        assert one["marker"] != other["marker"] and one["color"] != other["color"]


def test_the_legend_counts_each_verdict():
    (legend,) = draw().legends
    assert [text.get_text() for text in legend.get_texts()] == [
        f"{verdict} (1)"
        for verdict in ("reproduced", "direction only", "inconclusive", "not reproduced", "contradicted")
    ]


@pytest.mark.parametrize("copies", [1, 8])
def test_nothing_is_outside_of_the_figure(copies):
    assert outside(draw(pd.concat([CLAIMS] * copies))) == {}


def test_one_kind_of_claim_has_one_panel():
    assert len(draw(CLAIMS[:2]).axes) == 1
