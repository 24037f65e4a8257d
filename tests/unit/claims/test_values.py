"""What expressions are worth, by hand."""

import numpy as np
import pytest

from aestudy.claims.language import Term, parse
from aestudy.claims.selection import NotTestable
from aestudy.claims.values import evaluate

A = 'psnr(dataset="a", model="m")'
B = 'ssim(dataset="a", model="m")'
EACH_A = 'psnr(dataset="a", model="m", latent=each)'
EACH_B = 'ssim(dataset="a", model="m", latent=each)'
SINGLE = {"psnr": {(): np.array([6.0, 8.0])}, "ssim": {(): np.array([2.0, 4.0])}}
SEVERAL = {
    "psnr": {(1.0,): np.array(10.0), (2.0,): np.array(13.0), (4.0,): np.array(11.0)},
    "ssim": {(2.0,): np.array(3.0), (4.0,): np.array(1.0), (8.0,): np.array(7.0)},
}


def value(text: str, values: dict) -> list[float]:
    def lookup(term: Term):
        return values[term.column]

    found = evaluate(parse(text), lookup)
    assert list(found) == [()]
    return np.atleast_1d(found[()]).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A} + {B}", [8, 12]),
        (f"{A} - {B}", [4, 4]),
        (f"{A} * {B}", [12, 32]),
        (f"{A} / {B}", [3, 2]),
        (f"-{A}", [-6, -8]),
        (f"1 - {A} / 2", [-2, -3]),
        (f"abs({B} - {A})", [4, 4]),
        (f"min({A}, {B}, 3)", [2, 3]),
        (f"max({A}, {B}, 7)", [7, 8]),
        (f"mean({A}, {B})", [4, 6]),
        (f"decibel({B} / {B} / 100)", [20, 20]),
    ],
)
def test_operations_on_single_values(text, expected):
    assert value(text, SINGLE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"min({EACH_A})", 10),
        (f"max({EACH_A})", 13),
        (f"mean({EACH_A})", 34 / 3),
        (f"max({EACH_A} - {EACH_B})", 10),  # of 13 - 3 and 11 - 1: the labels that both have
        (f"mean({EACH_A} / {EACH_B})", (13 / 3 + 11) / 2),
        (f"max({EACH_A} - 1)", 12),
        (f"min(1 - {EACH_A})", -12),
        (f"max(abs(-{EACH_A}))", 13),
        (f"min(steps({EACH_A}))", -2),
        (f"max(steps({EACH_A}))", 3),
        (f"mean({EACH_A}, {EACH_B})", (10 + 13 + 11 + 3 + 1 + 7) / 6),
    ],
)
def test_operations_on_several_values(text, expected):
    assert value(text, SEVERAL) == pytest.approx([expected])


def test_labels_are_sorted_before_steps_are_taken():
    shuffled = {"psnr": dict(reversed(SEVERAL["psnr"].items()))}
    assert value(f"max(steps({EACH_A}))", shuffled) == [3]


def test_sides_without_a_label_in_common():
    with pytest.raises(NotTestable, match="no grid point in common"):
        value(f"max({EACH_A} - {EACH_B})", SEVERAL | {"ssim": {(9.0,): np.array(1.0)}})


def test_a_trend_needs_two_points():
    with pytest.raises(NotTestable, match="needs two points or more, and the study has only 5"):
        value(f"max(steps({EACH_A}))", {"psnr": {(5.0,): np.array(1.0)}})
