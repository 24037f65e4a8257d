"""Shows the verdicts of a finished study, where its report is, and the complete output of its last run."""

import argparse
from pathlib import Path

import yaml

from aestudy.base import files
from aestudy.claims.summary import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Print the table, and below it the places."""
    results = Path("results", options.study)
    print(f"{table(results / 'tables' / 'claims.csv', _published())}\n\nReport: {results / 'report.html'}")
    last_run = results / ".running"  # what a run says of itself, see driver.owner
    said = files.read_json_or_none(last_run) if last_run.exists() else None
    if isinstance(said, dict) and said.get("log"):
        print(f"Snakemake's complete output: {said['log']}")


def _published() -> list[str] | None:
    """Names of the published reports, where the configuration of the project is at hand."""
    common = Path("config.yaml")
    return list(yaml.safe_load(common.read_text(encoding="utf-8")).get("reports", {})) if common.exists() else None
