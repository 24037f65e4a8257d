"""The verb `converges`: what it says of made-up studies, and what it finds in real trainings of the demo's runs."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml

from aestudy.__main__ import main
from aestudy.base import files
from aestudy.base.run import RUN_KEYS
from aestudy.network import hardware
from aestudy.noise import gaussian
from aestudy.scoring import tables
from aestudy.study.config import Study
from aestudy.study.plan import Plan, identity
from aestudy.tools import converges, references
from aestudy.training import adam, loop
from unit.tools.histories import RUNS, finish

ROOT = Path(__file__).parents[3]


def tell(capsys, *arguments: str) -> tuple[int, str]:
    """Exit status of the verb and all that it prints."""
    status = main(["converges", *arguments])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


def test_all_commits_of_a_reference_are_told():
    about = {"device": None, "torch": None, "commit": f"{40 * '1'}+changes and {40 * '2'}", "seed": 1, "replicates": 3}
    assert f"commit {12 * '1'}+changes, {12 * '2'}" in converges.describe(about)


@pytest.mark.parametrize(
    ("replicates", "status", "said"),
    [(12, 0, "loss curves of 3 runs, 12 replicates each"), (9, 2, "a reference needs 10 at least")],
)
def test_writing_a_reference_says_what_it_has_or_lacks(project, capsys, replicates, status, said):
    finish("demo", replicates=replicates)
    found, text = tell(capsys, "demo", "--write-reference")
    assert (found, said in text) == (status, True)


class TestMessages:
    @pytest.fixture
    def reference(self, project):
        finish("demo", replicates=20)
        assert main(["converges", "demo", "--write-reference"]) == 0
        return project

    def test_nothing_deviates(self, reference, capsys):
        finish("demo", replicates=4, seed=3)
        status, text = tell(capsys, "demo")
        assert (status, "Nothing deviates from the reference." in text) == (0, True)
        assert "Compared as a group: 3 runs, both losses, 18 phases" in text
        assert "reported though nothing has changed: 1 %" in text
        assert "Reference: 20 replicates, seed 1, fp32 on test processor, torch 2.0, commit 0123456789ab, 20" in text
        assert "Study:     4 replicates, seed 3, fp32 on test processor, torch 2.0, commit 0123456789ab\n" in text

    def test_the_same_seed_is_compared_replicate_by_replicate(self, reference, capsys):
        finish("demo", replicates=9)
        status, text = tell(capsys, "demo")
        assert (status, "Compared replicate by replicate" in text) == (0, True)

    def test_few_replicates_of_the_same_seed_are_compared_as_a_group(self, reference, capsys):
        finish("demo", replicates=7)
        status, text = tell(capsys, "demo")
        assert (status, "Compared as a group" in text) == (0, True)

    def test_what_deviates_is_named_with_its_size(self, reference, capsys):
        finish("demo", replicates=4, seed=3, shift=0.05)
        status, text = tell(capsys, "demo")
        assert status == 1
        assert "of these phases deviate from the reference:" in text
        (line,) = [line for line in text.splitlines() if "l1 0.01" in line and "train_loss in epoch 1 is" in line]
        assert line.startswith("  digits/small, latent 10, l1 0.01, gaussian 0.2: train_loss in epoch 1 is ")
        size, errors = float(line.split(" is ")[1].split()[0]), float(line.split("(")[1].split()[0])
        assert size == pytest.approx(100 * np.expm1(0.05), abs=1.5)
        assert "% above (" in line
        assert errors > 4

    def test_runs_that_the_reference_lacks_are_named_and_left_out(self, reference, capsys):
        finish("demo", seed=3, runs=[*RUNS[:1], ("digits", "large", 50, 0.0, "none", 0.0)])
        status, text = tell(capsys, "demo")
        assert status == 0
        assert "Left out, since the reference lacks it: digits/large, latent 50." in text
        assert "Compared as a group: 1 runs" in text

    def test_other_epochs_are_compared_as_far_as_both_go(self, reference, capsys):
        finish("demo", seed=3, epochs=4)
        status, text = tell(capsys, "demo")
        assert (status, "Compared up to epoch 4 of 6: digits/small, latent 5." in text) == (0, True)

    def test_without_manifests_the_seed_counts_as_another_one(self, reference, capsys):
        for file in reference.glob("results/demo/runs/**/manifest.json"):
            file.unlink()
        finish("demo", replicates=10, manifest=False)
        status, text = tell(capsys, "demo")
        assert (status, "Compared as a group" in text) == (0, True)
        assert "10 replicates, unknown seed, on an unknown device, unknown torch, unknown commit" in text

    def test_manifests_of_replicates_that_the_study_no_longer_has_do_not_count(self, reference, capsys):
        finish("demo", replicates=12, seed=5)
        finish("demo", replicates=4, seed=3)
        status, text = tell(capsys, "demo")
        assert (status, "4 replicates, seed 3" in text) == (0, True)

    @pytest.mark.parametrize(
        ("study", "sentence"),
        [
            (None, "results/demo/tables/history.csv is not there: a study has it once its trainings are done"),
            ({"runs": [("digits", "large", 50, 0.0, "none", 0.0)]}, "the reference has none of the 1 runs"),
            ({"replicates": 1}, "has 1 replicates that all compared runs have, and the reference 20: too few"),
        ],
    )
    def test_what_cannot_be_compared(self, reference, capsys, study, sentence):
        (reference / "results/demo/tables/history.csv").unlink()
        if study is not None:
            finish("demo", seed=3, **study)
        status, text = tell(capsys, "demo")
        assert (status, sentence in text) == (2, True)

    def test_no_reference(self, reference, capsys):
        status, text = tell(capsys, "other")
        assert status == 2
        assert "references/other.csv is not there: study other has no reference (there are references of: demo)" in text
        assert "`python -m aestudy converges other --write-reference`" in text

    @pytest.mark.parametrize("harm", ["header", "column", "text"])
    def test_a_damaged_reference(self, reference, capsys, harm):
        table = reference / "references/demo.csv"
        if harm == "header":
            (reference / "references/demo.json").unlink()
        elif harm == "column":
            tables.read(table).drop(columns="train_loss_7").to_csv(table, index=False)
        else:
            table.write_text("no table")
        status, text = tell(capsys, "demo")
        assert (status, "are not a reference as `--write-reference` writes it" in text) == (2, True)

    def test_replicates_that_did_not_train_to_the_end(self, reference, capsys):
        table = finish("demo", seed=3)
        files.write_csv("results/demo/tables/history.csv", table[:-1])
        status, text = tell(capsys, "demo")
        assert status == 2
        assert "the replicates of digits/small, latent 10, l1 0.01, gaussian 0.2 have not the same epochs" in text

    @pytest.mark.parametrize("rate", ["0", "1", "-0.5"])
    def test_an_error_rate_that_is_none(self, project, capsys, rate):
        status, text = tell(capsys, "demo", f"--error-rate={rate}")
        assert (status, "allowed: a number between 0 and 1" in text) == (2, True)


# Trainings of the demo's runs beside the reference of the repository. Which runs those are follows from the study's
# file; one of each kind is enough.


@functools.cache
def demo() -> Study:
    """The demo as Snakemake configures it: its file over config.yaml."""

    def merged(common: dict, own: dict) -> dict:
        nested = {key: merged(common[key], value) for key, value in own.items() if isinstance(common.get(key), dict)}
        return common | own | nested

    common, own = (yaml.safe_load((ROOT / path).read_text()) for path in ("config.yaml", "workflow/studies/demo.yaml"))
    return Study.model_validate(merged(common, own))


def run_of(architecture: str, noisy: bool):
    """The run of the demo with that kind of network that has the strongest noise, or none, and no penalty."""
    study = demo()
    runs = [
        run
        for run in Plan.of(study).runs.values()
        if study.models[run.model].network.architecture == architecture
        and (run.noise != "none") == noisy
        and run.l1 == 0
    ]
    return max(runs, key=lambda run: (run.variance, -len(run.model), run.latent or 0))


@functools.cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    from aestudy.datasets.digits import load

    arrays, _ = load({}, {})
    return arrays["train_images"], arrays["test_images"]


def deviates(run, replicates: int, seed: int | None = None, **training) -> bool:
    """Train replicates of a run of the demo, and say whether they deviate from the reference of the repository.

    seed: that of the reference unless another is given. training: settings that are changed.
    """
    hardware.prepare(threads=1)
    reference = references.read_reference("demo")
    seed = reference.about["seed"] if seed is None else seed
    what = identity(demo(), run)
    settings = what.training.model_copy(update=training)
    what = what.model_copy(update={"seed": seed, "training": settings})
    rows = []
    for replicate in range(replicates):
        (result,) = loop.train(what, [replicate], *digits(), torch.device("cpu"))
        keys = dict(zip(RUN_KEYS, (getattr(run, key) for key in RUN_KEYS), strict=True))
        keys |= {"latent": result.latent_size, "replicate": replicate}
        rows += [keys | row for row in result.history]
    new = references.from_history(pd.DataFrame(rows), {"study": "demo", "seed": seed}, Path("history.csv"))
    comparison, notes = converges.compare(reference, new, 0.01)
    assert not [note for note in notes if note.startswith("Left out")]
    return bool((comparison.p <= 0.01).any())


def without_bias_correction(value, gradient, first, second, steps, **settings):
    """Adam's step as it would be without dividing its moments by 1 - beta^t."""
    corrections = (1 - settings[beta] ** steps.item() for beta in ("beta1", "beta2"))
    scale = next(corrections) / next(corrections) ** 0.5
    FUSED_ADAM(value, gradient, first, second, steps, **settings | {"lr": settings["lr"] * scale})


FUSED_ADAM = adam.fused_adam


@pytest.mark.slow
class TestRealTrainings:
    """Faults show in the first epochs; the reference is compared as far as both go."""

    def test_a_learning_rate_that_is_a_fifth_too_high_is_found(self):
        run = run_of("dense", noisy=False)
        rate = identity(demo(), run).training.learning_rate
        assert deviates(run, 3, learning_rate=1.2 * rate, epochs=10)

    @pytest.mark.parametrize(("architecture", "replicates", "epochs"), [("dense", 3, 5), ("conv", 2, 1)])
    def test_adam_without_its_bias_correction_is_found(self, monkeypatch, architecture, replicates, epochs):
        monkeypatch.setattr(adam, "fused_adam", without_bias_correction)
        assert deviates(run_of(architecture, noisy=architecture == "conv"), replicates, epochs=epochs)

    def test_noise_of_nine_tenths_of_its_deviation_is_found(self, monkeypatch):
        """By pairs of replicates: no group of so few replicates would show it."""
        add = gaussian.add
        monkeypatch.setattr(gaussian, "add", lambda images, variance, *rest: add(images, 0.9**2 * variance, *rest))
        assert deviates(run_of("dense", noisy=True), 5, epochs=10)

    @pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 11))])
    def test_other_seeds_do_not_deviate(self, seed):
        assert not deviates(run_of("dense", noisy=True), 3, seed)

    @pytest.mark.soak
    def test_another_seed_of_the_convolutional_network_does_not_deviate(self):
        assert not deviates(run_of("conv", noisy=True), 2, seed=1)

    def test_another_precision_does_not_deviate(self):
        """Replicate by replicate, where only the rounding differs, or nothing."""
        assert not deviates(run_of("dense", noisy=False), 4, precision="fp32", epochs=10)
