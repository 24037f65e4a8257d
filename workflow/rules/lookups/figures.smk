"""What a figure is made from, and where it is in the report."""

from aestudy.claims.published import numbers
from aestudy.figures.catalogue import DRAWINGS, SUMMARIES
from aestudy.pages import catalogue
from aestudy.study import figures

FIGURES = figures.planned(STUDY)
# Figures of the whole study: those whose tables it has.
SUMMARISED = [
    *(["verdicts"] if CLAIMS else []),
    *(["readings", "answers"] if STUDY.readings else []),
    *(["transfer"] if TRANSFERS else []),
]
EXPERIMENTS = {experiment.name: experiment for experiment in STUDY.experiments}
# Numbers that the reports state, as the claims have them.
PUBLISHED = numbers(CLAIMS)


def drawing_of(figure):
    """What draws a figure, and what that reads."""
    return DRAWINGS[FIGURES[figure].drawing]


def figure_runs(figure):
    """The runs of the experiment that a figure shows."""
    return PLAN.experiments[FIGURES[figure].experiment]


def figure_shown(figure):
    """The runs whose example images a figure shows."""
    return drawing_of(figure).examples(figure_runs(figure), FIGURES[figure].dataset, STUDY.stand_ins)


def figure_tables(wildcards):
    """The tables that a figure reads, by name."""
    return tables_of(drawing_of(wildcards.figure).tables)


def tables_of(names):
    """Tables by name."""
    return {table: f"<results>/tables/{table}.csv" for table in names}


def figure_examples(wildcards):
    """The example images that a figure shows, one file per run."""
    return of_runs(rules.evaluate.output.pictures, [run.path for run in figure_shown(wildcards.figure)])


def figure_statements(wildcards):
    """Digest of the statements that draw a figure."""
    return digest("figure.py", f"figures.{drawing_of(wildcards.figure).module}.{FIGURES[wildcards.figure].drawing}")


# The report's categories, and its subcategories: one per experiment of a report.
CATEGORIES = catalogue.categories({name: about.title for name, about in STUDY.reports.items()}, STUDY.experiments)
SUBCATEGORIES = catalogue.subcategories(list(STUDY.reports), STUDY.experiments)


def figure_category(wildcards):
    """The report that a figure belongs to."""
    return CATEGORIES[FIGURES[wildcards.figure].report]


def figure_subcategory(wildcards):
    """The experiment that a figure shows, by its title."""
    return SUBCATEGORIES[FIGURES[wildcards.figure].experiment]


def figure_labels(wildcards):
    """What the report's list of results says of a figure, and filters it by."""
    experiment = FIGURES[wildcards.figure].experiment
    beside = [figure for figure in FIGURES if FIGURES[figure].experiment == experiment]
    return catalogue.without_toggles({figure: _shown(figure) for figure in beside})[wildcards.figure]


def _shown(figure):
    runs = figure_shown(figure) or figure_runs(figure)
    names = {
        key: ", ".join(dict.fromkeys(LABELS[key][getattr(run, key)] for run in runs)) for key in ("dataset", "model")
    }
    return {"figure": FIGURES[figure].title, "data set": names["dataset"], "model": names["model"]}
