"""The documentation is true: its examples run as they stand there, and what it quotes is in the code."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    section: str
    language: str
    file: str | None
    """What the line above it says it is the content of: In `path`:"""
    text: str


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document in docs/, in order."""
    found, section, before, lines = [], "", "", iter((ROOT / "docs" / document).read_text().splitlines())
    for line in lines:
        if line.startswith("## "):
            section = line[3:]
        if line.startswith("```"):
            text = []
            while (inner := next(lines)) != "```":
                text.append(inner)
            file = re.fullmatch(r"In `([^`]+)`:", before)
            found.append(Block(section, line[3:], file and file[1], "\n".join(text) + "\n"))
        before = line or before
    return found
