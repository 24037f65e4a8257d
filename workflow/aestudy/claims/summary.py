"""The verdicts of a study as a table for the terminal."""

from pathlib import Path

import pandas as pd

from aestudy.base.errors import UserError
from aestudy.claims.records import NOT_TESTABLE


def table(claims: Path) -> str:
    """The verdict table of a study as text: the claims that it could test, and how often each verdict was given."""
    if not claims.exists():
        raise UserError(f"there is no {claims}: run the study to its end, or name another one")
    verdicts = pd.read_csv(claims, dtype=str, keep_default_na=False)
    if verdicts.empty:
        return "This study judges no claims."
    columns = ["id", "expected", "observed", "ci_low", "ci_high", "verdict"]
    testable = verdicts.loc[verdicts["verdict"] != NOT_TESTABLE, columns]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts["verdict"].value_counts().items())
    shown = f"{testable.to_string(index=False)}\n" if len(testable) else ""
    return f"{shown}In all: {counts}."
