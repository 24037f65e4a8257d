"""What runs again when something changes, and what does not: by dry runs on a finished study."""

import contextlib
import os
import re

import pytest

from aestudy.base import gpus

RUNS = 5  # of the tiny study, 3 of them dense3
FIGURES = {"dense": 4, "conv": 5, "experiments": 1}  # fig2-2 needs the experiment `l1`, which the tiny study lacks
SUMMARIES = 1  # the verdicts; the tiny study has neither readings nor tests on other sets


def overlay(project, text: str) -> str:
    path = project.folder / "overlay.yaml"
    path.write_text(text)
    return path.name


def test_running_again_does_nothing(finished):
    assert finished.planned() == {}


def test_touching_every_source_file_does_nothing(finished):
    for folder in ("workflow", "report", "envs"):
        for path in (finished.folder / folder).rglob("*.*"):
            os.utime(path)
    assert finished.planned() == {}


LIBRARY = "workflow/aestudy"


@pytest.mark.parametrize(
    "change", [lambda text: f"# A comment.\n{text}", lambda text: text.replace('"""', '"""Well: ', 1)]
)
def test_comments_and_docstrings_run_nothing(finished, change):
    """In all modules at once."""
    modules = [path for path in (finished.folder / LIBRARY).rglob("*.py") if path.name != "__init__.py"]
    texts = {path: path.read_text() for path in modules}
    assert len(modules) > 60
    try:
        for path, text in texts.items():
            path.write_text(change(text))
        assert finished.planned() == {}
    finally:
        for path, text in texts.items():
            path.write_text(text)


def test_messages_log_lines_and_annotations_run_nothing(finished):
    edits = [
        ("training/loop", "training diverged", "training did not converge"),
        ("training/loop", ") -> list[Result]:", "):"),
        ("training/checkpoint", "is damaged: not used", "is damaged and not used"),
        ("network/hardware", "The configuration asks for device cuda", "Device cuda is configured"),
        ("base/job", "The memory is full", "There is no more memory"),
        ("base/errors", "class UserError(Exception):", "class UserError(Exception):\n    kind = 1\n"),
        ("replicates/train_missing", "replicate %d epoch %d: train loss", "replicate %d, epoch %d: train loss"),
        ("replicates/store", "the file was changed or damaged", "the file is damaged"),
        ("study/config", "A grid of runs: every combination", "A grid: every combination"),
        ("claims/language", "is not an expression", "is no expression"),
        ("scoring/tables", "Such a network has learned nothing", "It has learned nothing"),
    ]
    with contextlib.ExitStack() as all_edits:
        for module, old, new in edits:
            all_edits.enter_context(finished.edited(f"{LIBRARY}/{module}.py", old, new))
        assert finished.planned() == {}


AFTER_TRAINING = {
    "train",
    "evaluate",
    "history",
    "metrics",
    "claims",
    "page",
    "figure",
    "summary",
    "explore",
    "opening",
    "playground",
    "portable",
}


@pytest.mark.parametrize(
    ("module", "old", "new", "retrained"),
    [
        ("training/adam", '"beta2": 0.999', '"beta2": 0.99', RUNS),
        ("training/loop", "range(first, settings.epochs + 1)", "range(first, settings.epochs + 2)", RUNS),
        ("training/masks", "round(rate * 65_536)", "round(rate * 65_000)", RUNS),
        ("models/conv", "nn.MaxPool2d(2)", "nn.AvgPool2d(2)", 1),
        ("models/dense", "nn.Linear(inputs, outputs), nn.ReLU()", "nn.Linear(inputs, outputs), nn.Tanh()", RUNS - 1),
        ("noise/gaussian", "variance**0.5", "variance**0.6", 2),
    ],
)
def test_arithmetic_of_training_retrains_the_runs_that_use_it(finished, module, old, new, retrained):
    with finished.edited(f"{LIBRARY}/{module}.py", old, new):
        jobs = finished.planned()
    assert jobs["train"] == jobs["evaluate"] == retrained
    if module.startswith("training"):
        assert jobs.keys() <= AFTER_TRAINING


def test_arithmetic_of_scores_evaluates_again_and_trains_nothing(finished):
    with finished.edited(f"{LIBRARY}/scoring/scores.py", "0.03**2", "0.04**2"):
        jobs = finished.planned()
    assert "train" not in jobs
    assert jobs["evaluate"] == RUNS


def test_a_drawing_draws_its_figures_only(finished):
    with finished.edited(f"{LIBRARY}/figures/curves.py", 'xlabel="Epoch"', 'xlabel="Epochs"'):
        assert finished.planned() == {"figure": 1, "opening": 1}
    with finished.edited(f"{LIBRARY}/figures/style.py", "DPI = 150", "DPI = 100"):
        assert finished.planned() == {"figure": sum(FIGURES.values()), "summary": SUMMARIES, "opening": 1}


@pytest.mark.parametrize("package", ["models", "noise", "datasets"])
def test_a_new_kind_runs_nothing(finished, package):
    """A copy of one that is there, under another name; a noise has a level of its own too."""
    source = {"models": "dense", "noise": "gaussian", "datasets": "digits"}[package]
    text = (finished.folder / f"{LIBRARY}/{package}/{source}.py").read_text()
    new = finished.folder / f"{LIBRARY}/{package}/another.py"
    text = text.replace(f'Literal["{source}"]', 'Literal["another"]')
    new.write_text(text.replace('name="variance"', 'name="another_level"'))
    try:
        assert finished.planned() == {}
    finally:
        new.unlink()


def test_the_header_of_a_training_names_no_source_file(finished):
    done = finished.snakemake("-n", "--forcerun", "train", "--configfile", "tests/tiny.yaml")
    header = re.search(r"^rule train:\n(.*?)\n\n", done.stdout, re.MULTILINE | re.DOTALL)[1]
    named = {line.strip().partition(":")[0] for line in header.splitlines()}
    assert {"input", "output", "reason", "resources"} <= named
    assert ".py" not in header


def test_a_new_latent_trains_the_new_runs_only(finished):
    """Two models at the new size in experiment `latent`, and nothing else."""
    text = (finished.folder / "tests/tiny.yaml").read_text()
    new = overlay(finished, text.replace("latent: [15]", "latent: [15, 64]", 1))
    done = finished.snakemake("-n", "--configfile", new)
    trained = [line for line in done.stdout.splitlines() if "wildcards:" in line and "latent-64" in line]
    jobs = finished.planned(new)
    assert jobs["train"] == 2 and jobs["evaluate"] == 2
    assert {"model=dense3", "model=dense5"} <= {part for line in trained for part in line.replace(",", "").split()}


def test_labels_retrain_nothing(finished):
    new = overlay(finished, "models:\n  dense3:\n    label: three\ndatasets:\n  digits:\n    label: Ziffern\n")
    assert finished.planned(new) == {
        "figure": sum(FIGURES.values()),
        "summary": SUMMARIES,
        "opening": 1,
        "explore": 1,
        "playground": 1,
        "configuration": 1,
    }


def test_the_drawing_of_the_verdicts_is_drawn_alone(finished):
    with finished.edited(f"{LIBRARY}/figures/verdicts.py", "LINEAR = 3", "LINEAR = 4"):
        assert finished.planned() == {"summary": SUMMARIES, "opening": 1}
    with finished.edited("report/captions/summaries/verdicts.rst", "laim", "laim or two"):
        assert finished.planned() == {"opening": 1}


def test_captions_and_templates_make_their_pages_only(finished):
    with finished.edited("report/captions/conv-fig3.rst", "Figure", "This figure"):
        assert finished.planned() == {"opening": 1}
    with finished.edited("workflow/aestudy/pages/templates/explore.js", "Noise", "Noise!"):
        assert finished.planned() == {"explore": 1}
    with finished.edited("report/workflow.rst", "opening page", "first page"):
        assert finished.planned() == {}


def test_a_tolerance_judges_the_claims_again_and_nothing_else(finished):
    with finished.edited("report/claims.yaml", "tolerance: 1\n", "tolerance: 1.5\n"):
        assert finished.planned() == {"claims": 1, "summary": SUMMARIES, "page": 2, "opening": 1}


def test_a_training_key_retrains_the_models_that_have_it(finished):
    new = overlay(finished, "models:\n  conv:\n    training:\n      learning_rate: 2.0e-3\n")
    assert finished.planned(new)["train"] == 1


def test_an_unused_reduction_retrains_nothing_but_penalised_runs(finished):
    new = overlay(finished, "training:\n  l1_reduction: sum\n")
    assert finished.planned(new)["train"] == 1


def test_another_seed_retrains_everything(finished):
    jobs = finished.planned(overlay(finished, "seed: 1\n"))
    assert jobs["train"] == RUNS and jobs["noisify"] == 2


def test_a_scoring_setting_trains_nothing(finished):
    jobs = finished.planned(overlay(finished, "evaluation:\n  ssim: gaussian11\n"))
    assert "train" not in jobs and jobs["evaluate"] == RUNS


def test_the_device_reruns_nothing_but_the_page_that_shows_it(finished):
    assert finished.planned(overlay(finished, "device: cpu\n")) == {"opening": 1, "configuration": 1}


@pytest.fixture(scope="module")
def paper(new_project) -> str:
    """The dry run of config.yaml, from nothing."""
    return new_project().snakemake("-n").stdout


class TestPaperStudy:
    def test_has_one_training_job_per_run(self, paper):
        assert "Study paper: 39 runs x 10 replicates" in paper
        assert re.search(r"^train +39$", paper, re.MULTILINE)

    def test_every_training_job_declares_its_resources(self, paper):
        jobs = re.findall(r"^rule train:\n((?: +.*\n)+)", paper, re.MULTILINE)
        assert len(jobs) == 39
        for job in jobs:
            resources = next(line for line in job.splitlines() if line.strip().startswith("resources:"))
            assert (
                f"gpu={1 if gpus.visible() else 0}," in resources and "mem_mb=" in resources and "runtime=" in resources
            )

    def test_draws_every_figure_of_both_reports(self, paper):
        for name in ("fig2-1-top", "fig2-1-bottom", "fig2-2", "fig2-3-top", "fig2-3-bottom"):
            assert f"results/paper/figures/dense/{name}.svg" in paper
        for number in range(1, 6):
            assert f"results/paper/figures/conv/fig{number}.png" in paper

    def test_noisy_images_are_made_once_per_data_set_and_condition(self, paper):
        assert paper.count("rule noisify:") == 9

    def test_networks_are_tested_on_the_other_data_set_too(self, paper):
        assert paper.count("rule tested:") == 8
