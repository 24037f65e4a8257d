"""The line of progress: rewritten in place on a terminal, told from time to time elsewhere."""

import io
import os

import pytest

from aestudy.driver.terminal import ERASE, INTERVAL, Terminal


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self):
        return True


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def elsewhere():
    """No terminal, and its clock."""
    clock = Clock()
    return Terminal(io.StringIO(), clock), clock


def shown(terminal) -> list[str]:
    return terminal._stream.getvalue().splitlines()


def test_lines_stay_above_the_line_of_progress(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal(Screen())
    terminal.show("1 of 3", 0.3)
    terminal.say("A warning.\nIts second line.")
    terminal.show("2 of 3", 0.6)
    terminal.clear()
    terminal.say("Done.")
    written = terminal._stream.getvalue()
    assert written == (
        f"{ERASE}1 of 3" + f"{ERASE}A warning.\nIts second line.\n1 of 3" + f"{ERASE}2 of 3" + ERASE + "Done.\n"
    )


def test_the_line_fits_into_the_terminal(monkeypatch):
    """One that does not would be continued in a second line, which would stay."""
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    monkeypatch.setattr(screen, "fileno", lambda: 2, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda handle: os.terminal_size((20, 10)))
    terminal = Terminal(screen)
    terminal.show("x" * 19, 0)
    terminal.show("y" * 20, 0)
    assert screen.getvalue() == f"{ERASE}{'x' * 19}{ERASE}{'y' * 16}..."


@pytest.mark.parametrize("stream", [io.StringIO, Screen])
def test_without_a_terminal_nothing_is_rewritten(stream, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal(stream())
    terminal.say("A warning.")
    terminal.show("1 of 2", 0.5)
    terminal.clear()
    assert shown(terminal) == ["A warning.", "1 of 2"]


def test_elsewhere_every_tenth_is_told_once(elsewhere):
    terminal, _ = elsewhere
    for share in (0, 0.05, 0.1, 0.12, 0.35, 0.39, 1):
        terminal.show(f"{share}", share)
    assert shown(terminal) == ["0.1", "0.35", "1"]


def test_elsewhere_a_line_at_most_every_half_minute_within_a_tenth(elsewhere):
    terminal, clock = elsewhere
    for second in range(100):
        clock.now = 1_000 + second
        terminal.show(f"{second}", 0)
    assert shown(terminal) == ["30", "60", "90"]


def test_elsewhere_a_long_study_is_told_in_few_lines(elsewhere):
    """Ten hours, looked at every second."""
    terminal, clock = elsewhere
    for second in range(0, 36_000):
        clock.now = 1_000 + second
        terminal.show(f"{second}", second / 36_000)
    assert INTERVAL * len(shown(terminal)) < 36_000 / 8
    assert len(shown(terminal)) >= 10
