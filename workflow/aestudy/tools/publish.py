"""Copies a finished study's tables and figures to docs/results/<study>, and says there how they were made.

The README's line on the verdicts is renewed for the study of config.yaml. Nothing of this is written by hand.
"""

import argparse
import datetime
import gzip
from pathlib import Path

import pandas as pd

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.base.wording import several
from aestudy.scoring import tables
from aestudy.tools import marks

MAIN = "paper"
"""The study whose verdicts the README tells."""
LARGEST = 400_000
"""Bytes of a table; a larger one is compressed."""
BEGIN, END = "<!-- verdicts: written by `make publish` -->", "<!-- end of verdicts -->"


def verdict_table(claims: pd.DataFrame) -> str:
    """Published, found (with interval), verdict and reason of every claim, as Markdown. claims: as text."""
    rows = []
    for row in claims.itertuples():
        statement = marks.claim(row)
        statement += " (Written after results had been seen.)" if row.exploratory else ""
        rows.append(
            {
                "claim": statement,
                "published": row.expected,
                "found [95 % interval]": marks.found(row),
                "verdict": f"**{row.verdict}**" if row.verdict else "",
                "reason": row.reason,
            }
        )
    return marks.table(rows)


def counted(claims: pd.DataFrame) -> str:
    """How often each verdict was given, in one sentence."""
    counts = claims["verdict"].value_counts(sort=False)
    return f"{len(claims)} claims: {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}."


def made(cost: pd.DataFrame, software: dict[str, list[str]]) -> str:
    """How the study was made, in one sentence: networks, replicates, hardware, time, commit, date."""
    hours = (cost["train_seconds"] * cost["threads"]).sum() / 3600
    # What follows a plus sign says that files differed from the commit.
    commits = [commit.partition("+") for commit in software["commit of the workflow"]]
    shown = ", ".join(commit[:12] + sign + rest for commit, sign, rest in commits)
    return (
        f"{several(len(cost), 'trained network')} ({several(cost['replicate'].nunique(), 'replicate')}) on "
        f"{', '.join(cost['device'].unique())}, {hours:.1f} core-hours of training; torch "
        f"{', '.join(software['torch'])}; trained at commit {shown}; published "
        f"{datetime.date.today().isoformat()}."
    )


def publish(study: str, readme: Path, destination: Path) -> None:
    """Copy tables and figures of results/<study> to `destination`/<study>, and renew the verdicts in `readme`.

    Raises UserError where the study is not finished.
    """
    results, folder = Path("results", study), destination / study
    if not (results / "SHA256SUMS").exists():
        raise UserError(f"{results} holds no finished study (there is no SHA256SUMS): run it to its end, then publish.")
    for old in folder.glob("*") if folder.exists() else ():
        old.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for table in sorted((results / "tables").glob("*.csv")):
        content = table.read_bytes()
        if len(content) > LARGEST:
            files.write_bytes(folder / f"{table.name}.gz", gzip.compress(content, mtime=0))
        else:
            files.write_bytes(folder / table.name, content)
    for figure in sorted((results / "figures").rglob("*.png")):
        name = "-".join(figure.relative_to(results / "figures").parts)
        files.write_bytes(folder / name, figure.read_bytes())
    claims = pd.read_csv(results / "tables/claims.csv", dtype=str, keep_default_na=False)
    how = made(tables.read(results / "tables/cost.csv"), files.read_json(results / "tables/software.json"))
    judged = f"{counted(claims)}\n\n{verdict_table(claims)}\n" if len(claims) else ""
    files.write_text(folder / "README.md", f"# Results of study {study}\n\n{how}\n\n{judged}")
    if study == MAIN:
        text = marks.between(readme.read_text(encoding="utf-8"), BEGIN, END, f"{counted(claims)} {how}")
        files.write_text(readme, text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Publish the study."""
    publish(options.study, Path("README.md"), Path("docs", "results"))
