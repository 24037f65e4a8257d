"""The figures of a study: those of the reports whose experiment it has, and one for every experiment of its own."""

import re
from dataclasses import dataclass

from aestudy.study.config import Study

OWN = "experiments"
"""Stands in the place of a report's name in the names of figures of experiments that are of no report."""


@dataclass(frozen=True)
class PlannedFigure:
    """A figure that the study makes."""

    name: str
    """Where it is written: <report>/<figure>, or experiments/<experiment>."""
    title: str
    drawing: str
    """What draws it (see figures.catalogue)."""
    experiment: str
    report: str | None
    dataset: str | None
    """The data set that it shows, for drawings of images of one of them."""


def planned(study: Study) -> dict[str, PlannedFigure]:
    """The figures by name: those of reports in the order of the configuration, then those of other experiments."""
    experiments = {experiment.name for experiment in study.experiments}
    figures = [
        PlannedFigure(f"{report}/{figure}", title(figure), record.drawing, record.experiment, report, record.dataset)
        for report, about in study.reports.items()
        for figure, record in about.figures.items()
        if record.experiment in experiments
    ]
    figures += [
        PlannedFigure(f"{OWN}/{each.name}", f"Experiment {each.name}", each.drawing, each.name, None, None)
        for each in study.experiments
        if each.report is None
    ]
    return {figure.name: figure for figure in figures}


def known(study: Study) -> list[str]:
    """Names of all figures that the study makes or would make with further experiments of its reports."""
    of_reports = [f"{report}/{figure}" for report, about in study.reports.items() for figure in about.figures]
    return list(dict.fromkeys([*of_reports, *planned(study)]))


def title(figure: str) -> str:
    """What a report calls a figure: 'Figure 2.1 (top)' for fig2-1-top; other names as they are."""
    numbered = re.fullmatch(r"fig([\d-]*\d)(?:-(\w+))?", figure)
    if not numbered:
        return figure
    return f"Figure {numbered[1].replace('-', '.')}" + (f" ({numbered[2]})" if numbered[2] else "")
