"""How figures look: series are told apart, settings are put back, files are the same every time."""

import matplotlib
import pytest
from matplotlib.figure import Figure

from aestudy.figures import style


def test_series_are_told_apart_by_colour_marker_and_line():
    for key in ("color", "marker", "linestyle"):
        assert len({str(look[key]) for look in style.LOOKS}) == len(style.LOOKS)


def test_after_the_last_look_they_start_again_with_hollow_markers():
    count = len(style.LOOKS)
    assert style.look(0) == style.LOOKS[0]
    assert style.look(count + 1) == style.LOOKS[1] | {"markerfacecolor": "white"}
    assert style.look(2 * count) == style.LOOKS[0]


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 3), (7, 3, 3)])
def test_panels_stand_side_by_side_up_to_three(count, rows, columns):
    figure, axes = style.panels(count)
    assert len(axes) == count == len(figure.axes)
    assert axes[0].get_subplotspec().get_gridspec().get_geometry() == (rows, columns)


def test_a_users_settings_are_set_aside_and_put_back():
    with matplotlib.rc_context({"font.size": 20}):
        with style.applied():
            assert matplotlib.rcParams["font.size"] == 8
        assert matplotlib.rcParams["font.size"] == 20


def test_files_hold_no_date(tmp_path):
    style.save(Figure(), tmp_path / "a.svg", tmp_path / "a.png")
    assert "<dc:date>" not in (tmp_path / "a.svg").read_text()
    assert b"Software" not in (tmp_path / "a.png").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg"]
