"""Applies a trained model to a folder of pictures: the restored pictures, and a sheet of before and after.

    python -m aestudy restore --run results/demo/runs/digits/conv/gaussian_once-0.25/replicate-0 \\
        --images my-pictures --out my-pictures-restored
"""

import argparse
import functools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from aestudy.base import files, pictures, registry, seeds
from aestudy.base.errors import UserError
from aestudy.base.wording import several
from aestudy.replicates import replicate
from aestudy.replicates.replicate import Replicate, size_text

SHEET = "before-after.png"
SHEET_PICTURES = 20
"""Pictures on the sheet: the first ones by name."""
CELL = 112
"""Pixels that a picture's longer side has at least on the sheet; pixels are enlarged by a whole factor."""
LARGEST_CELL = 640
"""Pixels that a picture's side has at most on the sheet: of a larger picture it shows the middle."""
GAP, HEAD = 8, 18
BATCH_VALUES = 2_000_000
"""Values of the pictures that go through the model together; a larger picture goes alone. Photographs by the dozen
would fill the memory."""


def restore_folder(
    run: Replicate,
    images: Path,
    out: Path,
    fit: bool = False,
    add_noise: bool = False,
    strength: float | None = None,
) -> list[Path]:
    """Restore every picture in `images` into `out` (as PNG, in the same folders), and draw the sheet there.

    fit: bring pictures of other sizes to that of the training images, as the data source `folder` does. add_noise:
    first add the noise that the run was trained against, which shows on clean pictures what the model can do. strength:
    standard deviation of the noise on the pictures, for a model that is told it and where none is added. Returns the
    restored files. Raises UserError for pictures that do not fit the model; nothing is then written.
    """
    _check_strength(run, add_noise, strength)
    paths = pictures.find(images)
    if out.resolve().is_relative_to(images.resolve()):
        raise UserError(f"{out} lies in {images}: restored pictures would be restored again; choose another --out")
    if add_noise and run.identity.noise is None:
        raise UserError(f"{run.name} was trained without noise, so there is none to add; leave --add-noise out")
    targets = _targets(paths, images, out)
    names = {path: path.relative_to(images).as_posix() for path in paths}
    on_sheet = dict.fromkeys(paths[:SHEET_PICTURES])
    load = functools.lru_cache(maxsize=1)(run.load)  # batches of one shape follow each other
    for batch in _batches(_shapes(run, paths, fit)):
        before = np.stack([_read(run, path, fit) for path in batch])
        model = load(before.shape[1:])
        inputs, after = _apply(run, model, before, [names[path] for path in batch], add_noise, strength)
        for path, *versions in zip(batch, before, inputs, after, strict=True):
            with files.replacing(targets[path]) as temporary:
                pictures.to_image(versions[-1]).save(temporary)
            if path in on_sheet:
                on_sheet[path] = [_middle(version) for version in versions]
    columns = {"before": 0, "with noise": 1, "after": 2} if add_noise else {"before": 0, "after": 2}
    stages = {title: [versions[column] for versions in on_sheet.values()] for title, column in columns.items()}
    with files.replacing(out / SHEET) as temporary:
        sheet([names[path] for path in on_sheet], stages).save(temporary)
    return list(targets.values())


def _targets(paths: list[Path], images: Path, out: Path) -> dict[Path, Path]:
    """Where each restored picture goes: named as the original, which must differ in more than its suffix."""
    originals: dict[Path, Path] = {}
    for path in paths:
        target = (out / "restored" / path.relative_to(images)).with_suffix(".png")
        if target in originals:
            raise UserError(f"{originals[target]} and {path} would both be restored as {target.name}; rename one")
        originals[target] = path
    return {path: target for target, path in originals.items()}


def _read(run: Replicate, path: Path, fit: bool) -> np.ndarray:
    """A picture in the colours of the training images, as uint8 (channels, height, width)."""
    return pictures.read(path, pictures.COLOURS[run.shape[0]], run.shape[1:] if fit else None)


def _shapes(run: Replicate, paths: list[Path], fit: bool) -> dict[Path, tuple[int, ...]]:
    """The shape of each picture. Raises UserError unless the model takes all of them."""
    if run.shape[0] not in pictures.COLOURS:
        raise UserError(f"{run.name} takes images with {run.shape[0]} channels; pictures have 1 (grey) or 3 (rgb)")
    shapes = {path: _read(run, path, fit).shape for path in paths}
    refused = {path: reason for path, shape in shapes.items() if (reason := _misfit(run, shape))}
    if refused:
        path, reason = next(iter(refused.items()))
        raise UserError(
            f"{len(refused)} of {len(paths)} pictures do not fit {run.name}, which was trained on "
            f"{size_text(run.shape)}. The first is {path}: {reason}. "
            "Add --fit to have pictures scaled and cut to the size of the training images."
        )
    return shapes


def _batches(shapes: dict[Path, tuple[int, ...]]) -> Iterator[list[Path]]:
    """Pictures of one shape that go through the model together: at most BATCH_VALUES values, or one picture."""
    alike: dict[tuple[int, ...], list[Path]] = {}
    for path, shape in shapes.items():
        alike.setdefault(shape, []).append(path)
    for shape, found in alike.items():
        count = max(1, BATCH_VALUES // math.prod(shape))
        yield from (found[start : start + count] for start in range(0, len(found), count))


def _misfit(run: Replicate, shape: tuple[int, ...]) -> str | None:
    """Why a picture does not fit, or None. A model whose code size follows from the image takes other sizes too."""
    network = run.identity.network
    module = registry.load("models", network.architecture)
    if shape == run.shape:
        return None
    if network.has_free_latent:
        return f"it has {pictures.by(*shape[1:])} pixels, and the model takes {pictures.by(*run.shape[1:])}"
    return module.misfit(network, shape)


def _check_strength(run: Replicate, add_noise: bool, strength: float | None) -> None:
    told = getattr(run.identity.network, "takes_level", False)
    if strength is not None and not 0 <= strength < math.inf:
        raise UserError(f"--strength: found {strength:g}; allowed: a standard deviation, 0 or above, such as 0.1")
    if told and not add_noise and strength is None:
        raise UserError(
            f"{run.name} must be told how strong the noise on the pictures is: add --strength with its standard "
            "deviation, for values from 0 (black) to 1 (white), or --add-noise"
        )
    if strength is not None and (add_noise or not told):
        reason = "the strength of the noise that --add-noise adds is known" if told else f"{run.name} does not take it"
        raise UserError(f"--strength: found {strength:g}, but {reason}; leave --strength out")


def _apply(
    run: Replicate, model, before: np.ndarray, names: Sequence[str], add_noise: bool, strength: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of the run's model (pictures as floats, with noise) and what it makes of them, for uint8 (n, c, h, w).

    The noise on a picture depends on its name alone, not on what else lies in the folder.
    """
    import torch

    from aestudy.network import inference
    from aestudy.network.inputs import add_noise_with_levels, deviations, to_device

    inputs, noise = to_device(before, torch.device("cpu")), run.identity.noise
    strengths = None if strength is None else torch.full((len(inputs),), strength)
    if add_noise:
        keys = [seeds.key(run.identity.seed, run.manifest.replicate, f"restore-noise {name}") for name in names]
        drawn = [add_noise_with_levels(each[None], noise, key) for each, key in zip(inputs, keys, strict=True)]
        inputs, levels = (torch.cat(parts) for parts in zip(*drawn, strict=True))
        strengths = deviations(noise, levels, inputs) if model.takes_level else None
    restored, _ = inference.restore(model, inputs, strengths)
    return inputs.numpy(), restored.numpy()


def _middle(picture: np.ndarray) -> np.ndarray:
    """A copy of the picture's middle, of at most LARGEST_CELL pixels in height and width: the picture can go."""
    top, left = (max(0, (side - LARGEST_CELL) // 2) for side in picture.shape[1:])
    return picture[:, top : top + LARGEST_CELL, left : left + LARGEST_CELL].copy()


def sheet(names: Sequence[str], stages: dict[str, Sequence[np.ndarray]]):
    """A sheet of the first pictures as a Pillow image: one row per picture, one column per stage, names beside them.

    stages: title -> pictures (channels, height, width), uint8 or floats in [0, 1].
    """
    from PIL import Image, ImageDraw

    columns = {title: [_enlarged(picture) for picture in stage[:SHEET_PICTURES]] for title, stage in stages.items()}
    cells = [picture.size for column in columns.values() for picture in column]
    width, height = max(size[0] for size in cells) + GAP, max(size[1] for size in cells) + GAP
    rows = len(next(iter(columns.values())))
    beside = 8 * max(map(len, names[:rows])) + GAP  # the widest letter of Pillow's own font has fewer than 8 pixels
    page = Image.new("RGB", (len(columns) * width + GAP + beside, rows * height + HEAD + GAP), "white")
    draw = ImageDraw.Draw(page)
    for column, (title, stage) in enumerate(columns.items()):
        draw.text((GAP + column * width, 4), title, fill="black")
        for row, picture in enumerate(stage):
            page.paste(picture, (GAP + column * width, HEAD + row * height))
    for row in range(rows):
        draw.text((GAP + len(columns) * width, HEAD + row * height), names[row], fill="black")
    return page


def _enlarged(picture: np.ndarray):
    image = pictures.to_image(picture)
    factor = max(1, CELL // max(image.size))
    return image.resize((image.width * factor, image.height * factor), resample=0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("--run", type=Path, required=True, help=f"folder of a trained replicate: {replicate.EXAMPLE}")
    parser.add_argument("--images", type=Path, required=True, help="folder of PNG and JPEG files")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--fit", action="store_true", help="scale and cut pictures to the size of the training images")
    parser.add_argument("--strength", type=float, help="standard deviation of the noise, for models that are told it")
    parser.add_argument("--add-noise", action="store_true", help="first add the noise that the run was trained against")


def run(options: argparse.Namespace) -> None:
    """Restore the pictures and say where they are."""
    trained = replicate.find(options.run)
    restored = restore_folder(trained, options.images, options.out, options.fit, options.add_noise, options.strength)
    print(f"{several(len(restored), 'picture')} restored by {trained.name}.\nPictures: {options.out / 'restored'}/")
    print(f"Before and after: {options.out / SHEET}")
