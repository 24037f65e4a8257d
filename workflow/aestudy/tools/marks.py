"""Documents of which a part is written by a program: what stands between two marks, all else by people."""

import re


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
