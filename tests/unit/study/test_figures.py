"""The figures of a study: what it makes, in which order, and what they are called."""

import pytest

from aestudy.study import figures, loading
from aestudy.study.figures import PlannedFigure
from unit.study.valid import changed


def study(*changes):
    return loading.load(changed(*changes)).study


def test_figures_of_reports_come_first_and_own_experiments_after_them():
    assert list(figures.planned(study())) == ["dense/fig1-top", "experiments/denoising"]


def test_what_is_planned():
    found = figures.planned(study(("experiments.1.drawing", "noise_levels")))
    assert found["dense/fig1-top"] == PlannedFigure(
        "dense/fig1-top", "Figure 1 (top)", "reconstructions", "latent", "dense", "digits"
    )
    assert found["experiments/denoising"] == PlannedFigure(
        "experiments/denoising", "Experiment denoising", "noise_levels", "denoising", None, None
    )


def test_an_experiment_of_its_own_is_drawn_as_a_sweep_unless_it_says_otherwise():
    assert figures.planned(study())["experiments/denoising"].drawing == "sweep"


def test_several_figures_of_one_experiment():
    more = "{fig9: {experiment: latent, drawing: latent_sizes}, fig1: {experiment: latent, drawing: reconstructions}}"
    found = figures.planned(study(("reports.dense.figures", more)))
    assert list(found) == ["dense/fig9", "dense/fig1", "experiments/denoising"]


def test_a_report_may_draw_an_experiment_that_does_not_name_it():
    other = "{title: Another, figures: {fig1: {experiment: denoising, drawing: sweep}}}"
    found = figures.planned(study(("reports.conv", other)))
    assert list(found) == ["dense/fig1-top", "conv/fig1", "experiments/denoising"]
    assert found["conv/fig1"].report == "conv"


def test_known_figures_are_also_those_that_further_experiments_would_have():
    assert figures.known(study()) == ["dense/fig1-top", "dense/fig2", "experiments/denoising"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("fig2-1-top", "Figure 2.1 (top)"),
        ("fig5", "Figure 5"),
        ("fig12-3", "Figure 12.3"),
        ("sensitivity", "sensitivity"),
        ("figure-of-mine", "figure-of-mine"),
    ],
)
def test_figures_are_called_as_the_report_numbers_them(name, title):
    assert figures.title(name) == title
