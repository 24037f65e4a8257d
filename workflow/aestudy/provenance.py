"""Where a result comes from: software, hardware, source code and data."""

import ast
import hashlib
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


def code_digest(files: Iterable[str | Path]) -> str:
    """SHA-256 over what Python source files do, in the order given: comments, docstrings and layout do not count."""
    digest = hashlib.sha256()
    for file in map(Path, files):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [statement for statement in body if not _is_text(statement)] or [ast.Pass()]
        digest.update(f"{file.name}\0{ast.unparse(tree)}\0".encode())
    return digest.hexdigest()


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a bare string: a docstring, of a module, class, function or attribute."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
