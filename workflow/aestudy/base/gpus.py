"""The GPUs of this machine: which a process may use, and how each training gets one for itself.

Found without torch, by NVIDIA's `nvidia-smi`: planning asks too. A process that takes a GPU holds an advisory lock on a
file of this machine, named after the GPU's UUID, so that two studies side by side do not take the same one. The
operating system releases the lock when the process ends, however it ends. With more processes than GPUs they share
evenly: a GPU has as many lock files as processes that use it, and a second one is taken only where all GPUs have a
first.

CUDA_VISIBLE_DEVICES is respected, and within a Slurm job the scheduler's own choice is left as it is.
"""

import contextlib
import fcntl
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VISIBLE = "CUDA_VISIBLE_DEVICES"
MOST_PER_GPU = 1_000
_held = []  # a file is locked as long as it is open: until this process ends

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gpu:
    """A GPU, or an instance of one that is split (MIG)."""

    uuid: str
    name: str
    token: str
    """How CUDA_VISIBLE_DEVICES names it."""


def present() -> list[Gpu]:
    """All GPUs of this machine, in the order in which nvidia-smi numbers them; of a split GPU its instances."""
    try:
        done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return listed(done.stdout)


def listed(text: str) -> list[Gpu]:
    """The GPUs in the output of `nvidia-smi -L`."""
    found: list[Gpu] = []
    for line in text.splitlines():
        if match := re.match(r"GPU \d+: (.+) \(UUID: (GPU-[^)]+)\)", line):
            found.append(Gpu(match[2], match[1], match[2]))
        elif match := re.match(r"\s+(MIG .+?) +Device +\d+: +\(UUID: (MIG-[^)]+)\)", line):
            parent = found[-1]
            if parent.uuid.startswith("GPU-"):
                found.pop()
            found.append(Gpu(match[2], f"{parent.name.partition(' MIG ')[0]} {match[1]}", match[2]))
    return found


def visible(environment: MutableMapping[str, str] = os.environ, gpus: Sequence[Gpu] | None = None) -> list[Gpu]:
    """The GPUs that this process may use: all, or those that CUDA_VISIBLE_DEVICES names, in its order.

    As CUDA does, the list ends at the first name that nothing has. gpus: those of the machine, where they are known.
    """
    gpus = present() if gpus is None else gpus
    if VISIBLE not in environment:
        return list(gpus)
    chosen: list[Gpu] = []
    for token in filter(None, environment[VISIBLE].replace(" ", "").split(",")):
        found = _named(token, gpus)
        if found is None:
            break
        chosen.append(Gpu(found.uuid, found.name, token))
    return chosen


def _named(token: str, gpus: Sequence[Gpu]) -> Gpu | None:
    """The GPU that a name means: a number, or the beginning of a UUID that fits one GPU only."""
    if token.isdecimal():
        return gpus[int(token)] if int(token) < len(gpus) else None
    if token.startswith("MIG-GPU-") and gpus:  # the name of an instance with older drivers
        return Gpu(token, "MIG instance", token)
    fitting = [gpu for gpu in gpus if gpu.uuid.startswith(token)]
    return fitting[0] if len(fitting) == 1 else None


def take(
    environment: MutableMapping[str, str] = os.environ,
    gpus: Sequence[Gpu] | None = None,
    folder: Path | None = None,
) -> Gpu | None:
    """Take a GPU for this process until it ends, and let CUDA see no other one; None where there is none to take.

    A free one, or else one that as few processes as possible use. To be called before CUDA is first used. folder: that
    of the locks. Within a Slurm job nothing is changed: its GPU is the first that it was given.
    """
    candidates = visible(environment, gpus)
    if not candidates:
        return None
    if "SLURM_JOB_ID" in environment:
        return candidates[0]
    folder = lock_folder() if folder is None else folder
    for level in range(MOST_PER_GPU):
        if gpu := _first_free(candidates, level, folder):
            # One that became free while the others were tried comes first.
            better = next(filter(None, (_first_free(candidates, lower, folder) for lower in range(level))), None)
            if better:
                _held.pop(-2).close()
            elif level:
                log.info("%s is shared with %d other processes", gpu.name, level)
            environment[VISIBLE] = (better or gpu).token
            return better or gpu
    return candidates[0]


def _first_free(gpus: Sequence[Gpu], level: int, folder: Path) -> Gpu | None:
    """The first GPU whose lock of a level can be had; it is then held."""
    return next((gpu for gpu in gpus if _lock(folder / f"{gpu.uuid.replace('/', '_')}.{level}")), None)


def lock_folder() -> Path:
    """The folder of this machine that holds the locks, for all of its users."""
    for parent in (Path("/run/lock"), Path("/tmp"), Path(tempfile.gettempdir())):
        folder = parent / "aestudy-gpus"
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            with contextlib.suppress(PermissionError):  # made by another user, who has opened it for all
                folder.chmod(0o1777)
            if os.access(folder, os.W_OK):
                return folder
    return Path(tempfile.mkdtemp())


def _lock(path: Path) -> bool:
    """Hold a lock file until this process ends, or return False if another process holds it."""
    with _open_to_all():
        file = open(path, "a")  # noqa: SIM115 (stays open)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    _held.append(file)
    return True


@contextlib.contextmanager
def _open_to_all() -> Iterator[None]:
    """Files made here may be locked by other users too."""
    mask = os.umask(0)
    try:
        yield
    finally:
        os.umask(mask)
