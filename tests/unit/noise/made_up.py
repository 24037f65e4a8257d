"""What all noises have in common, and bounds for what is drawn at random."""

import torch

from aestudy.base import registry


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def parameters(kind: str, **changes):
    """Keys of a noise; clipping is left out unless asked for."""
    Parameters = registry.load("noise", kind).Parameters
    values = {"kind": kind, "draw": "once"}
    if "clip" in Parameters.model_fields:
        values["clip"] = False
    return Parameters(**values | changes)


def grey(value: float, count: int = 200_000) -> torch.Tensor:
    """Images of one grey: `count` pixels of them."""
    return torch.full((count // 100, 1, 10, 10), value)


def standard_error(values: torch.Tensor) -> float:
    """Of the mean of values."""
    return (values.double().std() / values.numel() ** 0.5).item()


def close(values: torch.Tensor, expected: float, errors: float = 5.0) -> bool:
    """Whether the mean of values is that expected, by a bound that one draw in two million passes."""
    return abs(values.double().mean().item() - expected) <= errors * standard_error(values) + 1e-7


def same_generator_same_noise(kind: str, level: float) -> None:
    """A noise follows from its generator alone, leaves its input alone, and keeps shape and type."""
    module, images = registry.load("noise", kind), torch.rand(6, 3, 5, 4, generator=generator(9))
    if hasattr(module, "draw_levels"):
        level = torch.full((6, 1, 1, 1), level)
    before = images.clone()
    one, two = (module.add(images, level, parameters(kind), generator(4)) for _ in range(2))
    other = module.add(images, level, parameters(kind), generator(5))
    assert torch.equal(one, two) and not torch.equal(one, other)
    assert torch.equal(images, before)
    assert one.shape == images.shape and one.dtype == images.dtype


def clipped_stays_in_range(kind: str, level: float) -> None:
    """With `clip` nothing lies beyond [0, 1], and what lies within is not changed by it."""
    module, images = registry.load("noise", kind), torch.rand(50, 1, 8, 8, generator=generator(9))
    if hasattr(module, "draw_levels"):
        level = torch.full((50, 1, 1, 1), level)
    free = module.add(images, level, parameters(kind), generator(4))
    clipped = module.add(images, level, parameters(kind, clip=True), generator(4))
    assert free.min() < 0 or free.max() > 1
    assert torch.equal(clipped, free.clamp(0, 1))
