"""Writes what published studies found into docs/findings.md and docs/beyond.md, from their tables in docs/results.

Every number there comes from those tables; the text around the marked places is written by hand. The places of a study
that is not published stay as they are.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from aestudy.base import files
from aestudy.base.wording import number, several
from aestudy.claims.records import NOT_TESTABLE, Claim, load_claims
from aestudy.scoring import tables
from aestudy.tools import marks

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "findings.md"
BEYOND = ROOT / "docs" / "beyond.md"
RESULTS = ROOT / "docs" / "results"
ENDING = ":tolerances"
REPLICATES, AS_NEAR = 3, 0.1
"""Replicates that a reading needs to be called likely, and tolerances by which two may differ that are equally near."""


def side_by_side(claims: pd.DataFrame, former: pd.DataFrame | None) -> str:
    """Every claim under the base reading and, where that study is published, under the former one; Markdown."""
    others = None if former is None else former.set_index("id")
    rows = []
    for row in claims.itertuples():
        cells = {
            "claim": marks.claim(row),
            "published": str(row.expected) if row.verdict != NOT_TESTABLE else "–",
            "base reading": _found(row),
        }
        if others is not None:
            cells["former reading"] = _found(others.loc[row.id]) if row.id in others.index else "–"
        rows.append(cells)
    return marks.table(rows)


def _found(row) -> str:
    if row.verdict == NOT_TESTABLE:
        return row.verdict
    return f"**{row.verdict}**, {marks.found(row)}"


def best_reading(readings: pd.DataFrame, answers: pd.DataFrame, claims: pd.DataFrame, report: str) -> str:
    """The nearest reading of a report and the likely one, and what they give for every target; Markdown."""
    own = readings[readings["report"] == report].sort_values("rank")
    nearest, likely = own.iloc[0], likely_reading(own)
    shown = {"nearest": nearest}
    if likely is not None and likely["reading"] != nearest["reading"]:
        shown["likely"] = likely
    targets = [name.removesuffix(ENDING) for name in own if name.endswith(ENDING) and not pd.isna(nearest[name])]
    published = claims.set_index("id")
    rows = []
    for target in targets:
        row = {"claim": f"**{target}** {published.loc[target, 'statement']}"}
        row["published"] = str(published.loc[target, "expected"])
        for name, reading in shown.items():
            row[f"{name} (tolerances)"] = f"{number(reading[target])} ({reading[f'{target}{ENDING}']:.2f})"
        rows.append(row)
    told = [f"The nearest of {len(own):,} readings{_described(nearest, answers)}"]
    if "likely" in shown:
        told.append(
            f"The likely one, by the rule of [statistics.md](statistics.md#joint-readings){_described(likely, answers)}"
        )
    return "\n\n".join([*told, marks.table(rows)])


def likely_reading(readings: pd.DataFrame) -> pd.Series | None:
    """By the rule of docs/statistics.md: of the readings with three replicates the one with the highest posterior among
    those whose worst distance is within AS_NEAR of the least. None where no reading has three."""
    repeated = readings[readings["replicates"] >= REPLICATES]
    near = repeated[repeated["worst"] <= repeated["worst"].min() + AS_NEAR]
    return None if near.empty else near.sort_values("posterior", ascending=False, kind="stable").iloc[0]


def _described(reading: pd.Series, answers: pd.DataFrame) -> str:
    asked = answers[answers["report"] == reading["report"]]
    given = [
        asked[(asked["question"] == q) & (asked["answer"] == reading[q])].iloc[0]["meaning"]
        for q in asked["question"].unique()
    ]
    fitting = "fits every number and sign" if reading["fits"] == "yes" else "does not fit every number and sign"
    return (
        f" ({several(int(reading['replicates']), 'replicate')}) {fitting}; "
        f"its worst distance is {number(reading['worst'])} tolerances, on {reading['furthest']}: {'; '.join(given)}."
    )


def posterior(answers: pd.DataFrame, report: str) -> str:
    """Prior and posterior of every answer to every question about a report; Markdown."""
    rows = []
    for _, group in answers[answers["report"] == report].groupby("question", sort=False):
        for place, row in enumerate(group.itertuples()):
            rows.append(
                {
                    "question": row.asked if place == 0 else "",
                    "answer": row.meaning,
                    "prior": f"{row.prior:.2f}",
                    "posterior": f"{row.posterior:.2f}",
                    "nearest reading (tolerances)": number(row.nearest),
                }
            )
    return marks.table(rows)


def chance(chances: pd.DataFrame, report: str) -> str:
    """What fits by chance; Markdown."""
    own = chances[chances["report"] == report]
    return marks.table([{"": row.quantity, "value": number(row.value)} for row in own.itertuples()])


def verdicts(claims: pd.DataFrame) -> str:
    """What became of each claim; Markdown."""
    told = claims[["id", "statement", "verdict", "reason"]].to_dict("records")
    return marks.table([row | {"verdict": f"**{row['verdict']}**"} for row in told])


def expectations(claims: Sequence[Claim], found: pd.DataFrame | None) -> str:
    """What was expected, by whom, and what became of it; without `found` the study is not published yet. Markdown."""
    verdict = {} if found is None else {row.id: _found(row) for row in found.itertuples()}
    rows = [
        {
            "expected": f"**{claim.id}** {claim.statement}",
            "by": claim.source,
            "found": verdict.get(claim.id, "not run yet"),
        }
        for claim in claims
    ]
    return marks.table(rows)


def deviations(metrics: pd.DataFrame) -> str:
    """Standard deviation over replicates of PSNR, and of that of clean minus noisy input, by model; Markdown.

    Two digits: of ten replicates it is known to about a quarter.
    """
    frame = metrics.assign(difference=metrics["psnr_clean_input"] - metrics["psnr"])
    frame = frame.sort_values("noise", key=lambda noise: noise != "none", kind="stable")  # clean input first
    rows = []
    for (noise, model), own in frame.groupby(["noise", "model"], sort=False):
        under = "clean" if noise == "none" else f"{noise} {tables.level_of(own).iloc[0]:g}"
        row = {"input": under, "new in each replicate": model.replace("_", " ")}
        row["PSNR (dB)"] = number(own["psnr"].std(), 2)
        row["clean minus noisy input (dB)"] = number(own["difference"].std(), 2)
        rows.append(row)
    return marks.table(rows)


def undecided(certainty: pd.DataFrame) -> str:
    """Claims that the replicates at hand do not decide, and how many it would take; Markdown."""
    rows = []
    for name, parts in certainty.groupby("id", sort=False):
        if "open" in set(parts["state"]) and "fails" not in set(parts["state"]):
            first = parts.iloc[0]
            needed = "more than 10,000" if pd.isna(first["replicates_80"]) else f"{int(first['replicates_80'])}"
            row = {"claim": name, "power with 10 replicates": number(first["power_10"])}
            rows.append(row | {"with 30": number(first["power_30"]), "replicates for a power of 80 %": needed})
    return marks.table(rows) if rows else "None."


def blocks(results: Path) -> dict[str, str]:
    """The blocks of the studies in `results` that are published, by name."""
    found = {}
    if published(results, "paper"):
        claims, certainty = read(results, "paper", "claims", "certainty")
        former = read(results, "former", "claims")[0] if published(results, "former") else None
        found["side by side"] = side_by_side(claims, former)
        found["undecided"] = undecided(certainty)
    if published(results, "readings"):
        readings, answers, chances, claims = read(results, "readings", "readings", "answers", "chance", "claims")
        for report in dict.fromkeys(readings["report"]):
            found[f"best reading of {report}"] = best_reading(readings, answers, claims, report)
            found[f"posterior of {report}"] = posterior(answers, report)
            found[f"chance for {report}"] = chance(chances, report)
    if published(results, "convergence"):
        found["depth"] = verdicts(read(results, "convergence", "claims")[0])
    if published(results, "variance"):
        found["spread"] = deviations(read(results, "variance", "metrics")[0])
    return found


def blocks_beyond(results: Path) -> dict[str, str]:
    """The blocks of docs/beyond.md: its claims, with what was found as far as the studies are published."""
    found = {}
    for study, name in (("beyond", "beyond"), ("keras_example", "keras-example")):
        claims = read(results, study, "claims")[0] if published(results, study) else None
        found[name] = expectations(load_claims(ROOT / "report" / f"{name}.yaml"), claims)
    return found


def published(results: Path, *studies: str) -> bool:
    """Whether all of these studies are published."""
    return all((results / study / "README.md").exists() for study in studies)


def read(results: Path, study: str, *names: str) -> list[pd.DataFrame]:
    """Published tables of a study; large ones are compressed."""
    places = [results / study / f"{name}.csv" for name in names]
    return [tables.read(place if place.exists() else f"{place}.gz") for place in places]


def filled(text: str, contents: Mapping[str, str]) -> str:
    """A document with each block put between the marks that bear its name."""
    for name, block in contents.items():
        text = marks.between(text, *_marks(name), f"\n{block}\n")
    return text


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: written by `make findings` -->", f"<!-- end of {name} -->"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments."""


def run(options: argparse.Namespace) -> None:
    """Write the page."""
    for document, contents in ((DOCUMENT, blocks(RESULTS)), (BEYOND, blocks_beyond(RESULTS))):
        files.write_text(document, filled(document.read_text(encoding="utf-8"), contents))
