"""Pictures in PNG and JPEG files: finding them, reading them as arrays of one kind, and writing arrays as PNG."""

from pathlib import Path

import numpy as np

from aestudy.base.errors import UserError

SUFFIXES = (".png", ".jpg", ".jpeg")
COLOURS = {1: "grey", 3: "rgb"}
"""Names of colours by their number of channels."""
CHANNELS = {name: count for count, name in COLOURS.items()}
_MODES = {"grey": "L", "rgb": "RGB"}


def find(folder: str | Path) -> list[Path]:
    """PNG and JPEG files in a folder and the folders within it, in the order of their names; hidden ones are left out.

    Raises UserError where there is no such folder, or none in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(
            f"there is no folder {folder} (looked for in {Path.cwd()}); "
            "give the path of a folder that holds PNG or JPEG files"
        )
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not files:
        raise UserError(f"the folder {folder} holds no picture; pictures are files that end in {', '.join(SUFFIXES)}")
    return files


def read(path: str | Path, colour: str, size: tuple[int, int] | None = None) -> np.ndarray:
    """A picture as uint8 (channels, height, width), 0 black to 255 white; colour is `grey` or `rgb`.

    A picture is turned as its camera says, what is transparent is black, and 16 bits per value are brought to 8. With
    `size` (height, width) it is scaled to fill that size, and what then stands over at two edges is cut off. Raises
    UserError for a file that cannot be read.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as picture:
            picture = _in_mode(ImageOps.exif_transpose(picture), _MODES[colour])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(
            f"{path} cannot be read as a picture ({error}). Remove it from the folder, or save it again as PNG or JPEG."
        ) from None
    if size is not None and picture.size != (size[1], size[0]):
        picture = ImageOps.fit(picture, (size[1], size[0]), Image.Resampling.LANCZOS)
    pixels = np.asarray(picture)
    return pixels[np.newaxis] if colour == "grey" else pixels.transpose(2, 0, 1)


def _in_mode(picture, mode: str):
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        picture = Image.fromarray((np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, (0, 0, 0, 255)), picture)
    return picture.convert(mode)


def to_image(pixels: np.ndarray):
    """Pixels (channels, height, width), uint8 or floats in [0, 1], as a Pillow image, grey or RGB."""
    from PIL import Image

    if pixels.dtype != np.uint8:
        pixels = (np.clip(pixels, 0, 1) * 255).round().astype(np.uint8)
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def by(height: int, width: int) -> str:
    """A size as text: 28 x 28."""
    return f"{height} x {width}"
