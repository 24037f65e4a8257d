"""The figure of the protocols."""

import pytest

from aestudy.figures import protocols
from unit.claims import made_up_protocols


@pytest.fixture(scope="module")
def table():
    return made_up_protocols.table()


def test_a_panel_per_number_and_a_dot_per_protocol(table):
    drawn = protocols.draw(table)
    plain, noise = drawn.axes
    assert [label.get_text() for label in plain.get_yticklabels()] == [
        "base protocol",
        "with pooled",
        "with better",
    ]
    dots = sorted(line.get_xdata()[0] for line in plain.get_lines() if line.get_marker() in "os")
    assert dots == pytest.approx(sorted(table["observed"][:3]))
    assert noise.get_xlabel() == "dB, published 8"
    (band,) = plain.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == (19, 21)
