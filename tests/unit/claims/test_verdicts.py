"""Verdicts on made-up studies whose numbers are known."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from aestudy.claims.decisions import FAILS, HOLDS, OPEN, p_value
from aestudy.claims.evidence import Evidence
from aestudy.claims.intervals import Part, largest, least
from aestudy.claims.records import VERDICTS, load_claims
from aestudy.claims.verdicts import Judged
from unit.claims.made_up import (
    CLAIMS,
    LATENT_RUNS,
    MNIST,
    RISE,
    STAND_INS,
    as_published,
    claim,
    judge_all,
    judged,
    paper_runs,
    rising,
    row,
    study,
    values_of_latents,
)

PART = {
    HOLDS: Part(np.array([1.0, 1.01, 0.99])),
    OPEN: Part(np.array([-1.0, 1.0, 0.2])),
    FAILS: Part(np.array([-1.0, -1.01, -0.99])),
}
"""Parts that are expected to be above 0, by what is decided about them."""


class TestReports:
    """The reports' own claims."""

    def test_a_study_that_agrees_with_the_reports_reproduces_every_claim(self):
        table = judge_all(load_claims(CLAIMS))
        testable = table[table.verdict != "not testable"]
        assert len(testable) > 40
        assert testable[testable.verdict != "reproduced"][["verdict", "reason"]].to_dict("index") == {}

    def test_sentences_that_no_run_can_test_say_why(self):
        claims = [claim for claim in load_claims(CLAIMS) if claim.untestable is not None]
        table = judge_all(claims)
        assert len(claims) >= 2 and set(table.verdict) == {"not testable"}
        assert table.reason.tolist() == [claim.untestable for claim in claims]
        assert table[["expected", "observed", "ci_low", "ci_high", "tolerance", "scale"]].isna().all(axis=None)

    def test_claims_are_judged_on_stand_ins_where_they_can_be(self):
        claims = [claim for claim in load_claims(CLAIMS) if claim.untestable is None]
        table = judge_all(claims, study(tuple(paper_runs(("digits",)))), STAND_INS)
        assert table.verdict["dense-1a"] == "reproduced"
        assert table.evidence["dense-1a"] == "dense/fig2-1-bottom, metrics; digits standing in for mnist"
        assert table.evidence["dense-1c"].endswith("; digits standing in for mnist and fmnist")
        assert list(table.index[table.verdict == "not testable"]) == ["dense-1c-most", "dense-3c-more"]
        assert "compares fmnist with mnist, but digits stands in for both" in table.reason["dense-1c-most"]

    def test_an_empty_study_makes_every_claim_not_testable(self):
        table = judge_all(load_claims(CLAIMS), Evidence({}))
        assert set(table.verdict) == {"not testable"}
        assert table[["observed", "ci_low", "ci_high"]].isna().all(axis=None)
        assert (table.reason.str.len() > 10).all()

    def test_a_network_that_loses_to_a_baseline_is_contradicted(self):
        assert judge_all(load_claims(CLAIMS), study(baseline=22.0)).verdict["conv-4"] == "contradicted"

    def test_overfitting_is_seen(self):
        overfitted = study(numbers=lambda run: as_published(run) | {"excess": 5.0, "best_epoch": 8, "gap_db": 1.0})
        table = judge_all(load_claims(CLAIMS), overfitted)
        assert table.verdict["conv-3"] == table.verdict["conv-3-train"] == "contradicted"

    def test_denoising_that_works_contradicts_the_claim_that_it_does_not(self):
        def works(run):
            numbers, gain = as_published(run), 35 * run.variance
            return numbers | {"psnr": 15 + gain, "gain_db": gain} if run.noise == "gaussian" else numbers

        verdicts = judge_all(load_claims(CLAIMS), study(numbers=works)).verdict
        assert verdicts["dense-3a"] == verdicts["dense-3a-limited"] == "not reproduced"
        assert verdicts["dense-3b"] == verdicts["dense-3b-growth"] == verdicts["dense-3b-levels"] == "contradicted"

    def test_judging_twice_gives_the_same_table(self):
        claims, build = load_claims(CLAIMS), study.__wrapped__
        first, second = (judge_all(claims, build()).to_csv() for _ in range(2))
        assert first == second


class TestRule:
    """The rule at the top of the module."""

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_every_combination_of_states(self, count):
        """Without direction: all hold, else nothing fails, else all fail, else some fail."""
        for states in itertools.product((HOLDS, OPEN, FAILS), repeat=count):
            found = Judged(claim(RISE, "> 0"), [PART[state] for state in states])
            assert found.states == list(states)
            if set(states) == {HOLDS}:
                right = "reproduced"
            elif FAILS not in states:
                right = "inconclusive"
            else:
                right = "contradicted" if set(states) == {FAILS} else "not reproduced"
            assert found.verdict == right, states

    @pytest.mark.parametrize("count", [1, 2])
    def test_every_combination_of_the_directions_states(self, count):
        """With direction, which decides where a part fails and never elsewhere."""
        given = claim(RISE, "> 0", direction=RISE)
        for states, ways in itertools.product(*(itertools.product((HOLDS, OPEN, FAILS), repeat=count),) * 2):
            found = Judged(given, [PART[state] for state in states], [PART[way] for way in ways]).verdict
            if FAILS not in states:
                right = "reproduced" if set(states) == {HOLDS} else "inconclusive"
            else:
                right = {(HOLDS,): "direction only", (FAILS,): "contradicted"}.get(tuple(set(ways)), "not reproduced")
            assert found == right, (states, ways)

    def test_a_number_that_is_not_met_is_not_contradicted(self):
        far = Part(np.array([9.0, 9.01, 8.99]))
        assert Judged(claim(RISE, 1, 0.5), [far]).verdict == "not reproduced"
        assert Judged(claim(RISE, "~ 1", 0.5), [far]).verdict == "contradicted"

    @pytest.mark.parametrize(
        ("rise", "expected", "tolerance", "direction", "right"),
        [
            # a number
            (7.0, 7, 0.5, None, "reproduced"),
            (3.0, 7, 0.5, None, "not reproduced"),
            (3.0, 7, 0.5, RISE, "direction only"),
            (-3.0, 7, 0.5, RISE, "contradicted"),
            (0.0, 7, 0.5, RISE, "not reproduced"),
            (-3.0, 7, 0.5, None, "not reproduced"),
            (6.5, 7, 0.5, RISE, "inconclusive"),
            # a sign
            (7.0, "> 0", 0, None, "reproduced"),
            (-7.0, "> 0", 0, None, "contradicted"),
            (0.0, "> 0", 0, None, "inconclusive"),
            (-7.0, "< 0", 0, None, "reproduced"),
            (7.0, "<= 0", 0, None, "contradicted"),
            (0.0, "< 0", 0, None, "inconclusive"),
            (0.0, ">= 0", 0.5, None, "reproduced"),
            (0.0, "<= 0", 0.5, None, "reproduced"),
            (-1.0, ">= 0", 0.5, None, "contradicted"),
            (7.0, "> 8", 0, RISE, "direction only"),
            # no effect
            (0.0, "~ 0", 0.5, None, "reproduced"),
            (0.5, "~ 0", 0.5, None, "inconclusive"),
            (2.0, "~ 0", 0.5, None, "contradicted"),
            (-2.0, "~ 0", 0.5, None, "contradicted"),
            (2.0, "~ 2", 0.5, None, "reproduced"),
        ],
    )
    def test_verdicts(self, rise, expected, tolerance, direction, right):
        found = judged(RISE, expected, tolerance, direction, rising(rise))
        low, high = found.interval
        assert found.verdict == right
        assert low < rise < high, "noise from replicate to replicate is 0.01 dB, and the interval knows"
        assert right in VERDICTS

    @pytest.mark.parametrize(
        ("expected", "right"), [("> 0", "reproduced"), ("< 0", "contradicted"), (0.1, "not reproduced")]
    )
    def test_one_replicate_is_judged_by_value(self, expected, right):
        found = judged(f"metric('sparsity', {MNIST}, latent=15)", expected, evidence=study(replicates=1))
        assert (found.verdict, found.interval) == (right, None)
        assert math.isnan(found.p)


class TestParts:
    """Claims of several parts, on the PSNR of five latent sizes in three replicates."""

    RISES = ([20, 20.1, 19.9], [21, 21.1, 20.9], [22, 22.2, 21.9], [23, 23, 23.1], [24, 24.1, 24])

    def test_all_of_them_must_hold(self):
        steps = f"all(steps(psnr({MNIST}, latent=each)))"
        assert judged(steps, "> 0", evidence=values_of_latents(*self.RISES)).verdict == "reproduced"
        unclear = [*self.RISES[:4], [23, 23.5, 22.7]]
        found = judged(steps, "> 0", evidence=values_of_latents(*unclear))
        assert (found.states, found.verdict) == ([HOLDS, HOLDS, HOLDS, OPEN], "inconclusive")
        falling = [*self.RISES[:4], [22, 22.1, 22]]
        found = judged(steps, "> 0", evidence=values_of_latents(*falling))
        assert (found.states, found.verdict) == ([HOLDS, HOLDS, HOLDS, FAILS], "not reproduced")

    def test_least_and_largest_are_judged_by_their_parts(self):
        lead = f"min(psnr({MNIST}, latent=between(30, 100)) - psnr({MNIST}, latent=15))"
        found = judged(lead, "> 0", evidence=values_of_latents(*self.RISES))
        assert (len(found.parts), found.verdict) == (4, "reproduced")
        assert found.interval == least(found.parts)
        lag = judged(lead.replace("min", "max"), "< 5", evidence=values_of_latents(*self.RISES))
        assert (len(lag.parts), lag.verdict, lag.interval) == (4, "reproduced", largest(lag.parts))

    def test_the_one_that_is_furthest_from_holding_is_told(self):
        at = f"all(psnr({MNIST}, latent=each))"
        for expected, right in (("> 0", 20.0), ("< 30", 24.03), (21, 24.03), ("~ 23", 20.0)):
            found = judged(at, expected, 1, evidence=values_of_latents(*self.RISES))
            assert found.furthest.mean == pytest.approx(right, abs=0.01), expected

    def test_the_p_value_is_the_largest(self):
        found = judged(f"all(steps(psnr({MNIST}, latent=each)))", "> 0", evidence=values_of_latents(*self.RISES))
        each = [p_value(part, found.claim.expectation, 0.0) for part in found.parts]
        assert found.p == max(each) > min(each)


class TestNotTestable:
    """What the study lacks."""

    def test_a_missing_run_is_named(self):
        found = row(f"psnr({MNIST}, latent=64)", 20, 1)
        assert found.verdict == "not testable"
        assert found.reason == (
            "the study has no run with dataset=mnist, model=dense3, latent=64, l1=0, noise=none, variance=0; "
            "there is latent 15, 30, 50, 75, 100"
        )
        assert math.isnan(found.observed)

    def test_a_missing_direction_leaves_the_number_to_be_judged(self):
        direction = f"psnr({MNIST}, latent=64)"
        near = row(f"psnr({MNIST}, latent=15)", 20, 1, direction)
        far = row(f"psnr({MNIST}, latent=15)", 30, 1, direction)
        assert (near.verdict, far.verdict) == ("reproduced", "not reproduced")
        assert "the direction is not testable (the study has no run with" in far.reason

    def test_an_empty_score(self):
        assert "table metrics has no gain_db for dataset=mnist" in judged(f"gain({MNIST}, latent=15)", 1, 1).missing

    def test_no_finite_number(self):
        sparsity = f"metric('sparsity', {MNIST}, latent=15)"
        found = judged(f"psnr({MNIST}, latent=15) / ({sparsity} - {sparsity})", 1, 1)
        assert found.verdict == "not testable" and "no finite number" in found.missing

    def test_runs_without_a_replicate_in_common(self):
        first, last = LATENT_RUNS[0], LATENT_RUNS[-1]
        rows = [{**first.keys, "replicate": 0, "psnr": 20.0}, {**last.keys, "replicate": 1, "psnr": 20.0}]
        found = judged(RISE, "> 0", evidence=Evidence({"metrics": pd.DataFrame(rows)}))
        assert found.verdict == "not testable" and "no replicate in common" in found.missing
