"""The parts of a claim: which there are, what they are called, and their values in every replicate."""

import pytest

from aestudy.claims.language import parse
from aestudy.claims.parts import parts_of, separate, values_of
from aestudy.claims.records import Expectation
from aestudy.claims.selection import NotTestable
from unit.claims.made_up import MNIST, STAND_INS, as_published, paper_runs, study, values_of_latents

FMNIST = 'dataset="fmnist", model="dense3"'
DEEP = 'dataset="mnist", model="dense5"'
ABOVE, BELOW, NUMBER = Expectation(">", 0), Expectation("<=", 0), Expectation("=", 0)


def names(text: str, expected=ABOVE, stand_ins=None, **options) -> list[str]:
    """What the parts of an expression are called."""
    return [part.name for part in parts_of(parse(text), expected, study(**options), stand_ins or {})]


@pytest.mark.parametrize(
    ("function", "expected", "several"),
    [
        ("all", ABOVE, True),
        ("all", BELOW, True),
        ("all", NUMBER, True),
        ("min", ABOVE, True),
        ("min", BELOW, False),
        ("min", NUMBER, False),
        ("max", BELOW, True),
        ("max", ABOVE, False),
        ("max", NUMBER, False),
        ("mean", ABOVE, False),
    ],
)
def test_what_must_hold_each(function, expected, several):
    node = parse(f"{function}(psnr({MNIST}, latent=15), psnr({MNIST}, latent=30))")
    assert separate(node, expected) == (node.arguments if several else (node,))


def test_within_an_expression_the_least_is_a_number_like_others():
    node = parse(f"min(psnr({MNIST}, latent=15), psnr({MNIST}, latent=30)) - 1")
    assert separate(node, ABOVE) == (node,)


def test_values_are_computed_in_every_replicate():
    evidence = values_of_latents([1.0, 2.0], [4.0, 9.0], [5.0, 5.0])
    found = values_of(parse(f"min(psnr({MNIST}, latent=between(15, 50)))"), evidence)
    assert found[()].tolist() == [1, 2]
    found = values_of(parse(f"psnr({MNIST}, latent=30) / psnr({MNIST}, latent=15) - 1"), evidence)
    assert found[()].tolist() == [3, 3.5], "the mean of ratios, not the ratio of means"
    found = {
        part.name: part.values.tolist()
        for part in parts_of(parse(f"all(steps(psnr({MNIST}, latent=each)))"), ABOVE, evidence, {})
    }
    assert found == {"latent 30": [3, 7], "latent 50": [1, -4]}


class TestNames:
    """Parts are named by what tells them apart."""

    def test_a_single_part_needs_none(self):
        assert names(f"psnr({MNIST}, latent=15)") == [""]

    def test_grid_points(self):
        latents = [f"latent {k}" for k in (15, 30, 50, 75, 100)]
        assert names(f"all(psnr({MNIST}, latent=each))") == latents
        assert names(f"min(steps(psnr({MNIST}, latent=each)))") == latents[1:]

    def test_data_sets_with_their_grid_points(self):
        text = f"all(psnr({MNIST}, latent=between(75, 100)), psnr({FMNIST}, latent=between(75, 100)))"
        assert names(text) == ["mnist, latent 75", "mnist, latent 100", "fmnist, latent 75", "fmnist, latent 100"]

    def test_what_is_read_of_both_sides(self):
        lead = f"psnr({MNIST}, latent=100) - psnr({DEEP}, latent=100)"
        assert names(f"all({lead}, psnr({MNIST}, latent=100))") == ["dense3 and dense5", "dense3"]

    def test_the_name_of_a_model_as_label(self):
        assert names('all(psnr(dataset="mnist", model=each, latent=15))') == ["dense3", "dense5"]

    def test_stand_ins_by_their_own_names(self):
        runs = tuple(paper_runs(("digits",)))
        text = f"all(psnr({MNIST}, latent=15), psnr({FMNIST}, latent=30))"
        assert names(text, stand_ins=STAND_INS, runs=runs) == ["latent 15", "latent 30"]


class TestNotTestable:
    """What has no value."""

    def test_a_part_that_the_study_lacks(self):
        with pytest.raises(NotTestable, match="no run with dataset=mnist, model=dense3, latent=64"):
            names(f"all(psnr({MNIST}, latent=15), psnr({MNIST}, latent=64))")

    def test_a_quotient_of_nothing_in_one_replicate(self):
        with pytest.raises(NotTestable, match="no finite number in every replicate"):
            values_of(parse(f"1 / psnr({MNIST}, latent=15)"), values_of_latents([1.0, 0.0]))

    def test_two_data_sets_that_one_stands_in_for(self):
        with pytest.raises(NotTestable, match="digits stands in for both"):
            names(f"psnr({MNIST}, latent=15) - psnr({FMNIST}, latent=15)", stand_ins=STAND_INS, numbers=as_published)
