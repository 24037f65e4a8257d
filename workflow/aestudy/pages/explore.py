"""The page to explore: choose a run; see its curve, its pictures and its scores.

The page is one document of a few hundred kilobytes, with a small script and drawings of its own. A plotting library's
bundle would be larger than what a browser shows within report.html (see `rendering.LARGEST_FRAME`).
"""

import base64
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base import levels
from aestudy.base.pictures import to_image
from aestudy.base.run import CONDITION_KEYS, Run
from aestudy.figures.data import Labels, rows_of
from aestudy.figures.style import LOOKS
from aestudy.pages.rendering import LARGEST_FRAME, render
from aestudy.scoring.ranks import RANKS, ranked

SCORES = ("psnr", "ssim", "bce")
"""Columns of tables/metrics.csv that the curve may show."""

log = logging.getLogger("aestudy")


@dataclass(frozen=True)
class Files:
    """What evaluation left of a run: scores.parquet and pictures.npy."""

    scores: Path
    pictures: Path


class Pictures:
    """Pictures as PNG files in data addresses, each kept once."""

    def __init__(self):
        self.addresses: dict[str, int] = {}

    def add(self, image: np.ndarray) -> int:
        """The number of an image (c, h, w) in [0, 1]: three channels in colour, otherwise their mean in grey."""
        if len(image) not in (1, 3):
            image = np.clip(image, 0, 1).mean(axis=0, keepdims=True)
        buffer = io.BytesIO()
        to_image(image).save(buffer, "PNG", optimize=True)
        address = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
        return self.addresses.setdefault(address, len(self.addresses))


def page(
    study: str,
    runs: Sequence[Run],
    files: Sequence[Files],
    metrics: pd.DataFrame,
    baselines: pd.DataFrame,
    label: Labels,
) -> str:
    """The page as an HTML document. runs and files belong together, in configured order; tables as in results.

    The first examples of each run are shown, as many of them as the page has room for.
    """
    kept = min(len(np.load(each.pictures, mmap_mode="r")[0]) for each in files) - len(RANKS)
    for count in range(kept, -1, -1):
        document = render("explore.html", study=study, data=data(runs, files, metrics, baselines, label, count))
        if len(document.encode()) <= LARGEST_FRAME:
            return document
    log.warning(
        "The page to explore has %.1f MB, more than browsers show within report.html. Open the file itself, or make "
        "the report as report.zip.",
        len(document.encode()) / 1e6,
    )
    return document


def data(
    runs: Sequence[Run],
    files: Sequence[Files],
    metrics: pd.DataFrame,
    baselines: pd.DataFrame,
    label: Labels,
    examples: int,
) -> dict:
    """All that the page knows, for JSON: `runs`, `pictures`, `labels`, `looks`. A number that is infinite is None."""
    pictures = Pictures()
    described = [
        _run(run, each, rows_of(metrics, run), baselines, label, examples, pictures)
        for run, each in zip(runs, files, strict=True)
    ]
    return {
        "runs": described,
        "pictures": list(pictures.addresses),
        "labels": {
            key: {name: label(key, name) for name in sorted({getattr(run, key) for run in runs})}
            for key in ("dataset", "model")
        },
        "looks": [look["color"] for look in LOOKS],
    }


def _run(run: Run, files: Files, rows: pd.DataFrame, baselines, label, examples: int, pictures: Pictures) -> dict:
    scores = pd.read_parquet(files.scores)
    first = scores[scores["replicate"] == scores["replicate"].min()].set_index("image")
    kept = np.load(files.pictures, mmap_mode="r").swapaxes(0, 1)
    shown, extremes = kept[:examples], kept[-len(RANKS) :]
    noise = strength = "none"
    if run.noise != "none":
        noise = f"{label('noise', run.noise)}, {levels.text(run.level_name)} {run.level:g}"
        strength = label.strength(run.level_name, run.level)
    return {
        "dataset": run.dataset,
        "model": run.model,
        "latent": int(rows["latent"].iloc[0]),
        "l1": run.l1,
        "noise": noise,
        "strength": strength,
        "kind": run.noise,
        "level": run.level,
        "replicates": len(rows),
        "scores": {name: [_finite(rows[name].agg(how)) for how in ("mean", "min", "max")] for name in SCORES},
        "noisy": {name: _finite(rows[f"{name}_noisy"].mean()) for name in ("psnr", "ssim")},
        "baseline": _baseline(run, rows, baselines),
        "examples": [
            _image(number, first.loc[number], images, pictures, run.noise != "none")
            for number, images in enumerate(shown)
        ],
        "ranks": [
            {"rank": rank} | _image(number, first.loc[number], images, pictures, run.noise != "none")
            for (rank, number), images in zip(ranked(first).items(), extremes, strict=True)
        ],
    }


def _image(number: int, row: pd.Series, images: np.ndarray, pictures: Pictures, noisy: bool) -> dict:
    """One test image: its number, its pictures (clean, input, output; input only where it is not the clean one)."""
    clean, given, restored = images
    return {
        "image": number,
        "clean": pictures.add(clean),
        "input": pictures.add(given) if noisy else None,
        "output": pictures.add(restored),
        **{name: _finite(row[name]) for name in ("psnr", "ssim", "psnr_noisy", "ssim_noisy")},
    }


def _baseline(run: Run, rows: pd.DataFrame, baselines: pd.DataFrame) -> dict | None:
    """What does best without a network: under noise the best baseline, without it the PCA of the same size."""
    own = rows_of(baselines, run, CONDITION_KEYS)
    if run.noise == "none":
        own = own[(own["baseline"] == "pca") & (own["latent"] == rows["latent"].iloc[0])]
    if own.empty:
        return None
    best = own.loc[own["psnr"].idxmax()]
    return {"name": best["baseline"].replace("_", " ")} | {name: _finite(best[name]) for name in SCORES}


def _finite(value) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
