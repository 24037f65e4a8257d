"""Applies a trained model to a folder of pictures: the restored pictures, and a sheet of before and after.

    python -m aestudy restore --run results/demo/runs/digits/conv/gaussian_once-0.25/replicate-0 \\
        --images my-pictures --out my-pictures-restored
"""

import argparse
import math
from collections.abc import Sequence
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
GAP, HEAD = 8, 18


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
    before = _read(run, paths, fit)
    inputs, after = _apply(run, before, add_noise, strength)
    for target, picture in zip(targets, after, strict=True):
        with files.replacing(target) as temporary:
            pictures.to_image(picture).save(temporary)
    stages = {"before": before, **({"with noise": inputs} if add_noise else {}), "after": after}
    with files.replacing(out / SHEET) as temporary:
        sheet([path.relative_to(images).as_posix() for path in paths], stages).save(temporary)
    return targets


def _targets(paths: list[Path], images: Path, out: Path) -> list[Path]:
    """Where the restored pictures go: named as the originals, which must differ in more than their suffixes."""
    by_target: dict[Path, Path] = {}
    for path in paths:
        target = (out / "restored" / path.relative_to(images)).with_suffix(".png")
        if target in by_target:
            raise UserError(f"{by_target[target]} and {path} would both be restored as {target.name}; rename one")
        by_target[target] = path
    return list(by_target)


def _read(run: Replicate, paths: list[Path], fit: bool) -> list[np.ndarray]:
    """The pictures as float32 (channels, height, width) in [0, 1], all of sizes that the model takes."""
    if run.shape[0] not in pictures.COLOURS:
        raise UserError(f"{run.name} takes images with {run.shape[0]} channels; pictures have 1 (grey) or 3 (rgb)")
    colour = pictures.COLOURS[run.shape[0]]
    read = [pictures.read(path, colour, run.shape[1:] if fit else None) for path in paths]
    refused = {path: reason for path, picture in zip(paths, read, strict=True) if (reason := _misfit(run, picture))}
    if refused:
        path, reason = next(iter(refused.items()))
        raise UserError(
            f"{len(refused)} of {len(paths)} pictures do not fit {run.name}, which was trained on "
            f"{size_text(run.shape)}. The first is {path}: {reason}. "
            "Add --fit to have pictures scaled and cut to the size of the training images."
        )
    return [picture.astype(np.float32) / 255 for picture in read]


def _misfit(run: Replicate, picture: np.ndarray) -> str | None:
    """Why a picture does not fit, or None. A model whose code size follows from the image takes other sizes too."""
    network = run.identity.network
    module = registry.load("models", network.architecture)
    if picture.shape == run.shape:
        return None
    if network.has_free_latent:
        return f"it has {pictures.by(*picture.shape[1:])} pixels, and the model takes {pictures.by(*run.shape[1:])}"
    return module.misfit(network, picture.shape)


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
    run: Replicate, before: list[np.ndarray], add_noise: bool, strength: float | None
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The model's inputs and what it makes of them; pictures of one size go through it together."""
    import torch

    from aestudy.network import inference
    from aestudy.network.inputs import add_noise_with_levels, deviations

    inputs, after = list(before), list(before)
    for shape in dict.fromkeys(picture.shape for picture in before):
        chosen = [i for i, picture in enumerate(before) if picture.shape == shape]
        stack = torch.from_numpy(np.stack([before[i] for i in chosen]))
        model, noise = run.load(shape), run.identity.noise
        strengths = None if strength is None else torch.full((len(stack),), strength)
        if add_noise:
            seed = seeds.key(run.identity.seed, run.manifest.replicate, "restore-noise")
            stack, levels = add_noise_with_levels(stack, noise, seed)
            strengths = deviations(noise, levels, stack) if model.takes_level else None
        restored, _ = inference.restore(model, stack, strengths)
        for i, noisy, picture in zip(chosen, stack.numpy(), restored.numpy(), strict=True):
            inputs[i], after[i] = noisy, picture
    return inputs, after


def sheet(names: Sequence[str], stages: dict[str, Sequence[np.ndarray]]):
    """A sheet of the first pictures as a Pillow image: one row per picture, one column per stage, names beside them.

    stages: title -> pictures (channels, height, width) in [0, 1].
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
