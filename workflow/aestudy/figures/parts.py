"""What several figures have in common: lines with spread, axes for the swept quantities, legends, rows of images."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from aestudy.claims.intervals import Part
from aestudy.figures import style
from aestudy.figures.data import KEYS, FigureData

NOTE = {"fontsize": 6.5, "style": "italic", "color": "#444444"}
_SYMBOLS = {"latent": "k", "l1": "λ"}
SPREAD = "Bars: 95 % interval over replicates, where it is wider than the mark"
NOTE_LETTERS = 125  # of a line of a note under a figure of full width


def summary(frame: pd.DataFrame, x: str, y: str) -> pd.DataFrame:
    """Mean of column `y` over the replicates and its 95 % interval (low, high), per value of `x` (index, ascending).

    Low and high are the mean where there is one replicate.
    """
    found = {place: Part(rows.to_numpy(float)) for place, rows in frame.groupby(x)[y]}
    rows = [(part.mean, *part.ends()) for part in found.values()]
    return pd.DataFrame(rows, index=pd.Index(found, name=x), columns=["mean", "low", "high"])


def series(data: FigureData, frame: pd.DataFrame, x: str, always: str = "") -> Iterator[tuple[str, pd.DataFrame]]:
    """Split `frame` into one line along `x` for each combination of the run keys that vary in it beside `x`.

    Yields a label, such as '3 layers, λ = 0.01', that names what varies (and the key `always`), and the rows.
    """
    candidates = dict.fromkeys([*KEYS["metrics"], *data.level_names])
    keys = [key for key in candidates if key == always or (key != x and frame[key].nunique() > 1)]
    for values, rows in frame.groupby(keys, sort=False, dropna=False) if keys else [((), frame)]:
        words = (_words(data, key, value) for key, value in zip(keys, values, strict=True) if not pd.isna(value))
        yield ", ".join(words), rows


def _words(data: FigureData, key: str, value) -> str:
    """A value of a run key in a legend: names as they are called, numbers after their symbol."""
    if key in _SYMBOLS:
        return f"{_SYMBOLS[key]} = {value:g}"
    return f"{data.label('symbol', key)} = {value:g}" if key in data.level_names else data.label(key, value)


def spread_line(axes: Axes, frame: pd.DataFrame, x: str, y: str, label: str, look: dict) -> None:
    """Means over replicates as a line; with more than one replicate, bars over their 95 % intervals."""
    values = summary(frame, x, y)
    axes.plot(values.index, values["mean"], label=label, **look)
    if frame["replicate"].nunique() > 1:
        reach = [values["mean"] - values["low"], values["high"] - values["mean"]]
        axes.errorbar(
            values.index, values["mean"], yerr=reach, fmt="none", ecolor=look["color"], elinewidth=0.9, capsize=2.2
        )


def psnr_axis(axes: Axes) -> None:
    """Label of the vertical axis, once all is drawn; it spans at least 1 dB, so that trifles do not look large."""
    low, high = axes.get_ylim()
    widen = max(1 - (high - low), 0) / 2
    axes.set(ylabel="PSNR (dB)", ylim=(low - widen, high + widen))


def plain(values: Iterable[float]) -> dict[float, str]:
    """Labels of values in shortest form, for `value_axis`."""
    return {value: f"{value:g}" for value in values}


def value_axis(axes: Axes, labels: Mapping[float, str], room: float = 0.28) -> None:
    """Ticks at the values that were run (value -> label), once all is drawn; left out where they would touch.

    room: width of a label in inches.
    """
    width = axes.get_position().width * axes.figure.get_figwidth()
    to_fraction = axes.transScale + axes.transLimits
    ticks, last = [], -np.inf
    for value in sorted(labels):
        place = to_fraction.transform((value, axes.get_ylim()[0]))[0] * width
        if place - last >= room:
            ticks.append(value)
            last = place
    axes.set_xticks(ticks, [labels[value] for value in ticks])
    axes.xaxis.set_minor_locator(NullLocator())


def penalty_axis(axes: Axes, values: Sequence[float]) -> None:
    """Logarithmic axis for the L1 weight that still shows 0, one step to the left of the smallest positive value."""
    positive = [value for value in values if value > 0]
    if positive:
        axes.set_xscale("symlog", linthresh=min(positive), linscale=1)
    value_axis(axes, {value: _power(value) for value in values}, room=0.25)


def _power(value: float) -> str:
    """Powers of ten as such, anything else in shortest form."""
    exponent = np.log10(value) if value > 0 else 0.0
    return f"$10^{{{exponent:.0f}}}$" if exponent and np.isclose(exponent, round(exponent)) else f"{value:g}"


def legend(figure: Figure, note: str = "") -> None:
    """One legend above all panels, each label once, in as many columns as fit; `note` goes below the panels."""
    handles = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    if handles:
        columns = _fitting_columns(list(handles), figure.get_figwidth())
        figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=columns, columnspacing=1.6)
    if note:
        figure.supxlabel(textwrap.fill(note, NOTE_LETTERS), x=0.995, ha="right", **NOTE)


def _fitting_columns(labels: list[str], width: float) -> int:
    """The most columns of a legend that `width` inches hold, by the mean width of a letter; a legend fills columns."""
    for columns in range(len(labels), 1, -1):
        widths = (0.52 + 0.053 * max(map(len, column)) for column in np.array_split(labels, columns))
        if sum(widths) <= width:
            return columns
    return 1


def footnote(*parts: str) -> str:
    """The parts that are not empty, as sentences in one line."""
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def ahead(rival: pd.Series, own: pd.Series) -> list[float]:
    """Where a rival's values are above one's own, of the places that both have."""
    places = rival.index.intersection(own.index)
    return [place for place in places if rival[place] > own[place]]


def published(axes: Axes, points: Mapping[float, float], label: str = "Report") -> None:
    """Stars at what a report states (place -> value), if it states any."""
    if points:
        axes.plot(points.keys(), points.values(), label=label, **style.PUBLISHED)


def show_image(axes: Axes, image: np.ndarray, extent: tuple[float, float, float, float]) -> None:
    """Draw an image (c, h, w) in [0, 1]: three channels in colour, otherwise their mean in grey."""
    image = np.clip(image, 0, 1)
    pixels = image.transpose(1, 2, 0) if len(image) == 3 else image.mean(axis=0)
    # interpolation "none" keeps the pixels as they are in SVG, however far it is enlarged
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=1, extent=extent, interpolation="none", aspect="auto")


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of width x height inches under one invisible axes that measures inches from the top left."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(height, 0), autoscale_on=False)
    return figure, axes


def image_rows(
    rows: Sequence[np.ndarray],
    labels: Sequence[str],
    *,
    title: str = "",
    note: str = "",
    heads: Sequence[str] = (),
    under: Sequence[Sequence[str]] | None = None,
) -> Figure:
    """Rows of images, each with its label to the left.

    rows: arrays (n, c, h, w) in [0, 1]. heads: text above each column. under: for each row, text under each image.
    """
    count, _, image_height, image_width = rows[0].shape
    # All lengths are whole pixels of the PNG, and images are enlarged by a whole factor: their pixels stay square.
    left, gap, line, margin = (pixels / style.DPI for pixels in (127, 6, 24, 8))
    room = (style.WIDTH - left - margin) / max(count, 1) - gap
    cell = max(int(min(room, 0.95) * style.DPI / image_width), 1) * image_width / style.DPI
    tall = cell * image_height / image_width
    pitches = [tall + gap + (line if under and any(under[row]) else 0) for row in range(len(rows))]
    top = margin + (line if title else 0) + (line if len(heads) else 0)
    width = max(left + count * (cell + gap) - gap + margin, 0.5 * style.WIDTH)
    figure, axes = canvas(width, top + sum(pitches) + (line if note else 0) + margin)

    y = top
    for row, (images, label, pitch) in enumerate(zip(rows, labels, pitches, strict=True)):
        axes.text(left - 0.1, y + tall / 2, label, ha="right", va="center", linespacing=1.3)
        for column, image in enumerate(images):
            x = left + column * (cell + gap)
            show_image(axes, image, (x, x + cell, y + tall, y))
            if row == 0 and len(heads):
                axes.text(x + cell / 2, y - 0.05, heads[column], ha="center", va="bottom", fontsize=7)
            if under and under[row]:
                axes.text(x + cell / 2, y + tall + 0.03, under[row][column], ha="center", va="top", fontsize=7)
        y += pitch
    if title:
        axes.text(left, margin, title, ha="left", va="top", fontsize=8.5)
    if note:
        axes.text(width - margin, y + 0.02, note, ha="right", va="top", **NOTE)
    return figure
