"""A program's weights in as few bits as its results bear, and the whole as JSON.

Matrices and kernels are rounded to whole numbers of b bits with a factor for each row, so that the largest weight of a
row is kept exactly; vectors, which are few, stay 32-bit floats. How many bits are enough is measured, not assumed.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aestudy.base.errors import UserError
from aestudy.playground.trace import Operation, Program

TOLERANCE = 1 / 255
"""How far a pixel may be from what the network itself makes of it: one step of grey in a picture of 8 bits."""
SHARE = 1 / 3
"""Share of it that rounded weights may use up on the images they are tried on; the rest is for other images."""
BITS = range(8, 17)


@dataclass(frozen=True)
class Packed:
    """A program with rounded weights."""

    document: list[dict]
    """Its values, as pages/templates/playground/network.js reads them."""
    bits: int
    error: float
    """Largest difference of a pixel in [0, 1] from what the network makes of the same image."""

    @property
    def size(self) -> int:
        """Characters of its weights in the page."""
        return sum(len(value.get("values", "")) + len(value.get("factors", "")) for value in self.document)


def pack(program: Program, trials: Sequence[tuple[torch.Tensor, ...]], expected: Sequence[torch.Tensor]) -> Packed:
    """The program with the fewest bits per weight that keep each trial near what is expected of it.

    trials: the inputs of each (one image (1, c, h, w), and the level where the network takes it). expected: what the
    network makes of them. Raises UserError if not even the most bits are enough.
    """
    for bits in BITS:
        rounded = Program([_rounded(value, bits) for value in program.values])
        error = max(
            float((rounded.run(*inputs) - image).abs().max()) for inputs, image in zip(trials, expected, strict=True)
        )
        if error <= SHARE * TOLERANCE:
            return Packed([_document(value, bits) for value in program.values], bits, error)
    raise UserError(
        f"with weights of {BITS[-1]} bits its pixels are up to {error:.2g} away from what they should be, and "
        f"{SHARE * TOLERANCE:.2g} is allowed"
    )


def _factors(weights: np.ndarray, bits: int) -> np.ndarray:
    """The value of one step, for each row."""
    most = np.abs(weights).reshape(len(weights), -1).max(axis=1, initial=0)
    return (most / (2 ** (bits - 1) - 1)).astype(np.float32)


def _steps(weights: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Weights as whole numbers of steps."""
    rows = factors.reshape(-1, *[1] * (weights.ndim - 1)).astype(np.float64)
    return np.divide(weights, rows, out=np.zeros(weights.shape), where=rows > 0).round()


def _is_packed(value: object) -> bool:
    return isinstance(value, torch.Tensor) and value.ndim > 1


def _rounded(value: object, bits: int) -> object:
    if not _is_packed(value):
        return value
    weights = value.numpy()
    factors = _factors(weights, bits)
    rows = factors.reshape(-1, *[1] * (weights.ndim - 1)).astype(np.float64)
    return torch.from_numpy((_steps(weights, factors) * rows).astype(np.float32))


def _document(value: object, bits: int) -> dict:
    """A value as JSON."""
    if isinstance(value, str):
        return {"input": value}
    if isinstance(value, Operation):
        return {
            "operation": value.name,
            "tensors": value.tensors,
            "options": {name: option for name, option in value.options.items() if _is_plain(option)},
            "shape": list(value.shape),
        }
    weights = value.numpy()
    if not _is_packed(value):
        return {"shape": list(weights.shape), "bits": None, "values": _text(weights.astype("<f4").tobytes())}
    factors = _factors(weights, bits)
    return {
        "shape": list(weights.shape),
        "bits": bits,
        "factors": _text(factors.astype("<f4").tobytes()),
        "values": _text(packed_bits(_steps(weights, factors).astype(np.int64).ravel(), bits)),
    }


def packed_bits(numbers: np.ndarray, bits: int) -> bytes:
    """Whole numbers in [-2^(bits - 1), 2^(bits - 1)), one after the other, the lowest bit first."""
    shifted = numbers + (1 << (bits - 1))
    places = (shifted[:, None] >> np.arange(bits)) & 1
    return np.packbits(places.astype(np.uint8).ravel(), bitorder="little").tobytes()


def _is_plain(option: object) -> bool:
    """Whether JSON has it: not so a dtype or a memory format, which are of no concern to a page that has one kind."""
    if isinstance(option, list | tuple):
        return all(map(_is_plain, option))
    return option is None or isinstance(option, str | int | float | bool)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
