"""Documents of which a part is written by a program: what stands between two marks, all else by people."""

import re

from aestudy.base.wording import number


def between(text: str, begin: str, end: str, content: str) -> str:
    """`text` with `content` as the lines between the marks `begin` and `end`; unchanged where it has not both."""
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return marked.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def table(rows: list[dict[str, str]]) -> str:
    """Records of equal keys, one at least, as a table in Markdown."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def claim(row) -> str:
    """Name, statement and reading of a claim, for a cell. row: of the claims table; without a reading, NaN or ""."""
    read_as = f" Read as: {row.read_as}" if isinstance(row.read_as, str) and row.read_as else ""
    return f"**{row.id}** {row.statement}{read_as}"


def found(row) -> str:
    """What was observed for a claim, with its unit and 95 % interval: '25.9 dB [25.5, 26.3]'; '–' where nothing was.

    row: of the claims table, its numbers as text or as numbers; what it does not have is NaN or "".
    """
    unit = f" {row.unit}" if isinstance(row.unit, str) and row.unit else ""
    low, high = number(row.ci_low, 3), number(row.ci_high, 3)
    nothing = number(None)
    value = number(row.observed, 3)
    return value if value == nothing else f"{value}{unit}" + (f" [{low}, {high}]" if low != nothing else "")
