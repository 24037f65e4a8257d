"""Copies a finished study's tables and figures to docs/results, and puts its verdicts into the README.

Nothing in the text between the marks is written by hand.
"""

import argparse
import datetime
from pathlib import Path

import pandas as pd

from aestudy.base import files
from aestudy.scoring import tables
from aestudy.tools import marks

PUBLISHED = ("claims", "metrics", "baselines", "generalisation", "cost", "architecture")
BEGIN, END = "<!-- verdicts: written by `make publish` -->", "<!-- end of verdicts -->"


def verdict_table(claims: pd.DataFrame) -> str:
    """Published, found (with interval), verdict and reason of every claim, as Markdown."""
    rows = []
    for row in claims.itertuples():
        found = _number(row.observed)
        if row.ci_low:
            found += f" [{_number(row.ci_low)}, {_number(row.ci_high)}]"
        rows.append(
            {
                "claim": f"**{row.id}** {row.statement}",
                "published": row.expected,
                "found [95 % interval]": found,
                "verdict": f"**{row.verdict}**",
                "reason": row.reason,
            }
        )
    return marks.table(rows)


def _number(text: str) -> str:
    return f"{float(text):.3g}" if text else "–"


def summary(cost: pd.DataFrame, claims: pd.DataFrame) -> str:
    """One paragraph: replicates, hardware, training time, date, verdict counts."""
    replicates = cost["replicate"].nunique()
    counts = ", ".join(f"{count} {verdict}" for verdict, count in claims["verdict"].value_counts(sort=False).items())
    devices = ", ".join(cost["device"].unique())
    once = " **One replicate**: intervals cover the choice of test images only." if replicates == 1 else ""
    return (
        f"{len(cost)} trained networks, {replicates} replicate(s) of each run.{once} "
        f"Trained on {devices}, {cost['threads'].max()} thread(s) a run, {cost['train_seconds'].sum() / 3600:.1f} h of "
        f"training in all; published {datetime.date.today().isoformat()}. Verdicts: {counts}."
    )


def publish(study: str, readme: Path, destination: Path) -> None:
    """Copy tables and figures of results/<study> to `destination` and renew the verdicts in `readme`."""
    results = Path("results", study)
    destination.mkdir(parents=True, exist_ok=True)
    for name in PUBLISHED:
        files.write_bytes(destination / f"{name}.csv", (results / "tables" / f"{name}.csv").read_bytes())
    for figure in sorted((results / "figures").rglob("*.png")):
        name = "-".join(figure.relative_to(results / "figures").parts)
        files.write_bytes(destination / name, figure.read_bytes())
    claims = pd.read_csv(destination / "claims.csv", dtype=str, keep_default_na=False)
    verdicts = f"{summary(tables.read(destination / 'cost.csv'), claims)}\n\n{verdict_table(claims)}"
    files.write_text(readme, marks.between(readme.read_text(encoding="utf-8"), BEGIN, END, verdicts))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Publish the study."""
    publish(options.study, Path("README.md"), Path("docs", "results"))
