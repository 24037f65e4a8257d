"""How long the trainings that are left will take, from those that were made here before."""

import csv
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aestudy.base.errors import UserError
from aestudy.base.identity import Identity
from aestudy.base.run import Run
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import Manifest
from aestudy.study.config import Study
from aestudy.study.plan import Plan, identity


@dataclass(frozen=True)
class Estimate:
    """What is left of a study."""

    runs: int
    """Runs of which a replicate is left to train."""
    trainings: int
    """Replicates without a manifest, or with that of another configuration."""
    unknown: int = 0
    """Those of them that nothing trained here before resembles."""
    seconds: float = 0.0
    """One after another, for those that are known, with their share of scoring."""


def estimate(study: Study, plan: Plan, results: Path) -> Estimate:
    """What is left of `study`, whose results lie in results/<study>; times of other studies there are used too.

    A training takes as long per epoch as earlier ones of the same network on the same data set and batch size (the
    median, from their manifests), or else of the same architecture there. To each run is added the median time that
    its job takes beside training, and that of its evaluation; to each condition that of its baselines. These are from
    Snakemake's benchmarks.
    """
    left = _left(study, plan, results / study.study / "runs")
    if not left:
        return Estimate(0, 0)
    earlier = paces(results)
    seconds, known, trainings = 0.0, 0, sum(left.values())
    for run, replicates in left.items():
        wanted = identity(study, run)
        pace = next((earlier[key] for key in keys(wanted) if key in earlier), None)
        if pace is not None:
            known += replicates
            seconds += replicates * pace * wanted.training.epochs
    if known:
        seconds += len(left) * (start_up(results) + benchmark(results, "evaluate"))
        seconds += len({(run.dataset, run.condition) for run in left}) * benchmark(results, "baselines")
    return Estimate(len(left), trainings, trainings - known, seconds)


def _left(study: Study, plan: Plan, folder: Path) -> dict[Run, int]:
    """How many replicates of each run are left to train; runs of which none is are left out."""
    left = {}
    for path, run in plan.runs.items():
        paths = [folder / path / f"replicate-{r}" / manifests.NAME for r in range(study.replicates)]
        found = [manifest.identity for manifest in map(_manifest, paths) if manifest]
        left[run] = study.replicates - (found.count(identity(study, run)) if found else 0)
    return {run: count for run, count in left.items() if count}


def _manifest(path: Path) -> Manifest | None:
    """The manifest at `path`; None if there is none, or one of another version, or a damaged one."""
    try:
        return manifests.read(path)
    except (FileNotFoundError, UserError):
        return None


def paces(results: Path) -> dict[tuple, float]:
    """Seconds per epoch by what decides them, medians over all manifests."""
    found: dict[tuple, list[float]] = {}
    for manifest in filter(None, map(_manifest, results.glob("*/runs/*/*/*/replicate-*/manifest.json"))):
        pace = manifest.cost["train_seconds"] / manifest.identity.training.epochs
        for key in keys(manifest.identity):
            found.setdefault(key, []).append(pace)
    return {key: statistics.median(values) for key, values in found.items()}


def keys(identity: Identity) -> Iterator[tuple]:
    """What decides how long an epoch takes, the most exact first."""
    batch = identity.training.batch_size
    yield identity.dataset, repr(identity.network), batch
    yield identity.dataset, identity.network.architecture, batch


def start_up(results: Path) -> float:
    """Median seconds that a training job takes beside training: mostly to load torch and the data."""
    times = []
    for path, seconds in _benchmarks(results, "train"):
        study, (_, _, *run) = path.relative_to(results).parts[0], path.relative_to(results).with_suffix("").parts[1:]
        found = (results / study / "runs").joinpath(*run).glob("replicate-*/manifest.json")
        times.append(seconds - sum(manifests.read(manifest).cost["train_seconds"] for manifest in found))
    # Where a job trained only some of the replicates that are there, nothing can be told.
    times = [seconds for seconds in times if seconds > 0]
    return statistics.median(times) if times else 0.0


def benchmark(results: Path, stage: str, dataset: str = "") -> float:
    """Median seconds of a stage's jobs, on one data set if it is given; 0 where none has run."""
    times = [seconds for _, seconds in _benchmarks(results, f"{stage}/{dataset}".strip("/"))]
    return statistics.median(times) if times else 0.0


def _benchmarks(results: Path, stage: str) -> Iterator[tuple[Path, float]]:
    """Files and seconds of a stage's benchmarks; stage: with or without a data set."""
    for path in results.glob(f"*/benchmarks/{stage}/**/*.tsv"):
        with open(path, encoding="utf-8", newline="") as file:
            seconds = [float(row["s"]) for row in csv.DictReader(file, delimiter="\t") if row.get("s")]
        if seconds:
            yield path, statistics.mean(seconds)


def duration(seconds: float) -> str:
    """Seconds as text: 45 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"
