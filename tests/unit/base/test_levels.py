"""What the strength of each noise is measured in."""

import pytest

from aestudy.base import levels, registry
from aestudy.base.errors import UserError
from aestudy.base.levels import Level


def test_every_kind_of_noise_has_one_and_the_variance_comes_first():
    assert next(iter(levels.known())) == "variance"
    assert {levels.of_kind(kind).name for kind in registry.kinds("noise")} == set(levels.known())
    assert {"peak", "share", "deviation", "half_width", "largest_deviation"} <= set(levels.known())


def test_a_file_without_one_is_named(monkeypatch):
    monkeypatch.delattr(registry.load("noise", "uniform"), "LEVEL")
    with pytest.raises(UserError, match=r"aestudy/noise/uniform.py defines no LEVEL"):
        levels.of_kind("uniform")


def test_of_kinds_that_share_a_name_the_widest_range_counts(monkeypatch):
    monkeypatch.setattr(registry.load("noise", "uniform"), "LEVEL", Level("peak", "-", "-", "-", highest=1e9))
    levels.known.cache_clear()
    assert levels.known()["peak"].highest == 1e9
    monkeypatch.undo()
    levels.known.cache_clear()
    assert levels.known()["peak"].highest == 1e6


def test_strength_grows_with_the_noise():
    rising, falling = (Level("x", "X", "x", "-", highest=1, falling=down) for down in (False, True))
    assert rising.strength(0.5) > rising.strength(0.1)
    assert falling.strength(0.5) < falling.strength(0.1)


def test_words():
    assert levels.known()["peak"].words() == "numbers above 0, at most 1,000,000"
    assert levels.text("half_width") == "half width"
