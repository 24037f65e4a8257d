"""What expressions read from a study: its scores, its tables, its baselines."""

import itertools

import pandas as pd
import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS, Run
from aestudy.claims.evidence import Evidence
from aestudy.claims.language import parse, terms
from aestudy.claims.selection import NotTestable
from aestudy.claims.verdicts import judge
from unit.claims.made_up import (
    CODE_OF_CONV,
    LATENT_RUNS,
    MNIST,
    as_published,
    baseline_scores,
    claim,
    observed,
    paper_runs,
    study,
    verdict,
)

CONV = Run("mnist", "conv", None, 0.0, "none", 0.0)


def test_scores_are_means_over_replicates_and_images():
    run = Run("mnist", "dense3", 100, 0.0, "none", 0.0)
    frame = pd.DataFrame(list(itertools.product((0, 1), range(3))), columns=["replicate", "image"])
    frame["psnr"], frame["psnr_noisy"] = [10.0, 20, 30, 12, 22, 32], [1.0, 1, 1, 2, 2, 2]
    evidence = Evidence({}, {run: frame.sample(frac=1, random_state=0)}, {})
    assert verdict(f"psnr({MNIST})", 0, evidence=evidence).observed == 21
    assert verdict(f"psnr({MNIST}, first=2)", 0, evidence=evidence).observed == 16
    assert verdict(f"gain({MNIST}) * 2 - 1", 0, evidence=evidence).observed == 2 * 19.5 - 1
    row = verdict(f"psnr({MNIST}, first=4)", 0, evidence=evidence)
    assert row.verdict == "not testable" and "has 3 test images, not 4" in row.reason


def test_samples_have_a_row_per_replicate_and_a_column_per_image():
    run = Run("mnist", "dense3", 100, 0.0, "none", 0.0)
    frame = pd.DataFrame({"replicate": [2, 2, 0, 0], "image": [1, 0, 0, 1], "psnr": [4.0, 3.0, 1.0, 2.0]})
    ((label, sample),) = Evidence({}, {run: frame}, {}).samples(next(terms(parse(f"psnr({MNIST})")))).items()
    assert label == ()
    assert sample.values.tolist() == [[1, 2], [3, 4]]
    assert (sample.replicates, sample.images) == ((0, 2), "mnist/2")


def test_error_of_the_noisy_image_follows_from_its_psnr():
    run = Run("mnist", "dense3", 100, 0.0, "none", 0.0)
    frame = pd.DataFrame({"replicate": 0, "image": [0, 1], "psnr_noisy": [10.0, 20.0]})
    value = verdict(f"mse_noisy({MNIST})", 0, evidence=Evidence({}, {run: frame}, {})).observed
    assert value == pytest.approx((0.1 + 0.01) / 2)


def test_filters_not_given_mean_plain_reconstruction():
    value = observed(f"psnr({MNIST}, latent=100)")
    assert value == observed(f"psnr({MNIST}, latent=100, l1=0, noise='none', variance=0)")
    assert value == pytest.approx(26.3, abs=0.1)


def test_tables_are_read_by_run_and_averaged_over_replicates():
    row = vars(CONV) | {"latent": CODE_OF_CONV}
    history = [
        {**row, "replicate": replicate, "epoch": epoch, "train_loss": epoch, "validation_loss": loss}
        for replicate, losses in enumerate([[5.0, 3.0, 4.0], [9.0, 8.0, 6.0]])
        for epoch, loss in enumerate(losses, 1)
    ]
    evidence = Evidence({"history": pd.DataFrame(history).sample(frac=1, random_state=0)}, {}, {})

    def value(epoch, column="validation_loss"):
        return verdict(f"history('{column}', {epoch} dataset='mnist', model='conv')", 0, evidence=evidence)

    assert value("").observed == value("epoch=-1,").observed == 5.0
    assert value("epoch=1,").observed == 7.0
    assert value("epoch=-2,").observed == 5.5
    assert value("epoch='best',").observed == 4.5
    assert value("epoch='best',", "epoch").observed == 2.5
    assert value("epoch=4,").verdict == value("epoch=-4,").verdict == "not testable"
    assert "has no epoch 4" in value("epoch=4,").reason


def test_baselines_and_the_strongest_of_them():
    assert observed("baseline('psnr', dataset='mnist', baseline='pca', latent=15)") == pytest.approx(14.8)
    assert observed("best_baseline('psnr', dataset='mnist')") == pytest.approx(16.8)
    assert observed("best_baseline('mse', dataset='mnist')") == pytest.approx(0.02)
    with pytest.raises(UserError, match=r"fits 2 baselines that differ in latent \(15, 50\): add latent="):
        observed("baseline('psnr', dataset='mnist', baseline='pca')")


def test_a_baseline_has_no_replicates():
    term = next(terms(parse("baseline('psnr', dataset='mnist', baseline='wiener')")))
    (sample,) = study().samples(term).values()
    assert sample.replicates is None and sample.values.shape == (1, 120)


def test_terms_with_several_values_are_paired_by_label():
    """dense3 has five latent sizes and dense5 loses the last: pairs are made of the four that both have."""
    runs = tuple(run for run in paper_runs() if (run.model, run.latent, run.l1) != ("dense5", 100, 0.0))
    pairs = 'psnr(dataset="mnist", model="dense3", latent=each) - psnr(dataset="mnist", model="dense5", latent=each)'
    for text in (f"mean({pairs})", f"min({pairs})", f"max({pairs})"):
        assert observed(text, runs=runs) == pytest.approx(0.5, abs=0.1)
    assert observed(f"max(1, 2 * abs({pairs}), 3)", runs=runs) == 3


def test_steps_go_from_each_grid_point_to_the_next():
    def staircase(run):
        return as_published(run) | {"sparsity": {15: 0.1, 30: 0.4, 50: 0.6, 75: 0.5, 100: 0.9}[run.latent]}

    steps = f"steps(metric('sparsity', {MNIST}, latent=each))"
    assert observed(f"min({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(-0.1)
    assert observed(f"max({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(0.4)
    assert observed(f"mean({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(0.2)
    inner = f"min(steps(metric('sparsity', {MNIST}, latent=between(30, 75))))"
    assert observed(inner, runs=LATENT_RUNS, numbers=staircase) == pytest.approx(-0.1)
    row = verdict(f"min({steps})", ">= 0", evidence=study(LATENT_RUNS[-1:]))
    assert row.verdict == "not testable" and "the study has only 100" in row.reason


def test_a_term_that_fits_several_runs_is_ambiguous():
    with pytest.raises(UserError) as error:
        judge([claim(f"psnr({MNIST})", 20, 1, id="a-1")], study())
    assert "a-1: ambiguous: dataset=mnist, model=dense3, l1=0, noise=none, variance=0 fits 5 runs" in str(error.value)
    assert "latent (15, 30, 50, 75, 100): add latent=" in str(error.value)


def test_a_model_without_free_latent_need_not_be_given_one():
    run = Run("mnist", "conv", None, 0.0, "gaussian_once", 0.25)
    quantity = 'psnr(dataset="mnist", model="conv", noise="gaussian_once", variance=0.25, first=100)'
    frame = pd.DataFrame({"replicate": 0, "image": range(100), "psnr": 20.0})
    assert verdict(quantity, 20, evidence=Evidence({}, {run: frame}, {})).observed == 20


def test_evidence_is_read_from_the_files_of_a_study(tmp_path):
    run, condition = Run("mnist", "dense3", 100, 0.0, "none", 0.0), ("mnist", "none", 0.0)
    scores, baselines = tmp_path / "scores.parquet", tmp_path / "baselines.parquet"
    frame = pd.DataFrame({"replicate": 0, "image": [0, 1], "psnr": [20.0, 22.0], "bce": 0.1})
    frame.to_parquet(scores)
    baseline_scores(2, 10.0).to_parquet(baselines)
    header, row = ",".join([*RUN_KEYS, "replicate", "sparsity"]), "mnist,dense3,100,0.0,none,0.0,0,0.25"
    (tmp_path / "metrics.csv").write_text(f"{header}\n{row}\n")
    tables = {name: tmp_path / f"{name}.csv" for name in ("metrics", "cost")}
    evidence = Evidence(tables, {run: scores}, {condition: baselines})
    assert verdict(f"psnr({MNIST})", 0, evidence=evidence).observed == 21
    assert verdict(f"metric('sparsity', {MNIST})", 0, evidence=evidence).observed == 0.25
    assert verdict("best_baseline('ssim', dataset='mnist')", 0, evidence=evidence).observed == 0.5
    missing = verdict(f"cost('seconds_per_epoch', {MNIST})", 0, evidence=evidence)
    assert (missing.verdict, missing.reason) == ("not testable", "the study has no cost.csv")
    unknown = verdict(f"generalisation('gap_db', {MNIST})", 0, evidence=evidence)
    assert (unknown.verdict, unknown.reason) == ("not testable", "the study has no table 'generalisation'")


def test_a_score_that_is_empty_is_not_testable():
    with pytest.raises(NotTestable, match="there is no psnr_noisy for every image of dataset=mnist"):
        study().samples(next(terms(parse(f"psnr_noisy({MNIST}, latent=15)"))))
