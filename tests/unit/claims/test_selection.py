"""Which runs a term means."""

from dataclasses import replace

import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import Run
from aestudy.claims.language import Between, Number, parse, terms
from aestudy.claims.selection import (
    Candidates,
    NotTestable,
    fits,
    keys_of,
    replace_datasets,
    replace_terms,
    select,
)
from unit.claims.made_up import MNIST, STAND_INS, paper_runs

RUNS = Candidates(map(keys_of, paper_runs()))


def selected(text: str, candidates=RUNS) -> dict:
    """Runs by label that the first term of an expression means."""
    return select(next(terms(parse(text))), candidates)


def test_keys_of_a_run_without_free_latent_have_none_to_name():
    assert keys_of(Run("mnist", "conv", None, 0.0, "gaussian", 0.25)) == {
        "dataset": "mnist",
        "model": "conv",
        "latent": 0,
        "l1": 0.0,
        "noise": "gaussian",
        "variance": 0.25,
    }


def test_one_run():
    assert selected(f"psnr({MNIST}, latent=100, noise='gaussian', variance=0.2)") == {
        (): keys_of(Run("mnist", "dense3", 100, 0.0, "gaussian", 0.2))
    }


def test_a_model_without_free_latent_need_not_be_given_one():
    found = selected('psnr(dataset="mnist", model="conv", noise="gaussian_once", variance=0.25)')
    assert [keys["model"] for keys in found.values()] == ["conv"]


def test_several_runs_by_label_in_its_order():
    runs = Candidates(map(keys_of, reversed(paper_runs())))
    assert list(selected(f"max(psnr({MNIST}, latent=each))", runs)) == [(15,), (30,), (50,), (75,), (100,)]
    assert list(selected(f"max(psnr({MNIST}, latent=between(30, 75)))", runs)) == [(30,), (50,), (75,)]
    both = selected('max(psnr(dataset="mnist", model=each, latent=between(15, 30)))', runs)
    assert list(both) == [("dense3", 15), ("dense3", 30), ("dense5", 15), ("dense5", 30)]


def test_numbers_are_compared_as_numbers():
    assert fits([("l1", 0.1 + 0.2)], {"l1": 0.3})
    assert fits([("l1", Between(0.1, 0.3))], {"l1": 0.1 + 0.2})
    assert not fits([("l1", Between(0.1, 0.3))], {"l1": 0.31})
    assert not fits([("l1", 0.3)], {"l1": 0.31})


def test_what_the_study_lacks_is_said_with_what_there_is_instead():
    with pytest.raises(NotTestable) as error:
        selected(f"psnr({MNIST}, latent=64)")
    assert str(error.value) == (
        "the study has no run with dataset=mnist, model=dense3, latent=64, l1=0, noise=none, variance=0; "
        "there is latent 15, 30, 50, 75, 100"
    )
    with pytest.raises(NotTestable, match=r"there is dataset fmnist, mnist$"):
        selected('psnr(dataset="kmnist", model="dense3", latent=15)')
    with pytest.raises(NotTestable, match=r"variance=0$"):  # two keys differ from those of any run
        selected('psnr(dataset="kmnist", model="dense3", latent=64)')


def test_a_term_that_fits_several_runs_is_ambiguous():
    with pytest.raises(UserError) as error:
        selected(f"psnr({MNIST})")
    assert str(error.value) == (
        "ambiguous: dataset=mnist, model=dense3, l1=0, noise=none, variance=0 fits 5 runs that differ in "
        "latent (15, 30, 50, 75, 100): add latent="
    )


def test_a_label_that_fits_several_runs_is_ambiguous():
    term = next(terms(parse(f"max(psnr({MNIST}, latent=each))")))
    any_model = replace(term, filters=tuple((key, wanted) for key, wanted in term.filters if key != "model"))
    with pytest.raises(UserError, match=r"fits 2 runs that differ in model \(dense3, dense5\): add model="):
        select(any_model, RUNS)


def test_candidates_are_found_by_data_set_and_without():
    filters = [("model", "dense5"), ("latent", 15)]
    assert [keys["dataset"] for keys in RUNS.fitting(filters)] == ["mnist", "fmnist"]
    assert [keys["dataset"] for keys in RUNS.fitting([("dataset", "fmnist"), *filters])] == ["fmnist"]
    assert RUNS.fitting([("dataset", "kmnist"), *filters]) == []


def test_terms_are_replaced_wherever_they_are():
    node = parse(f"max(psnr({MNIST}) - 1, ssim({MNIST}))")
    numbers = replace_terms(node, lambda term: Number(len(term.column)))
    assert numbers == type(node)("max", (type(node)("-", (Number(4), Number(1.0))), Number(4)))


class TestStandIns:
    def test_take_the_place_of_data_sets(self):
        node = replace_datasets(parse(f"psnr({MNIST}) - ssim({MNIST})"), STAND_INS)
        assert {term.dataset for term in terms(node)} == {"digits"}
        assert replace_datasets(node, {}) == node

    def test_a_data_set_cannot_be_compared_with_itself(self):
        node = parse('psnr(dataset="mnist", model="dense3") - psnr(dataset="fmnist", model="dense3")')
        with pytest.raises(NotTestable, match="compares fmnist with mnist, but digits stands in for both"):
            replace_datasets(node, STAND_INS)

    def test_other_operations_may_have_equal_sides(self):
        node = parse('max(psnr(dataset="mnist", model="dense3"), psnr(dataset="fmnist", model="dense3"))')
        assert {term.dataset for term in terms(replace_datasets(node, STAND_INS))} == {"digits"}
