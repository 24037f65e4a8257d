"""A quiet terminal: what matters, in lines that stay, and below them one line of progress.

On a terminal that line is rewritten in place. Elsewhere (a file, a pipe, continuous integration) it is printed from
time to time: at each tenth of the way, and at most every half minute, later at most 20 times while the elapsed time
doubles or so.
"""

import math
import os
import threading
import time
from collections.abc import Callable
from typing import TextIO

INTERVAL = 30.0
"""Seconds between two lines of progress where there is no terminal."""
SHARE = 0.05
"""Of the time since the beginning: the same, once it is more."""
ERASE = "\r\x1b[K"
"""Back to the beginning of the line, and clear it (ECMA-48, EL)."""
USUAL_WIDTH = 80


class Terminal:
    """Writes to `stream`; may be used by several threads. clock: seconds that never go back."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic):
        self._stream = stream
        self._clock = clock
        self._rewrites = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._guard = threading.RLock()
        self._shown = ""
        self._began = self._told = clock()
        self._tenth = 0

    def say(self, text: str) -> None:
        """Lines that stay."""
        with self._guard:
            self._write((ERASE if self._shown else "") + text + "\n" + self._shown)

    def show(self, line: str, share: float) -> None:
        """The state of things. share: of the way that is done, 0 to 1."""
        with self._guard:
            if self._rewrites:
                self._shown = _cut(line, self._width() - 1)  # a full line would make some terminals scroll
                self._write(ERASE + self._shown)
            elif self._is_due(math.floor(10 * share)):
                self._write(line + "\n")

    def clear(self) -> None:
        """Take the line of progress away."""
        with self._guard:
            if self._shown:
                self._shown = ""
                self._write(ERASE)

    def _is_due(self, tenth: int) -> bool:
        now = self._clock()
        due = tenth > self._tenth or now - self._told >= max(INTERVAL, SHARE * (now - self._began))
        if due:
            self._tenth, self._told = max(tenth, self._tenth), now
        return due

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or USUAL_WIDTH
        except OSError:
            return USUAL_WIDTH

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: max(0, width - 3)] + "..."
