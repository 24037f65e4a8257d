"""One place for how figures look, and for how they are written: the same figure always gives the same bytes."""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from aestudy.base.files import replacing

WIDTH = 7.0
"""Width of a full figure in inches: the text width of a page."""
DPI = 150

# Okabe and Ito's palette, told apart by every kind of colour vision; marker and line tell the series apart in grey.
LOOKS = (
    {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    {"color": "#D55E00", "marker": "s", "linestyle": "--"},
    {"color": "#009E73", "marker": "^", "linestyle": "-."},
    {"color": "#CC79A7", "marker": "D", "linestyle": (0, (1, 1))},
    {"color": "#E69F00", "marker": "v", "linestyle": (0, (5, 1, 1, 1, 1, 1))},
    {"color": "#56B4E9", "marker": "P", "linestyle": (0, (8, 2))},
)
REFERENCE = {"color": "#6B6B6B", "linewidth": 1.0, "linestyle": (0, (1, 1.2))}
"""Thin line for what a network is compared with."""
SECOND_REFERENCE = {"color": "black", "linewidth": 0.9, "linestyle": (0, (6, 2)), "marker": "|", "markersize": 6}
INPUT = {"color": "black", "marker": "x", "linestyle": (0, (4, 2)), "linewidth": 1.0}
"""The noisy images that a network is given."""
PUBLISHED = {
    "color": "black",
    "marker": "*",
    "markersize": 14,
    "markerfacecolor": "white",
    "markeredgewidth": 0.8,
    "linestyle": "none",
    "zorder": 1.5,  # behind what was found, and larger
}
"""What a report states."""

_SETTINGS = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures do not depend on a machine's fonts
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.formatter.useoffset": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "aestudy",  # element ids would be random without it
}


@contextlib.contextmanager
def applied() -> Iterator[None]:
    """matplotlib's defaults with our settings, whatever the user's matplotlibrc says; put back afterwards."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def look(index: int) -> dict:
    """Line properties of the series number `index`; after the last they start again, with hollow markers."""
    again, index = divmod(index, len(LOOKS))
    return LOOKS[index] | ({"markerfacecolor": "white"} if again % 2 else {})


def panels(count: int, *, height: float = 2.9, columns: int = 3, sharey: bool = True) -> tuple[Figure, list]:
    """A figure with `count` axes side by side, at most `columns` in a row; a single one is not drawn at full width."""
    rows, columns = math.ceil(count / columns), min(count, columns)
    width = WIDTH if columns > 1 else 0.64 * WIDTH
    figure = Figure(figsize=(width, height * rows), layout="constrained")
    axes = list(figure.subplots(rows, columns, sharey=sharey, squeeze=False).flat)
    for unused in axes[count:]:
        unused.remove()
    return figure, axes[:count]


def save(figure: Figure, svg: str | Path, png: str | Path) -> None:
    """Write `figure` as SVG and PNG, each atomically, and without dates, so that equal figures give equal bytes."""
    with applied():
        for path, metadata in ((svg, {"Date": None, "Creator": None}), (png, {"Software": None})):
            with replacing(path) as temporary:
                figure.savefig(temporary, format=Path(path).suffix[1:], dpi=DPI, metadata=metadata)
