"""Documents of which a part is written by a program: what stands between two marks, all else by people."""

import re


def between(text: str, begin: str, end: str, content: str) -> str:
    """`text` with `content` as the lines between the marks `begin` and `end`; unchanged where it has not both."""
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return marked.sub(lambda _: f"{begin}\n{content}\n{end}", text)
