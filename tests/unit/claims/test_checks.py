"""Claims held against a study before any job runs."""

import pytest

from aestudy.base.run import Run
from aestudy.claims import checks
from aestudy.claims.checks import Known, Planned
from aestudy.claims.records import load_claims
from unit.claims.made_up import CLAIMS, LATENT_RUNS, MNIST, STAND_INS, claim, paper_runs, paper_tests

NAMES = {
    "dataset": ["mnist", "fmnist", "digits"],
    "model": ["dense3", "dense5", "conv"],
    "noise": ["none", "gaussian", "gaussian_once"],
}
EVIDENCE = ["dense/fig2-1-bottom", "metrics"]


def mistakes(*claims, runs=None, stand_ins=None) -> list[str]:
    planned = Planned(paper_runs() if runs is None else runs, paper_tests())
    return checks.mistakes(claims, planned, Known(NAMES, EVIDENCE, stand_ins or {}))


class TestReports:
    """The reports' own claims."""

    def known(self, claims, stand_ins=None) -> Known:
        return Known(NAMES, [shown for claim in claims for shown in claim.evidence], stand_ins or {})

    def test_fit_one_run_each_in_the_reports_grid_and_beyond(self):
        claims = load_claims(CLAIMS)
        planned = Planned(paper_runs(), paper_tests())
        assert checks.mistakes(claims, planned, self.known(claims)) == []
        more = [Run("mnist", "dense3", 200, 0.0, "none", 0.0), Run("cifar10", "conv", None, 0.0, "gaussian_once", 0.25)]
        more = Planned([*paper_runs(), *more], paper_tests())
        assert checks.mistakes(claims, more, self.known(claims)) == []
        assert checks.untestable(claims, planned, {}) == {}

    def test_compare_data_sets_only_where_one_does_not_stand_in_for_both(self):
        claims = load_claims(CLAIMS)
        planned = Planned(paper_runs(("digits",)), paper_tests(("digits",)))
        assert checks.mistakes(claims, planned, self.known(claims, STAND_INS)) == []
        untestable = checks.untestable(claims, planned, STAND_INS)
        assert list(untestable) == ["dense-1c-most", "dense-3c-more"]
        assert "digits stands in for both" in untestable["dense-1c-most"]

    def test_ask_for_what_an_empty_study_lacks(self):
        claims = load_claims(CLAIMS)
        assert checks.mistakes(claims, Planned([]), self.known(claims)) == []
        testable = [claim.id for claim in claims if claim.untestable is None]
        assert list(checks.untestable(claims, Planned([]), {})) == testable


def test_a_claim_without_mistakes():
    assert mistakes(claim(f"psnr({MNIST}, latent=15)", 20, direction=f"psnr({MNIST}, latent=30)")) == []


@pytest.mark.parametrize(
    ("quantity", "line"),
    [
        (
            'psnr(dataset="mnits", model="conv")',
            "no dataset has the name 'mnits'; there are: mnist, fmnist, digits; did",
        ),
        (
            'psnr(dataset="mnist", model="dense4")',
            "no model has the name 'dense4'; there are: dense3, dense5, conv; did",
        ),
        (
            f'psnr({MNIST}, noise="salt", variance=0.1)',
            "no noise has the name 'salt'; there are: none, gaussian, gauss",
        ),
        ('baseline("psnr", dataset="mnist", baseline="pac")', "no baseline has the name 'pac'; there are: affine, "),
        (f"psnr({MNIST})", "ambiguous: dataset=mnist, model=dense3, l1=0, noise=none, variance=0 fits 5 runs"),
    ],
)
@pytest.mark.parametrize("key", ["quantity", "direction"])
def test_a_mistake_is_told_with_the_record_and_the_key(quantity, line, key):
    good = f"psnr({MNIST}, latent=15)"
    given = claim(quantity, 20) if key == "quantity" else claim(good, 20, direction=quantity)
    (found,) = mistakes(given)
    assert found.startswith(f"made-up.{key}: {line}")


def test_evidence_that_does_not_exist():
    (found,) = mistakes(claim(f"psnr({MNIST}, latent=15)", 20, evidence=["metrics", "dense/fig2-1-botom"]))
    assert found == (
        "made-up.evidence[1]: no figure or table has the name 'dense/fig2-1-botom'; "
        "there are: dense/fig2-1-bottom, metrics; did you mean dense/fig2-1-bottom?"
    )


def test_all_mistakes_come_at_once_and_each_once():
    twice = 'psnr(dataset="kmnist", model="dense3", latent=15) - ssim(dataset="kmnist", model="dense3", latent=15)'
    found = mistakes(
        claim(twice, 1, id="a"),
        claim(f"psnr({MNIST})", 20, id="b", evidence=["nothing"]),
        claim(f"psnr({MNIST}, latent=15)", 20, id="c"),
    )
    assert [line.partition(":")[0] for line in found] == ["a.quantity", "b.quantity", "b.evidence[0]"]


def test_any_name_may_be_meant_by_each():
    assert mistakes(claim('max(psnr(dataset="mnist", model=each, latent=15))', 20)) == []


def test_a_run_that_the_study_does_not_plan_is_no_mistake():
    given = claim(f"psnr({MNIST}, latent=64)", 20)
    assert mistakes(given) == []
    assert list(checks.untestable([given], Planned(LATENT_RUNS), {})) == ["made-up"]
    assert "there is latent 15, 30" in checks.untestable([given], Planned(LATENT_RUNS), {})["made-up"]


def test_baselines_are_not_looked_for_among_the_runs():
    given = claim('baseline("psnr", dataset="mnist", baseline="pca", latent=7)', 20)
    assert mistakes(given) == []
    assert checks.untestable([given], Planned(LATENT_RUNS), {}) == {}


def test_a_model_without_free_latent_may_be_planned_without_one():
    quantity = 'psnr(dataset="mnist", model="conv", noise="gaussian_once", variance=0.25, first=100)'
    assert mistakes(claim(quantity, 20, 1)) == []
    assert checks.untestable([claim(quantity, 20, 1)], Planned(paper_runs()), {}) == {}


def test_terms_are_ambiguous_also_through_stand_ins():
    given = claim(f"psnr({MNIST})", 20)
    digits = [Run("digits", "dense3", latent, 0.0, "none", 0.0) for latent in (15, 30)]
    (found,) = mistakes(given, runs=digits, stand_ins=STAND_INS)
    assert "ambiguous: dataset=digits" in found and "latent (15, 30)" in found


TESTED = f'transfer("psnr", {MNIST}, latent=100, noise="gaussian", variance=0.2, test_dataset="fmnist")'


class TestOtherTestSets:
    """Networks on test sets that they were not trained for."""

    def test_a_test_that_the_study_plans(self):
        assert mistakes(claim(TESTED, 20)) == []
        assert checks.untestable([claim(TESTED, 20)], Planned([], paper_tests()), {}) == {}

    def test_a_test_that_the_study_does_not_plan(self):
        """The network alone, or its tests on another noise, are not enough."""
        for given in (claim(TESTED, 20), claim(TESTED.replace('"fmnist"', '"mnist"'), 20)):
            assert mistakes(given) == []
        reason = checks.untestable([claim(TESTED, 20)], Planned(paper_runs()), {})["made-up"]
        assert reason.startswith("the study has no test with dataset=mnist, model=dense3, latent=100")
        elsewhere = claim(TESTED.replace("test_dataset", "test_variance=0.3, test_dataset"), 20)
        assert "variance 0.2" in checks.untestable([elsewhere], Planned([], paper_tests()), {})["made-up"]

    @pytest.mark.parametrize(
        ("key", "wrong", "kinds"), [("dataset", "fmnits", "fmnist"), ("noise", "gausian", "gaussian")]
    )
    def test_names_that_do_not_exist(self, key, wrong, kinds):
        text = TESTED.replace('test_dataset="fmnist"', f'test_{key}="{wrong}"')
        (found,) = mistakes(claim(text, 20))
        assert found.startswith(f"made-up.quantity: no test_{key} has the name '{wrong}'; there are: ")
        assert found.endswith(f"; did you mean {kinds}?")

    def test_a_test_set_may_be_stood_in_for(self):
        digits = [(run, run) for run in paper_runs(("digits",)) if run.noise == "gaussian"]
        own = claim(TESTED.replace(', test_dataset="fmnist"', ""), 20)
        assert checks.untestable([own], Planned([], digits), STAND_INS) == {}
