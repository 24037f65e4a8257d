"""A table as a page: rows can be filtered, the CSV can be saved."""

import base64

import pandas as pd

from aestudy.base.wording import number
from aestudy.pages.rendering import render

LONGEST = 500
"""Rows that are shown of a table; the file that is offered has all of them."""
FILTERS = ("report", "verdict", "state", "question", "dataset", "model", "noise", "baseline", "part")
"""Columns that get a choice of their values, where they have several."""


def page(table: pd.DataFrame, title: str, study: str, csv: str) -> str:
    """An HTML document that shows `table`: numbers to four significant digits, missing values as a dash.

    csv: the table's file as text, offered for saving.
    """
    left_out, table = max(0, len(table) - LONGEST), table.head(LONGEST)
    numeric = {name: pd.api.types.is_numeric_dtype(table[name]) for name in table}
    filters = {
        name: sorted(map(str, table[name].dropna().unique()))
        for name in FILTERS
        if name in table and table[name].nunique() > 1
    }
    return render(
        "table.html",
        title=title,
        study=study,
        columns=[
            {
                "name": name,
                "heading": name.replace("_", " "),
                "look": "number" if numeric[name] else _width(table[name]),
            }
            for name in table
        ],
        rows=[
            [number(_plain(value)) if numeric[name] else _text(value) for name, value in zip(table, row, strict=True)]
            for row in table.itertuples(index=False)
        ],
        filters=filters,
        left_out=left_out,
        csv=base64.b64encode(csv.encode()).decode(),
    )


def _plain(value):
    """numpy's numbers as Python's."""
    return value.item() if hasattr(value, "item") else value


def _width(column: pd.Series) -> str:
    return "long" if column.astype(str).str.len().max() > 40 else "short"


def _text(value) -> str:
    return "–" if pd.isna(value) else str(value)
