"""What all tests share: the report of how many faults were tried."""

import faults


def pytest_terminal_summary(terminalreporter):
    if faults.TRIED:
        terminalreporter.section("faults tried")
        for kind, count in sorted(faults.TRIED.items()):
            terminalreporter.write_line(f"{count:>7,} {kind}")
