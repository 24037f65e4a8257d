"""From a study to its runs: which there are, what they are called, and what a change trains again."""

import copy
import json
import re

import pytest
import yaml

from aestudy.base.identity import Noise, Training, Validation
from aestudy.noise import gaussian
from aestudy.study import loading, plan
from aestudy.study.config import Study
from aestudy.study.plan import Plan

STUDY = yaml.safe_load("""
study: trial
seed: 1
replicates: 1
datasets:
  digits: {source: digits, label: Digits}
  other: {source: digits, label: Others}
noises:
  gaussian: {kind: gaussian, clip: true, draw: once}
training:
  epochs: 3
  learning_rate: 1.0e-3
  validation: {source: train, share: 0.2}
models:
  shallow: {label: one layer, network: {architecture: dense, hidden: [32]}}
  deep: {label: two layers, network: {architecture: dense, hidden: [32, 16]}, training: {epochs: 9}}
  conv: {label: convolutional, network: {architecture: conv, filters: [8]}}
reports:
  dense: {title: Dense networks}
experiments:
  - {name: sizes, title: Sizes, dataset: [digits], model: [shallow, deep], latent: [5, 10]}
  - {name: penalty, title: Penalty, dataset: [digits], model: [shallow], latent: [10], l1: [0, 1.0e-2]}
  - {name: noise, title: Noise, dataset: [digits], model: [conv], noise: [none, gaussian], variance: [0.1, 0.2]}
""")


def planned(**changes) -> tuple[Study, Plan]:
    """Study and plan with changed keys; `models__conv__label=...` changes a key further in."""
    raw = copy.deepcopy(STUDY)
    for place, value in changes.items():
        *outer, last = [int(part) if part.isdigit() else part for part in place.split("__")]
        node = raw
        for part in outer:
            node = node[part] if isinstance(node, list) else node.setdefault(part, {})
        node[last] = value
    study, runs, _ = loading.load(raw)
    return study, runs


def identities(**changes) -> dict[str, dict]:
    """The identity of every run as rules and manifests have it, by path."""
    study, runs = planned(**changes)
    return {path: plan.identity(study, run).as_params() for path, run in runs.runs.items()}


class TestGrid:
    def test_is_every_combination(self):
        _, runs = planned()
        assert [run.path for run in runs.experiments["sizes"]] == [
            "digits/shallow/latent-5",
            "digits/shallow/latent-10",
            "digits/deep/latent-5",
            "digits/deep/latent-10",
        ]

    def test_none_beside_a_noise_has_no_variance(self):
        _, runs = planned()
        assert [run.path for run in runs.experiments["noise"]] == [
            "digits/conv/plain",
            "digits/conv/gaussian-0.1",
            "digits/conv/gaussian-0.2",
        ]

    def test_runs_are_the_union_of_the_grids(self):
        """The run without penalty of `penalty` is the one of latent size 10 of `sizes`: it is there once."""
        _, runs = planned()
        assert runs.experiments["penalty"][0] == runs.experiments["sizes"][1]
        assert list(runs.runs) == [
            "digits/shallow/latent-5",
            "digits/shallow/latent-10",
            "digits/deep/latent-5",
            "digits/deep/latent-10",
            "digits/shallow/latent-10_l1-0.01",
            "digits/conv/plain",
            "digits/conv/gaussian-0.1",
            "digits/conv/gaussian-0.2",
        ]

    def test_size_is_the_number_of_runs(self):
        study, runs = planned()
        assert [plan.size(experiment, plan.level_names(study.noises)) for experiment in study.experiments] == [
            len(runs.experiments[experiment.name]) for experiment in study.experiments
        ]

    def test_of_the_paper_study(self, pytestconfig):
        """20 runs of depth and size, 12 of the penalty (of which 2 are among the former), 8 of noise, 1 of conv."""
        raw = yaml.safe_load((pytestconfig.rootpath / "config.yaml").read_text())
        _, runs, _ = loading.load(raw)
        assert {name: len(grid) for name, grid in runs.experiments.items()} == {
            "latent": 20,
            "l1": 12,
            "denoising": 8,
            "conv": 1,
        }
        assert len(runs.runs) == 20 + 12 - 2 + 8 + 1

    def test_conditions_gather_what_is_scored_on_the_same_input(self):
        _, runs = planned()
        assert {key: len(group) for key, group in runs.conditions().items()} == {
            ("digits", "clean"): 6,
            ("digits", "gaussian-0.1"): 1,
            ("digits", "gaussian-0.2"): 1,
        }


class TestPath:
    @pytest.mark.parametrize("text", ["0.01", "1.0e-2", "0.010", "1.0E-2", "0.01000000000000000020816681711721685"])
    def test_of_a_number_does_not_depend_on_how_it_is_written(self, text):
        _, runs = planned(experiments__1__l1=[0, yaml.safe_load(text)])
        assert "digits/shallow/latent-10_l1-0.01" in runs.runs

    @pytest.mark.parametrize("zero", [0, 0.0, -0.0])
    def test_of_zero_is_one(self, zero):
        study, runs = planned(experiments__1__l1=[zero])
        run = runs.experiments["penalty"][0]
        assert run.path == "digits/shallow/latent-10"
        assert str(plan.identity(study, run).l1) == "0.0"

    def test_of_whole_numbers_and_floats_is_one(self):
        assert list(planned(experiments__1__l1=[1])[1].runs) == list(planned(experiments__1__l1=[1.0])[1].runs)


class TestIdentity:
    def test_holds_what_defines_the_weights(self):
        """Written out: a change of this trains every study of every user again."""
        study, runs = planned()
        assert plan.identity(study, runs.experiments["noise"][1]).as_params() == {
            "dataset": "digits",
            "l1": 0.0,
            "latent": None,
            "network": {
                "architecture": "conv",
                "dropout": 0.0,
                "dropout_after": "encoder",
                "filters": [8],
                "kernel": 3,
            },
            "noise": {"level": 0.1, "parameters": {"clip": True, "draw": "once", "kind": "gaussian"}},
            "seed": 1,
            "training": {
                "adam_epsilon": 1e-8,
                "batch_size": 128,
                "epochs": 3,
                "initialisation": "pytorch",
                "learning_rate": 1e-3,
                "loss": "bce",
                "precision": "auto",
                "target": "clean",
                "validation": {"share": 0.2, "source": "train"},
            },
        }

    def test_is_plain_and_sorted(self):
        """Snakemake compares its text, and manifests hold it as JSON."""
        for identity in identities().values():
            assert json.loads(json.dumps(identity)) == identity
            assert json.dumps(identity) == json.dumps(identity, sort_keys=True)

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("models__shallow__label", "another"),
            ("models__conv__label", "another"),
            ("datasets__digits__label", "another"),
            ("experiments__0__title", "another"),
            ("experiments__0__name", "another"),
            ("experiments__0__report", "dense"),
            ("experiments__0__drawing", "losses"),
            ("reports__dense__title", "another"),
            ("evaluation__ssim", "gaussian11"),
            ("evaluation__sparsity_threshold", 0.5),
            ("evaluation__examples", 20),
            ("replicates", 7),
            ("device", "cpu"),
            ("test_noise", "per_replicate"),
            ("study", "another"),
            ("claims", "another.yaml"),
            ("stand_ins", {"mnist": "digits"}),
            ("training__l1_reduction", "mean"),  # its default
            ("training__batch_size", 128),  # its default
            ("models__spare", {"label": "x", "network": {"architecture": "dense", "hidden": [2]}}),
            ("noises__spare", {"kind": "gaussian", "clip": False, "draw": "once"}),
        ],
    )
    def test_is_not_changed_by(self, place, value):
        assert json.dumps(identities(**{place: value})) == json.dumps(identities())

    @pytest.mark.parametrize(
        ("place", "value", "changed"),
        [
            ("seed", 2, ""),
            ("training__epochs", 4, "shallow|conv"),  # deep has epochs of its own
            ("training__batch_size", 64, ""),
            ("training__learning_rate", 1e-2, ""),
            ("training__adam_epsilon", 1e-7, ""),
            ("training__initialisation", "keras", ""),
            ("training__precision", "bf16", ""),
            ("training__l1_reduction", "sum", "l1"),  # there is nothing to reduce without a penalty
            ("training__validation__source", "test", ""),
            ("training__loss", "mse", ""),
            ("training__shared", ["order"], ""),
            ("training__validation__share", 0.1, ""),
            ("models__shallow__network__hidden", [33], "shallow"),
            ("models__shallow__network__latent_activation", "relu", "shallow"),
            ("models__deep__training__epochs", 8, "deep"),
            ("models__conv__training__validation__source", "test", "conv"),
            ("models__conv__network__kernel", 5, "conv"),
            ("models__conv__network__dropout", 0.5, "conv"),
            ("noises__gaussian__clip", False, "gaussian"),
            ("noises__gaussian__draw", "each_epoch", "gaussian"),
        ],
    )
    def test_is_changed_by(self, place, value, changed):
        """Of the runs whose paths match `changed`, and of no others."""
        before, after = identities(), identities(**{place: value})
        assert {path for path in before if before[path] != after[path]} == {
            path for path in before if re.search(changed, path)
        }

    def test_is_changed_by_the_target(self):
        """On its own: noise-free runs cannot have noisy targets."""
        study, runs = planned()
        clean = plan.identity(study, runs.runs["digits/conv/gaussian-0.1"])
        noisy = clean.model_copy(update={"training": clean.training.model_copy(update={"target": "noisy_copy"})})
        assert noisy.as_params() != clean.as_params()

    def test_all_training_keys_are_in_the_tests_above(self):
        """A new key has to be tried in test_is_changed_by."""
        tried = {
            "epochs",
            "batch_size",
            "learning_rate",
            "adam_epsilon",
            "initialisation",
            "l1_reduction",
            "precision",
            "validation",
            "loss",
            "target",
            "shared",
        }
        assert set(Training.model_fields) == tried

    def test_does_not_know_the_share_of_a_split_that_is_not_made(self):
        same = [identities(training__validation={"source": "test", "share": share}) for share in (0.1, 0.3)]
        assert same[0] == same[1]

    def test_of_a_run_does_not_depend_on_the_others(self):
        """Adding a value to a grid trains only the new runs."""
        before = identities()
        after = identities(experiments__0__latent=[5, 7, 10], experiments__0__dataset=["digits", "other"])
        assert {path: after[path] for path in before} == before
        assert len(after) > len(before)


class TestTrainingOfAModel:
    def test_is_the_studys_with_its_own_keys_in_place(self):
        study, _ = planned()
        assert plan.training_of(study, "deep") == plan.training_of(study, "shallow").model_copy(update={"epochs": 9})

    def test_inherits_what_it_does_not_set_further_in(self):
        """The model sets the source alone: the share stays the study's 0.2, not the default 0.1."""
        study, _ = planned(models__conv__training={"validation": {"source": "train"}})
        assert plan.training_of(study, "conv").validation == Validation(source="train", share=0.2)

    def test_inherits_what_is_null(self):
        study, _ = planned(models__deep__training={"epochs": None, "validation": None})
        assert plan.training_of(study, "deep") == plan.training_of(study, "shallow")


class TestNoise:
    def test_has_the_parameters_of_its_name_and_the_level_of_the_run(self):
        study, _ = planned()
        parameters = gaussian.Parameters(kind="gaussian", clip=True, draw="once")
        assert plan.noise_of(study, "gaussian", 0.3) == Noise(parameters=parameters, level=0.3)

    def test_none_is_no_noise(self):
        study, _ = planned()
        assert plan.noise_of(study, "none", 0.0) is None
