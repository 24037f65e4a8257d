"""The verdicts of a study as a table for the terminal."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from aestudy.base.errors import UserError
from aestudy.claims.records import NOT_TESTABLE
from aestudy.claims.scope import scope

NONE = "This study judges no claims: its configuration can name a file of its own (`claims`), as docs/extend.md shows."


def table(claims: Path, reports: Collection[str] | None = None) -> str:
    """The verdict table of a study as text: the claims that it could test, and how often each verdict was given.

    claims: tables/claims.csv. reports: names of the published reports, if known; then it says so where none is judged.
    """
    if not claims.exists():
        raise UserError(f"there is no {claims}: run the study to its end, or name another one")
    verdicts = pd.read_csv(claims, dtype=str, keep_default_na=False)
    if verdicts.empty:
        return NONE
    columns = ["id", "expected", "observed", "ci_low", "ci_high", "verdict"]
    testable = verdicts.loc[verdicts["verdict"] != NOT_TESTABLE, columns]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts["verdict"].value_counts().items())
    shown = f"{testable.to_string(index=False)}\n" if len(testable) else ""
    about = "" if reports is None else scope(set(verdicts["report"]), reports)
    return f"{shown}In all: {counts}. {about}".rstrip()
