"""What the pages of the report are made from."""

from aestudy.pages.rendering import TEMPLATES

DATASETS = list(dict.fromkeys(run.dataset for run in PLAN.runs.values()))

# Tables that the report shows as pages, with their titles; first those that say what became of the reports' numbers.
JUDGED = {"claims": "Verdicts on the claims", "certainty": "How sure each verdict is"} if CLAIMS else {}
if STUDY.readings:
    JUDGED |= {
        "readings": "Joint readings",
        "answers": "Answers to the open questions",
        "chance": "What fits by chance",
    }
PAGES = JUDGED | {
    "metrics": "Scores of every run",
    "baselines": "Baselines",
    "generalisation": "Test-minus-train gap",
    "cost": "Cost of training",
    "architecture": "Layers of the models",
}
if TRANSFERS:
    PAGES["transfer"] = "Networks on other test sets"


def summary_caption(summary):
    """The file that says what a figure of the whole study shows, in reStructuredText."""
    return relative(ROOT / "report/captions/summaries" / f"{summary}.rst")


def caption_source(figure):
    """The file that says what a figure shows, in reStructuredText."""
    own = ROOT / "report/captions" / f"{'-'.join(Path(figure).parts)}.rst"
    return relative(own if own.exists() else ROOT / "report/captions/drawings" / f"{FIGURES[figure].drawing}.rst")


def template(*names):
    """Templates of a page, as an input."""
    return [relative(TEMPLATES / name) for name in names]
