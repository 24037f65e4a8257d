"""A table as a self-contained HTML page."""

import html

import pandas as pd

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; color: #1a1a1a; background: #fff; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-size: 1.3rem; font-weight: 600; margin-bottom: .6rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #444; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr:hover td { background: #f3f6fa; }
"""


def page(table: pd.DataFrame, title: str, study: str) -> str:
    """An HTML document that shows `table`: numbers to four significant digits, missing values as a dash."""
    numeric = [pd.api.types.is_numeric_dtype(table[name]) for name in table]
    head = "".join(f'<th scope="col">{html.escape(str(name).replace("_", " "))}</th>' for name in table)
    rows = "\n".join(
        "<tr>" + "".join(_cell(value, is_number) for value, is_number in zip(row, numeric, strict=True)) + "</tr>"
        for row in table.itertuples(index=False)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(f'{title}, study {study}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<div class="table" tabindex="0">\n<table>\n<caption>{html.escape(title)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n</body>\n</html>\n"
    )


def _cell(value, is_number: bool) -> str:
    if pd.isna(value):
        text = "–"
    elif is_number:
        text = f"{value:.4g}" if isinstance(value, float) else f"{value:,}"
    else:
        text = html.escape(str(value))
    return f'<td class="number">{text}</td>' if is_number else f"<td>{text}</td>"
