"""What the pages of the report are made from."""

from aestudy import figures
from aestudy.pages import TEMPLATES

DATASETS = list(dict.fromkeys(run.dataset for run in PLAN.runs.values()))

# Tables that the report shows as pages, with their titles.
PAGES = {
    "claims": "Verdicts on the claims",
    "metrics": "Scores of every run",
    "baselines": "Sanity rungs",
    "generalisation": "Test-minus-train gap",
    "cost": "Cost of training",
    "architecture": "Layers of the models",
}


def caption_source(figure):
    """The file that says what a figure shows, in reStructuredText."""
    name = "experiments" if figure.startswith(figures.SWEEP) else "-".join(Path(figure).parts)
    return relative(ROOT / "report/captions" / f"{name}.rst")


def template(*names):
    """Templates of a page, as an input."""
    return [relative(TEMPLATES / name) for name in names]
