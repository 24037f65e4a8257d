"""The network as a diagram: its layers and the flow of data from an image through the latent and back."""

import re
import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from aestudy.figures import parts, style
from aestudy.figures.data import KEYS, FigureData, rows_of

# Layers are called by the names of their classes in the table.
_NAMES = {
    "Conv2d": "Convolution",
    "MaxPool2d": "Max-pooling",
    "Dropout": "dropout",
    "Upsample": "Upsampling",
    "UpsampleConv2d": "Upsampling + convolution",
    "Linear": "Dense",
    "Sigmoid": "sigmoid",
}
_TONES = {"encoder": "#CFE3F1", "code": "#FFFFFF", "decoder": "#F6DCC8"}


def network(data: FigureData) -> Figure:
    """The layers and the flow of data, from a noisy image along the encoder to the code and back."""
    (run,) = data.examples
    table = rows_of(data.architecture, run, KEYS["architecture"])
    layers = {part: table[table["part"] == part] for part in ("encoder", "decoder")}
    boxes = {part: _merged(rows) for part, rows in layers.items()}
    _, noisy, denoised = data.examples[run][:, 0]
    note = parts.footnote(data.stand_in_note("mnist"))

    image, code, gap, height, margin = 0.8, 0.9, 0.22, 0.95, 0.06  # inches
    middle = {"encoder": 0.56, "decoder": 2.2}  # of each row of boxes
    narrowest = 0.76 + gap
    figure_width = max(style.WIDTH, image + code + 2 * margin + gap + narrowest * max(map(len, boxes.values())))
    figure, axes = parts.canvas(figure_width, 2.85 + (0.15 if note else 0))
    start, stop = margin + image, figure_width - margin - code  # the boxes lie between the images and the code

    top, bottom = middle["encoder"] - height / 2, middle["decoder"] + height / 2
    shape = _times(layers["encoder"]["output_shape"].iloc[-1])
    size = f"{table['latent'].iloc[0]:,} values"
    _box(axes, (stop, top, code, bottom - top), _TONES["code"], ["Code", shape, size])

    for part, y in middle.items():
        back = part == "decoder"  # from the code on the right to the image on the left
        width = (stop - start - gap) / len(boxes[part]) - gap
        for index, lines in enumerate(reversed(boxes[part]) if back else boxes[part]):
            x = start + gap + index * (width + gap)
            _box(axes, (x, y - height / 2, width, height), _TONES[part], lines)
            _arrow(axes, x - gap, x, y, back)
        _arrow(axes, stop - gap, stop, y, back)
        total = f"{part.capitalize()}: {layers[part]['parameters'].sum():,} parameters"
        inner = y - height / 2 - 0.07 if back else y + height / 2 + 0.07
        axes.text((start + stop) / 2, inner, total, ha="center", va="bottom" if back else "top")

    labels = (f"Noisy image\n{data.label.strength(run.level_name, run.level)}", "Denoised image")
    if run.noise == "none":
        labels = ("Input image", "Output image")
    for pixels, label, y in zip((noisy, denoised), labels, middle.values(), strict=True):
        tall = image * pixels.shape[1] / pixels.shape[2]
        parts.show_image(axes, pixels, (margin, margin + image, y + tall / 2, y - tall / 2))
        axes.text(margin + image / 2, y + tall / 2 + 0.05, label, ha="center", va="top", fontsize=7)
    if note:
        axes.text(figure_width - margin, figure.get_figheight() - 0.05, note, ha="right", va="bottom", **parts.NOTE)
    return figure


def _box(axes: Axes, place: tuple[float, float, float, float], colour: str, lines: list[str]) -> None:
    """A box at (x, y, width, height) in inches, its lines of text broken to its width."""
    x, y, width, height = place
    outline = "round,pad=0,rounding_size=0.05"
    axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=outline, facecolor=colour, linewidth=0.8))
    letters = int(width / 0.062)
    text = "\n".join(textwrap.fill(line, letters, break_long_words=False) for line in lines)
    axes.text(x + width / 2, y + height / 2, text, ha="center", va="center", fontsize=6.5, linespacing=1.3)


def _arrow(axes: Axes, left: float, right: float, y: float, back: bool) -> None:
    start, stop = (right, left) if back else (left, right)
    look = {
        "arrowstyle": "-|>",
        "mutation_scale": 7,
        "linewidth": 0.8,
        "color": "black",
        "shrinkA": 1.5,
        "shrinkB": 1.5,
    }
    axes.annotate("", (stop, y), (start, y), arrowprops=look)


def _merged(layers: pd.DataFrame) -> list[list[str]]:
    """Lines of text per box; a layer without parameters that keeps the shape (ReLU, dropout) joins the one before."""
    boxes: list[list[str]] = []
    shape = None
    for layer in _pooled_last(list(layers.itertuples(index=False))):
        name = _NAMES.get(layer.layer, layer.layer)
        if boxes and layer.parameters == 0 and layer.output_shape == shape:
            boxes[-1][0] += f" +\u00a0{name}"
        else:
            count = [f"{layer.parameters:,} parameters"] if layer.parameters else []
            boxes.append([name, _times(layer.output_shape), *count])
        shape = layer.output_shape
    return boxes


def _pooled_last(layers: list) -> list:
    """Layers with ReLU before the max-pooling that it follows, as reports describe them: the two can be exchanged."""
    ordered = list(layers)
    for place in range(1, len(ordered) - 1):
        pooling, activation = ordered[place : place + 2]
        if (pooling.layer, activation.layer) == ("MaxPool2d", "ReLU"):
            before = ordered[place - 1].output_shape
            ordered[place : place + 2] = activation._replace(output_shape=before), pooling
    return ordered


def _times(text: str) -> str:
    """Multiplication signs for the letter x between numbers, kept on one line by non-breaking spaces."""
    return re.sub(r"(?<=\d)\s*x\s*(?=\d)", "\u00a0×\u00a0", str(text))
