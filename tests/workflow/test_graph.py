"""What runs again when something changes, and what does not: by dry runs on a finished study."""

import os
import re

import pytest

RUNS = 5  # of the tiny study, 3 of them dense3
FIGURES = {"dense": 4, "conv": 5, "experiments": 1}  # fig2-2 needs the experiment `l1`, which the tiny study lacks
AFTER_METRICS = {"metrics", "claims", "page", "figure"}


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


def test_editing_a_figure_module_draws_its_figures_only(finished):
    with finished.edited("workflow/aestudy/figures/conv.py", "import", "# a change\nimport"):
        assert finished.planned() == {"figure": FIGURES["conv"], "opening": 1}


def test_editing_the_figure_script_draws_all_figures_only(finished):
    with finished.edited("workflow/scripts/figure.py", '"""Draw', '"""A change. Draw'):
        assert finished.planned() == {"figure": sum(FIGURES.values()), "opening": 1}


def test_a_new_latent_trains_the_new_runs_only(finished):
    """Two models at the new size in experiment `latent`, and nothing else."""
    text = (finished.folder / "tests/tiny.yaml").read_text()
    new = overlay(finished, text.replace("latent: [15]", "latent: [15, 64]", 1))
    done = finished.snakemake("-n", "--configfile", new)
    trained = [line for line in done.stdout.splitlines() if "wildcards:" in line and "latent-64" in line]
    jobs = finished.planned(new)
    assert jobs["train"] == 2 and jobs["evaluate"] == 2
    assert {"model=dense3", "model=dense5"} <= {part for line in trained for part in line.replace(",", "").split()}


@pytest.mark.parametrize(
    ("module", "retrained"),
    [("training", RUNS), ("autoencoder", RUNS), ("models/conv", 1), ("models/dense", RUNS - 1), ("noise/gaussian", 2)],
)
def test_editing_training_code_retrains_the_runs_that_use_it(finished, module, retrained):
    with finished.edited(f"workflow/aestudy/{module}.py", '"""\n', '"""\nimport os\n'):
        assert finished.planned()["train"] == retrained


def test_editing_the_scores_evaluates_again_and_trains_nothing(finished):
    with finished.edited("workflow/aestudy/scores.py", '"""\n', '"""\nimport os\n'):
        jobs = finished.planned()
    assert "train" not in jobs
    assert jobs["evaluate"] == RUNS


def test_labels_retrain_nothing(finished):
    new = overlay(finished, "models:\n  dense3:\n    label: three\ndatasets:\n  digits:\n    label: Ziffern\n")
    assert finished.planned(new) == {"figure": sum(FIGURES.values()), "opening": 1, "explore": 1}


def test_captions_and_templates_make_their_pages_only(finished):
    with finished.edited("report/captions/conv-fig3.rst", "Figure", "This figure"):
        assert finished.planned() == {"opening": 1}
    with finished.edited("workflow/aestudy/pages/templates/explore.js", "Noise", "Noise!"):
        assert finished.planned() == {"explore": 1}
    with finished.edited("report/workflow.rst", "opening page", "first page"):
        assert finished.planned() == {}


def test_a_tolerance_judges_the_claims_again_and_nothing_else(finished):
    with finished.edited("report/claims.yaml", "tolerance: 1\n", "tolerance: 1.5\n"):
        assert finished.planned() == {"claims": 1, "page": 1, "opening": 1}


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
    assert finished.planned(overlay(finished, "device: cpu\n")) == {"opening": 1}


@pytest.fixture(scope="module")
def paper(new_project) -> str:
    """The dry run of config.yaml, from nothing."""
    return new_project().snakemake("-n").stdout


class TestPaperStudy:
    def test_has_one_training_job_per_run(self, paper):
        assert "Study paper: 39 runs x 10 replicate(s)" in paper
        assert re.search(r"^train +39$", paper, re.MULTILINE)

    def test_every_training_job_declares_its_resources(self, paper):
        jobs = [block for block in paper.split("\n\n") if "\nrule train:" in block or block.startswith("rule train:")]
        assert len(jobs) == 39
        for job in jobs:
            resources = next(line for line in job.splitlines() if line.strip().startswith("resources:"))
            assert "gpu=1" in resources and "mem_mb=" in resources and "runtime=" in resources

    def test_draws_every_figure_of_both_reports(self, paper):
        for name in ("fig2-1-top", "fig2-1-bottom", "fig2-2", "fig2-3-top", "fig2-3-bottom"):
            assert f"results/paper/figures/dense/{name}.svg" in paper
        for number in range(1, 6):
            assert f"results/paper/figures/conv/fig{number}.png" in paper

    def test_noisy_images_are_made_once_per_data_set_and_condition(self, paper):
        assert paper.count("rule noisify:") == 9
