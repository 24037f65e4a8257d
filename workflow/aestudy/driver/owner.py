"""Which process it was that left a word of itself in a file, and whether it still lives.

A process number alone does not tell: numbers are used again, every container counts its own, and a folder may be shared
by several machines. So a process also says when it began, and in which boot of which machine and which namespace of
processes. Where these do not answer the question the state is `UNKNOWN`, and the process is treated as alive.
Linux tells all of this in /proc; elsewhere every process is unknown.
"""

import contextlib
import datetime
import json
import os
import socket
from dataclasses import asdict, dataclass, fields
from pathlib import Path

ALIVE, ENDED, UNKNOWN = "alive", "ended", "unknown"

PROC = Path("/proc")
MACHINE_ID = Path("/etc/machine-id")
FIRST_NAMESPACE = "pid:[4026531836]"
"""The namespace of processes outside of all containers (PROC_PID_INIT_INO in the kernel's include/linux/proc_ns.h)."""
GONE = ("Z", "X")
"""States of a process that has ended and is only kept for its parent to ask."""


@dataclass(frozen=True)
class Owner:
    """A process, told apart from all others; what cannot be found out is empty."""

    process: int
    began: int
    """When it began, in clock ticks since the boot (field `starttime` of /proc/<process>/stat)."""
    host: str
    machine: str
    """Of the installation, /etc/machine-id: it survives a boot."""
    boot: str
    """Of the boot; all containers of a machine see the same."""
    namespace: str
    """In which the process number counts; a container has its own."""
    since: str
    """Local time, for people."""
    scheduler: bool = False
    """Whether it hands its jobs to a scheduler, so that they may outlive it on other machines."""
    log: str = ""
    """The file of its complete output."""

    def __str__(self) -> str:
        return f"process {self.process} on {self.host} since {self.since}" if self.process else "an unknown process"

    def as_text(self) -> str:
        """One line, for a file."""
        return json.dumps(asdict(self)) + "\n"


UNNAMED = Owner(0, 0, "", "", "", "", "")
"""A process that did not say which it is, or whose word was cut short."""


def this_process(scheduler: bool = False, log: str = "") -> Owner:
    """The process that asks."""
    began = _stat(os.getpid())
    return Owner(
        process=os.getpid(),
        began=began[1] if began else 0,
        host=socket.gethostname(),
        machine=_read(MACHINE_ID),
        boot=_read(PROC / "sys/kernel/random/boot_id"),
        namespace=_namespace(),
        since=f"{datetime.datetime.now():%Y-%m-%d %H:%M}",
        scheduler=scheduler,
        log=log,
    )


def from_text(text: str) -> Owner | None:
    """The process that wrote a line with `as_text`, `UNNAMED` for any other text, None for none."""
    if not text:
        return None
    with contextlib.suppress(ValueError, TypeError, KeyError):
        found = json.loads(text)
        values = {field.name: found[field.name] for field in fields(Owner)}
        if all(type(value) is type(getattr(UNNAMED, name)) for name, value in values.items()):
            return Owner(**values)
    return UNNAMED


def state(owner: Owner) -> str:
    """`ALIVE` or `ENDED` where that is certain, else `UNKNOWN`: on another machine, or in another container."""
    here = this_process()
    if not (here.boot and here.namespace) or owner.host != here.host:
        return UNKNOWN
    if owner.boot == here.boot:
        return _state_by_number(owner) if owner.namespace == here.namespace else UNKNOWN
    # Another boot, of this machine or of another one that bears the same name.
    outside = owner.namespace == here.namespace == FIRST_NAMESPACE
    return ENDED if outside and here.machine and owner.machine == here.machine else UNKNOWN


def _state_by_number(owner: Owner) -> str:
    try:
        os.kill(owner.process, 0)
    except ProcessLookupError:
        return ENDED
    except PermissionError:  # of another user; that it is there is certain, the rest may be hidden
        pass
    found = _stat(owner.process)
    if found is None:
        return UNKNOWN
    condition, began = found
    return ENDED if began != owner.began or condition in GONE else ALIVE


def _stat(process: int) -> tuple[str, int] | None:
    """State and begin of a process; None where the system does not tell. See proc_pid_stat(5)."""
    # The name of the program, in parentheses, may itself hold spaces and parentheses.
    values = _read(PROC / str(process) / "stat").rpartition(")")[2].split()
    return (values[0], int(values[19])) if len(values) > 19 else None


def _namespace() -> str:
    try:
        return str((PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
