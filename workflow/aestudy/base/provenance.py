"""Where a result comes from: software, hardware and commit."""

import importlib.metadata
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

PACKAGES = ("torch", "numpy", "safetensors")


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Installed versions of Python and of the packages that decide a result."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in packages}


def commit() -> str:
    """Commit of the checkout, with `+changes` if files differ from it; `unknown` outside a repository."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.strip()

    head = git("rev-parse", "HEAD")
    if head is None:
        return "unknown"
    return f"{head}+changes" if git("status", "--porcelain", "--untracked-files=no") else head


def short(commit: str) -> str:
    """A commit as it is shown: its first twelve digits, and the `+changes` if it has one."""
    digits, sign, rest = commit.partition("+")
    return digits[:12] + sign + rest


def gpu_uuid(device) -> str:
    """The UUID of the GPU that a torch device stands for; empty for a processor."""
    if device.type != "cuda":
        return ""
    import torch

    return str(torch.cuda.get_device_properties(device).uuid)


def device_name(device) -> str:
    """Model of the GPU or of the processor that a torch device stands for."""
    if device.type == "cuda":
        import torch

        return torch.cuda.get_device_name(device)
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
