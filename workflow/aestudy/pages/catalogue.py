"""Where each result stands in Snakemake's report: its category, its subcategory, and the labels it is filtered by."""

from collections.abc import Mapping, Sequence

from aestudy.study.config import Grid

OTHER = "Other experiments"
"""What to call experiments of no report."""


def numbered(names: Sequence[str]) -> list[str]:
    """Names with their place in front, since Snakemake's report sorts by letters."""
    width = len(str(len(names)))
    return [f"{place:0{width}}. {name}" for place, name in enumerate(names, 1)]


def categories(reports: Mapping[str, str], experiments: Sequence[Grid]) -> dict[str | None, str]:
    """Categories by report, and by `verdicts`, `explore` and `tables`, in the order that a reader needs them.

    reports: titles of the reports, in their order. experiments: those of the study.
    """
    present = {experiment.report for experiment in experiments}
    titles = {**reports, None: OTHER}
    names = {"verdicts": "Verdicts"} | {report: title for report, title in titles.items() if report in present}
    names |= {"explore": "Explore", "tables": "Tables"}
    return dict(zip(names, numbered(list(names.values())), strict=True))


def subcategories(reports: Sequence[str], experiments: Sequence[Grid]) -> dict[str, str]:
    """Subcategories by name of an experiment: its title, numbered within its report. Both in the study's order."""
    found = {}
    for report in (*reports, None):
        own = {experiment.name: experiment.title for experiment in experiments if experiment.report == report}
        found |= zip(own, numbered(list(own.values())), strict=True)
    return found


def without_toggles(labels: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Labels of the results of one subcategory, by result, such that each result is shown.

    Snakemake's report makes a switch of a label (but the first) that has two values, each in half of the results, if
    there is one such label. A result whose other labels are not matched by one of the other half is then missing, and
    its entry breaks the page. Such a label is joined to the first one instead.
    """
    names = list(dict.fromkeys(name for own in labels.values() for name in own))
    switches = [name for name in names[1:] if _halves([own.get(name) for own in labels.values()])]
    if len(switches) != 1:
        return {result: dict(own) for result, own in labels.items()}
    joined = {}
    for result, own in labels.items():
        first = f"{own[names[0]]}: {own[switches[0]]}"
        joined[result] = {name: first if name == names[0] else own[name] for name in own if name != switches[0]}
    return joined


def _halves(values: Sequence[str | None]) -> bool:
    counts = {value: values.count(value) for value in values if value is not None}
    return len(counts) == 2 and all(2 * count == len(values) for count in counts.values())
