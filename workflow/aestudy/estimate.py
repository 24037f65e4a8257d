"""How long the trainings that are left will take, from those that were made here before."""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aestudy import files
from aestudy.config import Study
from aestudy.plan import Plan, Run, identity


@dataclass(frozen=True)
class Estimate:
    """What is left of a study."""

    runs: int
    """Runs of which a replicate has no manifest."""
    trainings: int
    """Replicates without a manifest."""
    unknown: int = 0
    """Those of them that nothing trained here before resembles."""
    seconds: float = 0.0
    """One after another, for those that are known, with their share of scoring."""


def estimate(study: Study, plan: Plan, results: Path) -> Estimate:
    """What is left of `study`, whose results lie in results/<study>; other studies there lend their times.

    A training takes as long per epoch as earlier ones of the same network on the same data set and batch size (the
    median, from their manifests), or else of the same architecture there. To each run is added the median time that
    its job takes beside training, and that of its evaluation; to each condition that of its baselines. These are from
    Snakemake's benchmarks.
    """
    left = _left(study, plan, results / study.study / "runs")
    if not left:
        return Estimate(0, 0)
    paces = _paces(results)
    seconds, known, trainings = 0.0, 0, sum(left.values())
    for run, replicates in left.items():
        keys = identity(study, run)
        pace = next((paces[key] for key in _keys(keys) if key in paces), None)
        if pace is not None:
            known += replicates
            seconds += replicates * pace * keys["training"]["epochs"]
    if known:
        seconds += len(left) * (_start_up(results) + _benchmark(results, "evaluate"))
        seconds += len({(run.dataset, run.condition) for run in left}) * _benchmark(results, "baselines")
    return Estimate(len(left), trainings, trainings - known, seconds)


def _left(study: Study, plan: Plan, folder: Path) -> dict[Run, int]:
    """How many replicates of each run have no manifest in `folder`; runs that are complete are left out."""
    left = {
        run: sum(not (folder / path / f"replicate-{r}" / "manifest.json").exists() for r in range(study.replicates))
        for path, run in plan.runs.items()
    }
    return {run: count for run, count in left.items() if count}


def _paces(results: Path) -> dict[tuple, float]:
    """Seconds per epoch by what decides them, medians over all manifests."""
    found: dict[tuple, list[float]] = {}
    for path in results.glob("*/runs/*/*/*/replicate-*/manifest.json"):
        try:
            manifest = files.read_json(path)
            keys = manifest["binding"]["identity"]
            pace = manifest["cost"]["train_seconds"] / keys["training"]["epochs"]
            names = _keys(keys)
        except (ValueError, KeyError, TypeError):  # of another version, or damaged
            continue
        for key in names:
            found.setdefault(key, []).append(pace)
    return {key: statistics.median(values) for key, values in found.items()}


def _keys(identity: Mapping) -> Iterator[tuple]:
    """What decides how long an epoch takes, the most exact first."""
    network, batch = identity["network"], identity["training"]["batch_size"]
    yield identity["dataset"], str(sorted(network.items())), batch
    yield identity["dataset"], network["architecture"], batch


def _start_up(results: Path) -> float:
    """Median seconds that a training job takes beside training: mostly to load torch and the data."""
    times = []
    for path, seconds in _benchmarks(results, "train"):
        study, (_, _, *run) = path.relative_to(results).parts[0], path.relative_to(results).with_suffix("").parts[1:]
        manifests = (results / study / "runs").joinpath(*run).glob("replicate-*/manifest.json")
        times.append(seconds - sum(files.read_json(manifest)["cost"]["train_seconds"] for manifest in manifests))
    # Where a job trained only some of the replicates that are there, nothing can be told.
    times = [seconds for seconds in times if seconds > 0]
    return statistics.median(times) if times else 0.0


def _benchmark(results: Path, stage: str) -> float:
    """Median seconds of a stage's jobs; 0 where none has run."""
    times = [seconds for _, seconds in _benchmarks(results, stage)]
    return statistics.median(times) if times else 0.0


def _benchmarks(results: Path, stage: str) -> Iterator[tuple[Path, float]]:
    """Files and seconds of a stage's benchmarks."""
    for path in results.glob(f"*/benchmarks/{stage}/**/*.tsv"):
        table = pd.read_csv(path, sep="\t")
        if "s" in table and len(table):
            yield path, float(table["s"].mean())


def duration(seconds: float) -> str:
    """Seconds as text: 45 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"
