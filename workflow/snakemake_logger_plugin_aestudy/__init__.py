"""A quiet terminal for Snakemake: `snakemake --logger aestudy`, as the targets of the Makefile call it.

Snakemake finds it by its name, as a package beside the library. It shows what the study itself tells, warnings, errors
and the end of the log of each job that fails, and one line of progress below them. Snakemake's complete output goes to
a file as always; the last line names it. A dry run is shown whole: its output is what it is made for.

Snakemake imports it in every run, chosen or not. So it imports the library only when it is chosen: the library may be
that of another checkout, where one environment serves several, and the Snakefile is to import its own.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

INTERVAL = 1.0
"""Seconds between two looks at the progress."""
IN_EVERY_RUN = ("is eligible for caching between workflows",)
"""Words of warnings that are no news."""


class LogHandler(LogHandlerBase):
    """Takes the place of Snakemake's own output to the terminal."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        from aestudy.driver import console
        from aestudy.driver.terminal import Terminal

        self._console = console
        self._terminal = Terminal(sys.stdout if self.common_settings.stdout else sys.stderr)
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None
        self._failures = self._console.Failures()

    def attach(self, progress: Callable[[], tuple[str, float]]) -> None:
        """Begin to show a line of progress. progress: gives the line and the share of the way that is done."""
        self._watch = threading.Thread(target=self._show, args=(progress,), name="progress", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """No more progress."""
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        self._terminal.clear()

    def _show(self, progress: Callable[[], tuple[str, float]]) -> None:
        while not self._ended.wait(INTERVAL):
            self._terminal.show(*progress())

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record, if it matters."""
        event = getattr(record, "event", None)
        if self.common_settings.dryrun:
            text = self.format(record)
        elif event in (LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR):
            text = self._failures.text(getattr(record, "rule_name", "a group"), getattr(record, "log", ()))
        elif self._console.is_ours(record) or record.levelno >= logging.WARNING:
            text = record.getMessage()
        else:
            return
        if text and text != "None" and not any(words in text for words in IN_EVERY_RUN):
            self._terminal.say(text)

    def close(self) -> None:
        """The end of a run, whatever it came to."""
        self.stop()
        for handler in logging.getLogger("snakemake.logging").handlers:
            if isinstance(handler, logging.FileHandler):
                self._terminal.say(f"Snakemake's complete output: {os.path.relpath(handler.baseFilename)}")
        super().close()
