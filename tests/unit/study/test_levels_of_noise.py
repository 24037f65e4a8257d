"""Experiments with noises of different levels: their runs, paths and mistakes."""

from pathlib import Path

import pytest
import yaml

from aestudy.base import registry
from aestudy.base.errors import UserError
from aestudy.base.levels import Level
from aestudy.base.run import Run
from aestudy.study import loading, plan

ROOT = Path(__file__).parents[3]


def study(**experiment) -> loading.Loaded:
    """config.yaml with one experiment, and two more noises."""
    raw = yaml.safe_load((ROOT / "config.yaml").read_text())
    raw["noises"] |= {
        "poisson": {"kind": "poisson", "clip": True, "draw": "each_epoch"},
        "salt": {"kind": "salt_and_pepper", "draw": "once"},
        "salted": {"kind": "salt_and_pepper", "draw": "each_epoch"},
        "any": {"kind": "gaussian_random", "clip": True, "draw": "each_epoch"},
    }
    grid = {"name": "x", "title": "X", "dataset": ["mnist"], "model": ["dense3"], "latent": [5]}
    raw["experiments"] = [grid | experiment]
    return loading.load(raw)


def mistakes(**experiment) -> str:
    with pytest.raises(UserError) as error:
        study(**experiment)
    return str(error.value)


def test_each_noise_is_combined_with_its_own_levels():
    loaded = study(noise=["none", "gaussian", "poisson", "salt"], variance=[0.1, 0.2], peak=[10, 30.0], share=[0.5])
    assert list(loaded.plan.runs) == [
        "mnist/dense3/latent-5",
        "mnist/dense3/latent-5_gaussian-0.1",
        "mnist/dense3/latent-5_gaussian-0.2",
        "mnist/dense3/latent-5_noise-poisson_peak-10",
        "mnist/dense3/latent-5_noise-poisson_peak-30",
        "mnist/dense3/latent-5_noise-salt_share-0.5",
    ]
    (experiment,) = loaded.study.experiments
    assert plan.size(experiment, plan.level_names(loaded.study.noises)) == 6


def test_columns_have_the_name_of_the_level():
    loaded = study(noise=["gaussian", "poisson"], variance=[0.1], peak=[10])
    gaussian, poisson = loaded.plan.runs.values()
    common = {"dataset": "mnist", "model": "dense3", "latent": 5, "l1": 0.0}
    assert gaussian.keys == common | {"noise": "gaussian", "variance": 0.1}
    assert poisson.keys == common | {"noise": "poisson", "peak": 10}
    assert poisson.condition_keys == {"dataset": "mnist", "noise": "poisson", "peak": 10}
    assert poisson.variance != poisson.variance  # NaN: it has none
    assert Run(**vars(poisson)) == poisson


def test_the_level_defines_the_training():
    loaded = study(noise=["poisson"], peak=[10, 30])
    one, two = (plan.identity(loaded.study, run) for run in loaded.plan.runs.values())
    assert (one.noise.level, two.noise.level) == (10, 30)
    assert one.noise.parameters.kind == "poisson"
    assert one.as_params() != two.as_params()


def test_a_noise_and_its_level_cannot_be_mistaken_for_another_noise():
    """Names of noises may hold underscores, and the names of levels too."""
    conditions = {
        Run("a", "b", 1, 0.0, noise, 0.5, name).condition
        for noise, name in (("salt", "share"), ("salt_share", "variance"), ("salt", "variance"), ("salt_x", "share"))
    }
    assert len(conditions) == 4


def test_a_missing_level_is_named():
    found = mistakes(noise=["gaussian", "poisson", "salt", "salted"])
    assert "experiments[0].variance: this key is missing; noise gaussian needs at least one variance above 0" in found
    assert "experiments[0].peak: this key is missing; noise poisson needs at least one: numbers above 0" in found
    assert "experiments[0].share: this key is missing; noise salt, salted needs at least one" in found


def test_a_level_that_no_noise_takes_is_named():
    assert "experiments[0].peak: found [10.0], but noise gaussian has no peak; name a noise that has one" in mistakes(
        noise=["gaussian"], variance=[0.1], peak=[10]
    )
    assert "experiments[0].peak: found [10.0], but noise is none; name a noise or remove this key" in mistakes(
        peak=[10]
    )
    assert "experiments[0].variance: found [0.1], but noise poisson has no variance" in mistakes(
        noise=["poisson"], variance=[0.1], peak=[10]
    )


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (
            {"noise": ["salt"], "share": [1.5]},
            "experiments[0].share[0]: found 1.5; allowed: a finite number, above 0, at",
        ),
        ({"noise": ["salt"], "share": [0]}, "experiments[0].share[0]: found 0; allowed"),
        ({"noise": ["poisson"], "peak": [-1]}, "experiments[0].peak[0]: found -1; allowed"),
        ({"noise": ["poisson"], "peak": [1e9]}, "experiments[0].peak[0]: found 1000000000.0; allowed"),
        ({"noise": ["poisson"], "peaks": [10]}, "experiments[0].peaks: unknown key; allowed here:"),
        ({"noise": ["any"], "largest_deviation": [0.1, 0.1]}, "experiments[0].largest_deviation: 0.1 appears 2 times"),
    ],
)
def test_levels_out_of_range_are_told_before_anything_runs(levels, words):
    assert words in mistakes(**levels)


def test_kinds_that_share_the_name_of_a_level_keep_their_own_ranges(monkeypatch):
    """The key of the experiment then allows the widest; each noise is held against its own."""
    monkeypatch.setattr(registry.load("noise", "salt_and_pepper"), "LEVEL", Level("peak", "-", "-", "-", highest=20))
    assert "experiments[0].peak: found 30.0; noise salt takes numbers above 0, at most 20" in mistakes(
        noise=["poisson", "salt"], peak=[10, 30]
    )
