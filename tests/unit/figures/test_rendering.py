"""Figures as files: every one is written in both formats, and equal input gives equal bytes."""

import matplotlib
import pytest
from matplotlib.image import imread

from aestudy.base.errors import UserError
from aestudy.figures import rendering
from unit.figures.made_up import FIGURES


def render(name, results, folder, **changes):
    """Write a figure of a study as `a.svg` and `a.png` in a folder."""
    svg, png = folder / "a.svg", folder / "a.png"
    rendering.render(FIGURES[name][0], svg, png, **results.inputs(name) | changes)
    return svg, png


def assert_written(svg, png):
    assert svg.read_text(encoding="utf-8").startswith("<?xml")
    height, width = imread(png).shape[:2]
    assert 400 < width <= 1060 and 150 < height < 1400
    assert svg.stat().st_size < 200_000 and png.stat().st_size < 150_000


@pytest.fixture(scope="module")
def rendered(full, tmp_path_factory):
    """All figures of the full study."""
    folder = tmp_path_factory.mktemp("rendered")
    for name in FIGURES:
        rendering.render(FIGURES[name][0], folder / f"{name}.svg", folder / f"{name}.png", **full.inputs(name))
    return folder


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_written_as_svg_and_png(name, rendered):
    assert_written(rendered / f"{name}.svg", rendered / f"{name}.png")


def test_no_temporary_file_is_left_behind(rendered):
    assert len([path for path in rendered.rglob("*") if path.is_file()]) == 2 * len(FIGURES)


@pytest.mark.parametrize("name", ["dense/fig2-2", "conv/fig1", "conv/fig4"])
def test_equal_input_gives_equal_bytes_whatever_the_users_settings(name, rendered, full, tmp_path):
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": "other", "lines.linewidth": 7, "savefig.dpi": 30}):
        svg, png = render(name, full, tmp_path)
        assert matplotlib.rcParams["font.size"] == 20
    assert svg.read_bytes() == (rendered / f"{name}.svg").read_bytes()
    assert png.read_bytes() == (rendered / f"{name}.png").read_bytes()


@pytest.mark.parametrize(
    ("study", "name"),
    [
        ("single", "dense/fig2-3-bottom"),
        ("demo", "dense/fig2-1-top"),
        ("demo", "dense/fig2-3-bottom"),
        ("demo", "conv/fig1"),
        ("colour", "dense/fig2-1-top"),
        ("colour", "conv/fig1"),
    ],
)
def test_other_studies_are_written_too(study, name, request, tmp_path):
    assert_written(*render(name, request.getfixturevalue(study), tmp_path))


def test_a_run_that_the_table_lacks_is_named(full, tmp_path):
    runs = full.inputs("dense/fig2-2")["runs"]
    with pytest.raises(UserError, match=r"no row for 1 of the 13 runs.*l1 7.0"):
        render("dense/fig2-2", full, tmp_path, runs=[*runs, runs[0] | {"l1": 7.0}])
