"""The sentence that says why a claim got its verdict."""

import numpy as np
import pytest

from aestudy.claims import reasons
from aestudy.claims.intervals import Bootstrap
from aestudy.claims.verdicts import judge
from unit.claims.made_up import LATENT_RUNS, MNIST, RISE, claim, rising, study, verdict


def test_the_reason_is_made_from_the_numbers():
    row = verdict(f"psnr({MNIST}, latent=100)", 27, 1, RISE, rising(3.0))
    value, low, high = (f"{number:.4g}" for number in (row.observed, row.ci_low, row.ci_high))
    assert row.verdict == "direction only"
    assert row.reason.startswith(
        f"observed {value} [{low}, {high}] is {27 - row.observed:.4g} below the published 27, "
    )
    assert "beyond the tolerance of 1; the direction holds (" in row.reason
    assert row.reason.endswith("; 3 replicates")
    assert "\n" not in row.reason
    sign = verdict(RISE, "> 0", evidence=rising(-3.0))
    assert "] is on the other side, not > 0; 3 replicates" in sign.reason
    effect = verdict(RISE, "~ 0", 0.5, evidence=rising(3.0))
    assert "] lies outside 0 ± 0.5 (90 % interval [" in effect.reason


def test_sign_claims_say_what_the_replicates_say_alone():
    given = [claim(RISE, "> 0", id="a"), claim(RISE, "< 0", id="b"), claim(RISE, 7, 1, id="c")]
    table = judge(given, study(LATENT_RUNS, replicates=6), seed=7).set_index("id")
    # six replicates agree: 2 of 64 assignments of signs; two sign claims
    for name in "ab":
        assert "exact sign-flip p = 0.031, 0.062 with Holm's correction for 2 claims" in table.reason[name]
    assert "sign-flip" not in table.reason["c"]
    few = judge(given, study(LATENT_RUNS, replicates=5), seed=7)
    assert not few.reason.str.contains("sign-flip").any(), "2 of 32: five replicates cannot give a p below 0.05"


def result(observed: float, replicates: int = 1) -> Bootstrap:
    """A number without an interval."""
    return Bootstrap(observed, replicates, np.array([observed]), np.empty(0))


@pytest.mark.parametrize(
    ("expected", "tolerance", "observed", "verdict", "sentence"),
    [
        (
            20,
            1,
            20.5,
            "reproduced",
            "observed 20.5 dB is 0.5 dB above the published 20 dB, within the tolerance of 1 dB",
        ),
        (20, 1, 18, "not reproduced", "observed 18 dB is 2 dB below the published 20 dB, beyond the tolerance of 1 dB"),
        ("> 0", 0, 3, "reproduced", "observed 3 dB is > 0"),
        ("> 0", 0, -3, "contradicted", "observed -3 dB is on the other side, not > 0"),
        (">= 0", 0.5, -0.2, "reproduced", "observed -0.2 dB is >= 0 (ties: up to 0.5 dB)"),
        ("~ 0", 0.5, 0.1, "reproduced", "observed 0.1 dB lies within 0 ± 0.5 dB"),
        ("~ 0", 0.5, 3, "contradicted", "observed 3 dB lies outside 0 ± 0.5 dB"),
    ],
)
def test_every_kind_of_claim(expected, tolerance, observed, verdict, sentence):
    given = claim(RISE, expected, tolerance, unit="dB")
    found = reasons.sentence(given, verdict, result(observed), None, None)
    assert found == f"{sentence}; one replicate: there is no interval"


def test_direction_is_told_where_the_claim_itself_fails():
    given = claim(RISE, 20, 1, RISE)

    def told(verdict, direction):
        return reasons.sentence(given, verdict, result(10.0), direction, None)

    assert "the direction holds (3)" in told("direction only", result(3.0))
    assert "the direction is the opposite (-3)" in told("contradicted", result(-3.0))
    assert "the direction is not clear of zero (0)" in told("not reproduced", result(0.0))
    assert "the direction is not testable (no such run)" in told("not reproduced", "no such run")
    assert "direction" not in told("reproduced", result(3.0))


def test_no_replicates_are_told_apart_from_one():
    given = claim(RISE, "> 0")
    assert reasons.sentence(given, "reproduced", result(1.0, 0), None, None).endswith(
        "no replicates: there is no interval"
    )
    assert reasons.sentence(given, "reproduced", result(1.0, 3), None, None).endswith("; 3 replicates")
