"""Copies of the project in which `make` finds its environment, and a demo that takes seconds."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMO = """
study: demo
replicates: 2
training: {epochs: 12, learning_rate: 1.0e-2}
models: {dense3: {network: {hidden: [64, 32], latent_activation: linear}}}
stand_ins: {mnist: digits, fmnist: digits}
experiments: [{name: latent, title: Latent size, report: dense, dataset: [digits], model: [dense3], latent: [15, 20]}]
"""
"""Takes the place of the demo, which trains 39 networks."""


def for_make(project, demo: str | None = None):
    """The copy of the project with what `make` needs. demo: the configuration of its demo, if it is another."""
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, project.folder)
    environment = project.folder / ".venv"
    environment.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != "installed":
            (environment / part.name).symlink_to(part)
    (environment / "installed").touch()  # after the lock, so that nothing is installed
    if demo:
        (project.folder / "workflow/studies/demo.yaml").write_text(demo)
    return project
