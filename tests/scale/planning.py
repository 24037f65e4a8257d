"""How long planning takes, and how much memory, for studies of growing size.

    python tests/scale/planning.py 100 1000 5000

prints a table of `snakemake -n` from nothing: seconds on the clock, seconds of the processor (as many on an idle
machine) and peak memory. Nothing is trained.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PARTS = ("workflow", "report", "envs", "profiles")
LATENTS = 50


def study(runs: int, name: str = "scale", replicates: int = 1) -> dict:
    """An overlay for config.yaml: a study of `runs` runs on the embedded digits, one grid of sizes and penalties.

    Networks are small and epochs few, but enough to do better than the training-mean image.
    """
    sizes = max(size for size in range(1, LATENTS + 1) if runs % size == 0)
    return {
        "study": name,
        "replicates": replicates,
        "training": {"epochs": 10, "learning_rate": 0.01},
        "models": {"dense3": {"network": {"hidden": [64, 32]}}},
        "experiments": [
            {
                "name": "grid",
                "title": "A large grid",
                "dataset": ["digits"],
                "model": ["dense3"],
                "latent": [10 + size for size in range(sizes)],
                "l1": [i * 1e-6 for i in range(runs // sizes)],
            }
        ],
    }


def checkout(folder: Path) -> None:
    """Copy what Snakemake needs of the project, so that no results and no metadata of others are there."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / part, folder / part)


def plan(runs: int, folder: Path) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of the processor and peak MB of a dry run of a study of `runs` runs."""
    overlay = folder / f"{runs}.yaml"
    overlay.write_text(yaml.safe_dump(study(runs)))
    command = [sys.executable, "-m", "snakemake", "-n", "--quiet", "all", "--configfile", overlay.name]
    start = time.perf_counter()
    with open(folder / f"{runs}.log", "w+") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            log.seek(0)
            sys.exit(f"The dry run of {runs} runs failed:\n{log.read()[-2_000:]}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def main(sizes: list[int]) -> None:
    """Print the table."""
    print(f"{os.cpu_count()} CPU cores, Python {platform.python_version()}\n")
    print("| runs | seconds | of the processor | peak memory (MB) |\n| ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        checkout(Path(folder))
        for size in sizes:
            seconds, busy, memory = plan(size, Path(folder))
            print(f"| {size:,} | {seconds:.1f} | {busy:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100, 1_000, 5_000, 20_000])
