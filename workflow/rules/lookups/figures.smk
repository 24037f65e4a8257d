"""What a figure is made from, and where it stands in the report."""

from aestudy import figures
from aestudy.pages import catalogue

# Figures of the reports whose experiment the study has, and one for each experiment that is not of a report.
FIGURES = [name for name, spec in figures.FIGURES.items() if spec.experiment in PLAN.experiments]
FIGURES += [f"{figures.SWEEP}{experiment.name}" for experiment in STUDY.experiments if experiment.report is None]


def figure_runs(wildcards):
    """The runs of the experiment that a figure shows."""
    return PLAN.experiments[figures.spec(wildcards.figure).experiment]


def figure_tables(wildcards):
    """The tables that a figure reads, by name."""
    return {table: f"<results>/tables/{table}.csv" for table in figures.spec(wildcards.figure).tables}


def figure_examples(wildcards):
    """The example images that a figure shows, one file per run."""
    shown = figures.spec(wildcards.figure).examples(figure_runs(wildcards), STUDY.stand_ins)
    return [f"<results>/evaluation/{run.path}/examples.npy" for run in shown]


def experiment_of(figure):
    """The experiment that a figure shows."""
    name = figures.spec(figure).experiment
    return next(experiment for experiment in STUDY.experiments if experiment.name == name)


# The report's categories, and its subcategories: one per experiment of a report.
CATEGORIES = catalogue.categories([experiment.report for experiment in STUDY.experiments])
SUBCATEGORIES = catalogue.subcategories([(each.report, each.name, each.title) for each in STUDY.experiments])


def figure_category(wildcards):
    """The report that a figure belongs to."""
    return CATEGORIES[experiment_of(wildcards.figure).report]


def figure_subcategory(wildcards):
    """The experiment that a figure shows, by its title."""
    return SUBCATEGORIES[experiment_of(wildcards.figure).name]


def figure_labels(wildcards):
    """What the report's list of results says of a figure, and filters it by."""
    beside = [figure for figure in FIGURES if experiment_of(figure) == experiment_of(wildcards.figure)]
    return catalogue.without_toggles({figure: _shown(figure) for figure in beside})[wildcards.figure]


def _shown(figure):
    runs = PLAN.experiments[experiment_of(figure).name]
    runs = figures.spec(figure).examples(runs, STUDY.stand_ins) or runs
    names = {key: ", ".join(dict.fromkeys(LABELS[getattr(run, key)] for run in runs)) for key in ("dataset", "model")}
    return {"figure": figures.title(figure), "data set": names["dataset"], "model": names["model"]}
