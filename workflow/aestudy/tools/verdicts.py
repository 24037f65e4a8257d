"""Shows the verdicts of a finished study, and where its report is."""

import argparse
from pathlib import Path

from aestudy.claims.summary import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Print the table."""
    results = Path("results", options.study)
    print(f"{table(results / 'tables' / 'claims.csv')}\n\nReport: {results / 'report.html'}")
