"""What claims are under a reading, by hand."""

import numpy as np
import pytest

from aestudy.claims.selection import NotTestable
from aestudy.readings.scored import value
from aestudy.study.questions import Answer
from unit.readings.made_up import scored, table


def answer(**keys) -> dict:
    return {"question": Answer(id="x", answer="x", **keys)}


def test_every_reading_is_scored_in_the_order_of_the_answers():
    found = scored()
    assert [each.id for each in found] == ["narrow-image", "narrow-pooled", "wide-image", "wide-pooled"]
    observed = [[part.mean for parts in each.parts for part in parts] for each in found]
    # psnr of the clean run; the gain: restored minus noisy image, or (pooled) clean minus noisy input
    assert observed == [[20.25, 3.0], [19.0, -1.0], [22.0, -1.0], [20.5, 6.0]]


def test_distances_are_in_tolerances():
    """A number: off by 0.25, 1, 2 and 0.5 at a tolerance of 0.5. A sign: how far on the wrong side, over 2 dB."""
    np.testing.assert_allclose(
        [each.distances for each in scored()], [[0.5, 0], [2, 0.5], [4, 0.5], [1, 0]], rtol=1e-12
    )
    assert [each.worst for each in scored()] == [0.5, 2, 4, 1]


def test_replicates_are_those_of_the_networks_of_which_there_are_fewest():
    assert [each.replicates for each in scored(table(3))] == [3] * 4
    frame = table(3)
    fewer = frame[~((frame["model"] == "small_wide") & (frame["noise"] == "none") & (frame["replicate"] > 1))]
    assert [each.replicates for each in scored(fewer)] == [3, 3, 2, 2]
    (number, *_) = scored(table(3))[0].parts[0]
    np.testing.assert_allclose(number.values, [20.25, 20.35, 20.45])


def test_a_test_that_was_not_made_is_named():
    frame = table()
    with pytest.raises(NotTestable, match="was not tested on"):
        scored(frame[frame["model"] != "small_wide"])


NAMES = ("psnr", "psnr_pooled", "psnr_own_range", "psnr_noisy", "psnr_noisy_pooled", "psnr_noisy_own_range")
NAMES += ("psnr_clean_input", "psnr_clean_input_pooled", "psnr_clean_input_own_range", "sparsity")
NAMES += ("ssim_first_100_uniform7", "ssim_first_100_gaussian11", "psnr_first_100_pooled")
COLUMNS = {name: np.array([float(place)]) for place, name in enumerate(NAMES)}


class TestValue:
    """A column of metrics.csv as a reading takes it; each holds its place in NAMES."""

    @pytest.mark.parametrize(
        ("column", "keys", "right"),
        [
            ("psnr", {}, 0),
            ("psnr", {"score": "pooled"}, 1),
            ("psnr", {"score": "own_range"}, 2),
            ("psnr_noisy", {"score": "pooled"}, 4),
            ("psnr_first_100", {"score": "pooled"}, 12),
            ("gain_db", {}, 0 - 3),
            ("gain_db", {"score": "pooled"}, 1 - 4),
            ("gain_db", {"gain": "restored"}, 0 - 3),
            ("gain_db", {"gain": "clean_input"}, 6 - 0),
            ("gain_db", {"gain": "clean_input", "score": "own_range"}, 8 - 2),
            ("sparsity", {"score": "pooled"}, 9),
            ("ssim_first_100", {}, 10),
            ("ssim_first_100", {"ssim": "gaussian11"}, 11),
        ],
    )
    def test_is_that_of_the_answers(self, column, keys, right):
        assert value(column, COLUMNS, answer(**keys)) == [right]

    def test_is_missing_where_tests_do_not_have_it(self):
        assert np.isnan(value("detail", COLUMNS, answer())).all()
