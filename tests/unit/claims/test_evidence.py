"""What expressions read from a study: its tables, by run and replicate."""

import numpy as np
import pandas as pd
import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS, Run
from aestudy.claims.evidence import Evidence, Sample, aligned
from aestudy.claims.language import parse, terms
from aestudy.claims.selection import NotTestable
from aestudy.claims.verdicts import judge
from unit.claims.made_up import CODE_OF_CONV, LATENT_RUNS, MNIST, as_published, claim, judged, observed, study

CONV = Run("mnist", "conv", None, 0.0, "none", 0.0)
DENSE = Run("mnist", "dense3", 100, 0.0, "none", 0.0).keys


def samples(evidence: Evidence, text: str) -> dict:
    """The samples of the first term of an expression."""
    return evidence.samples(next(terms(parse(text))))


def test_samples_are_in_the_order_of_the_replicates():
    metrics = pd.DataFrame([{**DENSE, "replicate": r, "psnr": 20.0 + r} for r in (2, 0, 5)])
    ((label, sample),) = samples(Evidence({"metrics": metrics}), f"psnr({MNIST})").items()
    assert (label, sample.values.tolist(), sample.replicates) == ((), [20, 22, 25], (0, 2, 5))


def test_scores_over_the_first_hundred_images_have_columns_of_their_own():
    metrics = pd.DataFrame([{**DENSE, "replicate": 0, "psnr": 20.0, "psnr_first_100": 21.0}])
    evidence = Evidence({"metrics": metrics})
    assert judged(f"psnr({MNIST}) - 1", 0, evidence=evidence).furthest.mean == 19
    assert judged(f"psnr({MNIST}, first=100) - 1", 0, evidence=evidence).furthest.mean == 20
    missing = judged(f"ssim({MNIST}, first=100)", 0, evidence=evidence)
    assert missing.missing == "table metrics has no ssim_first_100 for " + (
        "dataset=mnist, model=dense3, l1=0, noise=none, variance=0"
    )


def test_filters_not_given_mean_plain_reconstruction():
    value = observed(f"psnr({MNIST}, latent=100)")
    assert value == observed(f"psnr({MNIST}, latent=100, l1=0, noise='none', variance=0)")
    assert value == pytest.approx(26.3, abs=0.1)


def test_history_is_read_at_an_epoch():
    row = CONV.keys | {"latent": CODE_OF_CONV}
    history = [
        {**row, "replicate": replicate, "epoch": epoch, "train_loss": epoch, "validation_loss": loss}
        for replicate, losses in enumerate([[5.0, 3.0, 4.0], [9.0, 8.0, 6.0]])
        for epoch, loss in enumerate(losses, 1)
    ]
    evidence = Evidence({"history": pd.DataFrame(history).sample(frac=1, random_state=0)})

    def value(epoch, column="validation_loss"):
        found = judged(f"history('{column}', {epoch} dataset='mnist', model='conv')", 0, evidence=evidence)
        return found.parts[0].values.tolist() if found.parts else found.missing

    assert value("") == value("epoch=-1,") == [4, 6]
    assert value("epoch=1,") == [5, 9]
    assert value("epoch=-2,") == [3, 8]
    assert value("epoch='best',") == [3, 6]
    assert value("epoch='best',", "epoch") == [2, 3]
    assert "has no epoch 4" in value("epoch=4,") and "has no epoch -4" in value("epoch=-4,")


def test_baselines_and_the_strongest_of_them():
    assert observed("baseline('psnr', dataset='mnist', baseline='pca', latent=15)") == pytest.approx(14.8)
    assert observed("best_baseline('psnr', dataset='mnist')") == pytest.approx(16.8)
    assert observed("best_baseline('mse', dataset='mnist')") == pytest.approx(0.02)
    with pytest.raises(UserError, match=r"fits 2 baselines that differ in latent \(15, 50\): add latent="):
        observed("baseline('psnr', dataset='mnist', baseline='pca')")


def test_a_baseline_has_no_replicates():
    (sample,) = samples(study(), "baseline('psnr', dataset='mnist', baseline='wavelet')").values()
    assert sample.replicates is None and sample.values.tolist() == [pytest.approx(15.8)]


def test_a_baseline_counts_in_every_replicate():
    lead = judged(f"psnr({MNIST}, latent=15) - best_baseline('psnr', dataset='mnist')", "> 0")
    alone = judged(f"psnr({MNIST}, latent=15)", "> 0")
    assert lead.furthest.values == pytest.approx(alone.furthest.values - 16.8)


def test_a_network_is_read_on_another_test_set():
    rows = [
        {**DENSE, "replicate": replicate, "test_dataset": dataset, "test_noise": noise, "test_variance": variance}
        | {"psnr": psnr + replicate}
        for dataset, noise, variance, psnr in [
            ("mnist", "none", 0.0, 20.0),
            ("fmnist", "none", 0.0, 10.0),
            ("fmnist", "gaussian", 0.1, 5.0),
        ]
        for replicate in (0, 1)
    ]
    evidence = Evidence({"transfer": pd.DataFrame(rows)})

    def value(keys):
        found = judged(f"transfer('psnr', {MNIST}{keys})", 0, evidence=evidence)
        return found.parts[0].values.tolist() if found.parts else found.missing

    assert value("") == [20, 21], "what is not given is the network's own"
    assert value(", test_dataset='fmnist'") == value(", test_dataset='fmnist', test_noise='none'") == [10, 11]
    assert value(", test_dataset='fmnist', test_noise='gaussian', test_variance=0.1") == [5, 6]
    assert value(", test_noise='gaussian', test_variance=0.1").startswith("the study has no test with dataset=mnist")


def test_terms_with_several_values_are_paired_by_label():
    """dense3 has five latent sizes and dense5 only four: pairs are made of the four that both have."""
    runs = [*LATENT_RUNS, *(Run("mnist", "dense5", run.latent, *list(run.keys.values())[3:]) for run in LATENT_RUNS)]
    pairs = 'psnr(dataset="mnist", model="dense3", latent=each) - psnr(dataset="mnist", model="dense5", latent=each)'
    for text in (f"mean({pairs})", f"min({pairs})", f"max({pairs})"):
        assert observed(text, runs=tuple(runs[:-1])) == pytest.approx(0.4, abs=0.1)
    (part,) = judged(f"max(1, 2 * abs({pairs}), 3)", 3, 0.1, evidence=study(tuple(runs[:-1]))).parts
    assert part.mean == 3


def test_steps_go_from_each_grid_point_to_the_next():
    def staircase(run):
        return as_published(run) | {"sparsity": {15: 0.1, 30: 0.4, 50: 0.6, 75: 0.5, 100: 0.9}[run.latent]}

    def value(text):
        return observed(text, runs=LATENT_RUNS, numbers=staircase)

    steps = f"steps(metric('sparsity', {MNIST}, latent=each))"
    assert value(f"min({steps})") == pytest.approx(-0.1, abs=0.01)
    assert value(f"max({steps})") == pytest.approx(0.4, abs=0.01)
    assert value(f"mean({steps})") == pytest.approx(0.2, abs=0.01)
    inner = f"min(steps(metric('sparsity', {MNIST}, latent=between(30, 75))))"
    assert value(inner) == pytest.approx(-0.1, abs=0.01)
    assert "the study has only 100" in judged(f"min({steps})", ">= 0", evidence=study(LATENT_RUNS[-1:])).missing


def test_a_term_that_fits_several_runs_is_ambiguous():
    with pytest.raises(UserError) as error:
        judge([claim(f"psnr({MNIST})", 20, 1, id="a-1")], study())
    assert "a-1: ambiguous: dataset=mnist, model=dense3, l1=0, noise=none, variance=0 fits 5 runs" in str(error.value)
    assert "latent (15, 30, 50, 75, 100): add latent=" in str(error.value)


def test_a_model_without_free_latent_need_not_be_given_one():
    quantity = 'psnr(dataset="mnist", model="conv", noise="gaussian_once", variance=0.25, first=100)'
    assert observed(quantity) == pytest.approx(20.3, abs=0.1)


def test_evidence_is_read_from_the_files_of_a_study(tmp_path):
    header, row = ",".join([*RUN_KEYS, "replicate", "sparsity", "psnr"]), "mnist,dense3,100,0.0,none,0.0,0,0.25,"
    (tmp_path / "metrics.csv").write_text(f"{header}\n{row}\n")
    evidence = Evidence({name: tmp_path / f"{name}.csv" for name in ("metrics", "cost")})
    assert judged(f"metric('sparsity', {MNIST})", 0, evidence=evidence).furthest.mean == 0.25
    assert "has no psnr for dataset=mnist" in judged(f"psnr({MNIST})", 0, evidence=evidence).missing
    missing = judged(f"cost('seconds_per_epoch', {MNIST})", 0, evidence=evidence)
    assert (missing.verdict, missing.missing) == ("not testable", "the study has no cost.csv")
    unknown = judged(f"generalisation('gap_db', {MNIST})", 0, evidence=evidence)
    assert (unknown.verdict, unknown.missing) == ("not testable", "the study has no table 'generalisation'")


class TestAligned:
    """Values of several samples, replicate by replicate."""

    def test_are_those_of_the_replicates_that_all_have(self):
        found = aligned(
            {
                ("a",): Sample(np.array([1.0, 2.0, 3.0]), (0, 1, 4)),
                ("b",): Sample(np.array([10.0, 20.0, 30.0]), (4, 0, 2)),
                ("baseline",): Sample(np.array([7.0])),
            }
        )
        assert {key: values.tolist() for key, values in found.items()} == {
            ("a",): [1, 3],
            ("b",): [20, 10],
            ("baseline",): [7, 7],
        }

    def test_of_baselines_alone_are_single(self):
        assert aligned({("a",): Sample(np.array([7.0]))})["a",].tolist() == [7]

    def test_runs_without_a_replicate_in_common(self):
        with pytest.raises(NotTestable, match="no replicate in common"):
            aligned({("a",): Sample(np.array([1.0]), (0,)), ("b",): Sample(np.array([1.0]), (1,))})
