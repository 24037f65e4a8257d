"""The list of drawings: each exists, and names what it reads."""

import importlib

import pytest
import yaml

from aestudy.figures.catalogue import DRAWINGS, SUMMARIES
from aestudy.figures.data import KEYS
from unit.figures.made_up import FIGURES, ROOT


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_a_function_of_its_module(name):
    module = importlib.import_module(f"aestudy.figures.{DRAWINGS[name].module}")
    assert callable(getattr(module, name))
    assert set(DRAWINGS[name].tables) <= set(KEYS)


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_summary_is_a_function_of_its_module(name):
    module = importlib.import_module(f"aestudy.figures.{SUMMARIES[name].module}")
    assert callable(getattr(module, name)) and SUMMARIES[name].tables


def test_every_figure_of_the_reports_is_among_those_that_are_tried():
    reports = yaml.safe_load((ROOT / "config.yaml").read_text())["reports"]
    figures = {
        f"{report}/{name}": (record["drawing"], record["experiment"], record.get("dataset"))
        for report, about in reports.items()
        for name, record in about["figures"].items()
    }
    assert {name: what for name, what in FIGURES.items() if not name.startswith("experiments/")} == figures
    assert {drawing for drawing, *_ in FIGURES.values()} == set(DRAWINGS) - {
        "convergence",
        "spread",
    }  # have a file of their own


def shown(results, drawing, experiment, dataset=None):
    return DRAWINGS[drawing].examples(results.experiments[experiment], dataset, results.stand_ins)


def test_images_are_of_the_data_set_to_show_or_of_its_stand_in(full, demo):
    for results, dataset in ((full, "fmnist"), (demo, "digits")):
        for drawing, experiment in (("reconstructions", "latent"), ("denoised_images", "denoising")):
            runs = shown(results, drawing, experiment, "fmnist")
            assert {run.dataset for run in runs} == {dataset}
            models = {"dense3", "dense5"} if experiment == "latent" else {"dense3"}
            assert {run.model for run in runs} == models


def test_images_are_of_the_first_data_set_where_none_is_named(full):
    runs = shown(full, "reconstructions", "latent")
    assert [(run.model, run.latent) for run in runs] == [
        (model, latent) for model in ("dense3", "dense5") for latent in (15, 30, 50, 75, 100)
    ]
    assert {run.dataset for run in runs} == {"mnist"}


def test_denoised_images_are_those_under_the_strongest_noise(full):
    assert [run.variance for run in shown(full, "denoised_images", "denoising", "fmnist")] == [0.2]


@pytest.mark.parametrize("drawing", ["overview", "samples_1_to_5", "samples_6_to_10", "network"])
def test_other_drawings_show_one_run(drawing, full):
    assert shown(full, drawing, "conv") == full.experiments["conv"]
    assert len(shown(full, drawing, "latent")) == 1


@pytest.mark.parametrize(
    "drawing", ["latent_sizes", "penalties", "noise_levels", "losses", "convergence", "sweep", "spread"]
)
def test_curves_show_no_images(drawing, full):
    assert shown(full, drawing, "latent") == []
