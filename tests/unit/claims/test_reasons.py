"""The sentence that says why a claim got its verdict."""

import numpy as np
import pytest

from aestudy.claims import reasons
from aestudy.claims.intervals import Part
from aestudy.claims.verdicts import Judged
from unit.claims.made_up import MNIST, RISE, claim, judged, rising, values_of_latents


def single(value: float, name: str = "") -> Part:
    """A part of one replicate."""
    return Part(np.array([value]), name)


@pytest.mark.parametrize(
    ("expected", "tolerance", "observed", "sentence"),
    [
        (20, 1, 20.5, "observed 20.5 dB is 0.5 dB above the published 20 dB, within the tolerance of 1 dB"),
        (20, 1, 18, "observed 18 dB is 2 dB below the published 20 dB, beyond the tolerance of 1 dB"),
        ("> 0", 0, 3, "observed 3 dB is > 0"),
        ("> 0", 0, -3, "observed -3 dB is on the other side, not > 0"),
        (">= 0", 0.5, -0.2, "observed -0.2 dB is >= 0 (ties: up to 0.5 dB)"),
        ("~ 0", 0.5, 0.1, "observed 0.1 dB lies within 0 ± 0.5 dB"),
        ("~ 0", 0.5, 3, "observed 3 dB lies outside 0 ± 0.5 dB"),
    ],
)
def test_every_kind_of_claim(expected, tolerance, observed, sentence):
    found = Judged(claim(RISE, expected, tolerance, unit="dB"), [single(observed)])
    assert reasons.sentence(found) == f"{sentence}; one replicate: there is no interval"


def told(values, expected, tolerance=0.0) -> str:
    return reasons.sentence(Judged(claim(RISE, expected, tolerance, unit="dB"), [Part(np.array(values))]))


def test_intervals_and_their_replicates_are_told():
    """1, 2, 3: half-widths 4.303 / sqrt(3) = 2.484 at 95 % and 2.920 / sqrt(3) = 1.686 at 90 %."""
    interval = "observed 2 dB [-0.4841, 4.484]"
    assert told([1, 2, 3], "> 0") == f"{interval} is not clearly > 0; 3 replicates"
    assert told([1, 2, 3], "~ 0", 3) == (
        f"{interval} is not shown to lie within 0 ± 3 dB (90 % interval [0.3141, 3.686]); 3 replicates"
    )
    assert told([1, 2, 3], "~ 0", 4) == (
        f"{interval} lies within 0 ± 4 dB (90 % interval [0.3141, 3.686]); 3 replicates"
    )
    assert told([1, 2, 3], 0, 3) == (
        f"{interval} is 2 dB above the published 0 dB, within the tolerance of 3 dB, and its 90 % interval "
        "[0.3141, 3.686] lies on both sides of that bound; 3 replicates"
    )


def test_the_direction_is_told_where_the_claim_itself_fails():
    def of(observed, direction, missing=""):
        given = claim(RISE, 20, 1, RISE)
        return reasons.sentence(Judged(given, [single(observed)], direction, missing_direction=missing))

    assert "; the direction holds (3)" in of(10, [single(3)])
    assert "; the direction holds (1)" in of(10, [single(3), single(1)])
    assert "; the direction is the opposite (-3)" in of(10, [single(-3)])
    assert "; the direction is not clear of zero (0)" in of(10, [single(0)])
    assert "; the direction is not testable (no such run)" in of(10, [], "no such run")
    assert "direction" not in of(20, [single(3)])


def test_the_reason_is_made_from_the_numbers():
    found = judged(f"psnr({MNIST}, latent=100)", 27, 1, RISE, rising(3.0))
    mean, (low, high) = found.furthest.mean, found.interval
    text = reasons.sentence(found)
    assert found.verdict == "direction only"
    assert text.startswith(f"observed {mean:.4g} [{low:.4g}, {high:.4g}] is {27 - mean:.4g} below the published 27, ")
    assert "beyond the tolerance of 1; the direction holds (" in text and text.endswith("; 3 replicates")
    assert "\n" not in text


class TestSeveralParts:
    """The part that is furthest from holding is told, and how the others did."""

    RISES = ([20, 20.1, 19.9], [21, 21.1, 20.9], [22, 22.2, 21.9], [22.1, 22.5, 21.8])

    def test_of_a_sign(self):
        text = reasons.sentence(
            judged(f"all(steps(psnr({MNIST}, latent=each)))", "> 0", evidence=values_of_latents(*self.RISES))
        )
        assert "(least of 3: latent 75) is not clearly > 0; of 3 parts 2 hold, 1 is undecided; 3 replicates" in text

    def test_of_a_number_and_of_no_effect(self):
        for expected, words in ((20, "furthest"), ("~ 20", "largest effect")):
            found = judged(f"all(psnr({MNIST}, latent=each))", expected, 1, evidence=values_of_latents(*self.RISES))
            text = reasons.sentence(found)
            assert f"({words} of 4: latent 75)" in text
            assert "of 4 parts 1 holds, 2 fail, 1 is undecided" in text

    def test_of_the_other_sign(self):
        found = judged(f"all(psnr({MNIST}, latent=each))", "< 0", evidence=values_of_latents(*self.RISES))
        assert "(largest of 4: latent 75) is on the other side, not < 0; of 4 parts 4 fail" in reasons.sentence(found)
