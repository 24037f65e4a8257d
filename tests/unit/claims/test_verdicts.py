"""Verdicts on made-up studies whose numbers are known."""

import math

import pandas as pd
import pytest

from aestudy.base.run import Run
from aestudy.claims.evidence import Evidence
from aestudy.claims.records import VERDICTS, load_claims
from aestudy.claims.verdicts import judge
from unit.claims.made_up import CLAIMS, MNIST, RISE, STAND_INS, as_published, paper_runs, rising, study, verdict


def test_a_study_that_agrees_with_the_reports_reproduces_every_claim():
    table = judge(load_claims(CLAIMS), study(), seed=7)
    columns = "id, report, statement, expected, observed, ci_low, ci_high, tolerance, verdict, reason, evidence"
    assert list(table.columns) == columns.split(", ")
    assert table[table.verdict != "reproduced"][["id", "verdict", "reason"]].to_dict("records") == []


def test_claims_are_judged_on_stand_ins_where_they_can_be():
    table = judge(load_claims(CLAIMS), study(tuple(paper_runs(("digits",)))), STAND_INS, seed=7).set_index("id")
    assert table.verdict["dense-1a"] == "reproduced"
    assert table.evidence["dense-1a"] == "dense/fig2-1-bottom, metrics; digits standing in for mnist"
    assert table.evidence["dense-1c"].endswith("; digits standing in for mnist and fmnist")
    assert table.verdict["dense-1c-most"] == "not testable"
    assert "compares fmnist with mnist, but digits stands in for both" in table.reason["dense-1c-most"]
    assert (table.verdict == "not testable").sum() == 1


def test_an_empty_study_makes_every_claim_not_testable():
    claims = load_claims(CLAIMS)
    table = judge(claims, Evidence({}, {}, {}), seed=7)
    assert set(table.verdict) == {"not testable"}
    assert table[["observed", "ci_low", "ci_high"]].isna().all(axis=None)
    assert (table.reason.str.len() > 10).all()


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
        # a sign
        (7.0, "> 0", 0, None, "reproduced"),
        (-7.0, "> 0", 0, None, "contradicted"),
        (0.0, "> 0", 0, None, "not reproduced"),
        (-7.0, "< 0", 0, None, "reproduced"),
        (7.0, "<= 0", 0, None, "contradicted"),
        (0.0, "< 0", 0, None, "not reproduced"),
        (0.0, ">= 0", 0.5, None, "reproduced"),
        (0.0, "<= 0", 0.5, None, "reproduced"),
        (-1.0, ">= 0", 0.5, None, "contradicted"),
        (7.0, "> 8", 0, RISE, "direction only"),
        # no effect
        (0.0, "~ 0", 0.5, None, "reproduced"),
        (0.5, "~ 0", 0.5, None, "not reproduced"),
        (2.0, "~ 0", 0.5, None, "contradicted"),
        (-2.0, "~ 0", 0.5, None, "contradicted"),
        (2.0, "~ 2", 0.5, None, "reproduced"),
    ],
)
def test_verdicts(rise, expected, tolerance, direction, right):
    row = verdict(RISE, expected, tolerance, direction, rising(rise))
    assert row.verdict == right, row.reason
    assert row.ci_low <= row.observed <= row.ci_high
    assert row.ci_low < rise < row.ci_high, "noise from replicate to replicate is 0.01 dB, and the interval knows"
    assert right in VERDICTS


def test_one_replicate_still_has_test_images():
    row = verdict(RISE, "> 0", evidence=study(replicates=1))
    assert row.verdict == "reproduced" and row.ci_low > 0
    assert "one replicate: the interval covers the choice of test images only" in row.reason


@pytest.mark.parametrize(("expected", "right"), [("> 0", "reproduced"), ("< 0", "contradicted"), (0.1, "reproduced")])
def test_one_replicate_of_one_number_is_judged_by_value(expected, right):
    row = verdict(f"metric('sparsity', {MNIST}, latent=15)", expected, evidence=study(replicates=1))
    assert row.verdict == right
    assert math.isnan(row.ci_low) and math.isnan(row.ci_high)
    assert "one replicate: there is no interval" in row.reason


def test_a_missing_run_is_named():
    row = verdict(f"psnr({MNIST}, latent=64)", 20, 1)
    assert row.verdict == "not testable"
    assert row.reason == (
        "the study has no run with dataset=mnist, model=dense3, latent=64, l1=0, noise=none, variance=0; "
        "there is latent 15, 30, 50, 75, 100"
    )
    assert math.isnan(row.observed)


def test_a_missing_direction_leaves_the_number_to_be_judged():
    direction = f"psnr({MNIST}, latent=64)"
    near = verdict(f"psnr({MNIST}, latent=15)", 20, 1, direction)
    far = verdict(f"psnr({MNIST}, latent=15)", 30, 1, direction)
    assert (near.verdict, far.verdict) == ("reproduced", "not reproduced")
    assert "the direction is not testable (the study has no run with" in far.reason


def test_an_empty_score_is_not_testable():
    row = verdict(f"gain({MNIST}, latent=15)", 1, 1)
    assert row.verdict == "not testable" and "no gain for every image of dataset=mnist" in row.reason


def test_no_finite_number_is_not_testable():
    sparsity = f"metric('sparsity', {MNIST}, latent=15)"
    row = verdict(f"psnr({MNIST}, latent=15) / ({sparsity} - {sparsity})", 1, 1)
    assert row.verdict == "not testable" and "no finite number" in row.reason


def test_runs_without_a_replicate_in_common_are_not_testable():
    frame = pd.DataFrame({"replicate": 0, "image": range(3), "psnr": 20.0})
    scores = {
        Run("mnist", "dense3", 15, 0.0, "none", 0.0): frame,
        Run("mnist", "dense3", 100, 0.0, "none", 0.0): frame.assign(replicate=1),
    }
    row = verdict(RISE, "> 0", evidence=Evidence({}, scores, {}))
    assert row.verdict == "not testable" and "no replicate in common" in row.reason


def test_a_network_that_loses_to_a_baseline_is_contradicted():
    table = judge(load_claims(CLAIMS), study(baseline=22.0), seed=7).set_index("id")
    assert table.verdict["conv-4"] == "contradicted"


def test_overfitting_is_seen():
    table = judge(load_claims(CLAIMS), study(numbers=lambda run: as_published(run) | {"excess": 5.0}), seed=7)
    assert table.set_index("id").verdict["conv-3"] == "contradicted"


def test_denoising_that_works_contradicts_the_claim_that_it_does_not():
    def works(run):
        numbers = as_published(run)
        return numbers | {"psnr": 15 + 35 * run.variance} if run.noise == "gaussian" else numbers

    table = judge(load_claims(CLAIMS), study(numbers=works), seed=7).set_index("id")
    assert table.verdict["dense-3a"] == "direction only"
    assert table.verdict["dense-3b"] == table.verdict["dense-3b-growth"] == "contradicted"


def test_judging_twice_gives_the_same_table():
    claims, build = load_claims(CLAIMS), study.__wrapped__
    first, second = (judge(claims, build(), seed=7).to_csv() for _ in range(2))
    assert first == second
    assert first != judge(claims, study(), seed=8).to_csv(), "the seed reaches the resampling"
