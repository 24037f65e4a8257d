"""A small study, and what earlier jobs have left of themselves; shared by tests of this folder."""

from pathlib import Path

from aestudy.base import files
from aestudy.base.identity import Identity, Training
from aestudy.models import dense
from aestudy.replicates.manifest import Binding, Manifest
from aestudy.study import loading
from aestudy.study.config import Study
from aestudy.study.plan import Plan

SHAPE = {"sha256": "0" * 64, "shape": [1_000, 8, 8]}
LABELS = {"sha256": "0" * 64, "shape": [1_000]}
TEST = {"sha256": "0" * 64, "shape": [4_000, 8, 8]}
TEST_LABELS = {"sha256": "0" * 64, "shape": [4_000]}
OVERLAY = {
    "study": "small",
    "seed": 1,
    "replicates": 2,
    "datasets": {
        "digits": {"source": "digits", "label": "digits"},
        "stamps": {
            "source": "idx",
            "label": "stamps",
            "licence": "none",
            "homepage": "nowhere",
            "mirrors": ["nowhere"],
            "files": {
                "train_images": {"file": "a", **SHAPE},
                "train_labels": {"file": "b", **LABELS},
                "test_images": {"file": "c", **TEST},
                "test_labels": {"file": "d", **TEST_LABELS},
            },
        },
    },
    "noises": {},
    "training": {"epochs": 10},
    "models": {
        "a": {"label": "a", "network": {"architecture": "dense", "hidden": [8]}},
        "b": {"label": "b", "network": {"architecture": "dense", "hidden": [9]}},
        "short": {"label": "short", "network": {"architecture": "dense", "hidden": [8]}, "training": {"epochs": 4}},
    },
    "experiments": [
        {"name": "e", "title": "E", "dataset": ["digits", "stamps"], "model": ["a", "b", "short"], "latent": [2]}
    ],
}


def study() -> tuple[Study, Plan]:
    """The study, with two data sets and three models, and its plan of six runs."""
    return loading.load(OVERLAY)[:2]


def study_of(models: list[str], latents: list[int]) -> tuple[Study, Plan]:
    """The study with these models at these latents on its first data set, and its plan."""
    experiment = {"name": "e", "title": "E", "dataset": ["digits"], "model": models, "latent": latents}
    return loading.load(OVERLAY | {"experiments": [experiment]})[:2]


def manifest(
    results: Path, run: str, hidden: list[int], epochs: int, seconds: float, name="small", replicate=0
) -> None:
    """The manifest of a replicate of a run, whose training took so many seconds."""
    identity = Identity(
        dataset=run.partition("/")[0],
        seed=1,
        latent=int(run.rpartition("-")[2]),
        l1=0.0,
        network=dense.Parameters(architecture="dense", hidden=hidden),
        noise=None,
        training=Training(epochs=epochs, batch_size=128),
    )
    folder = results / name / "runs" / run / f"replicate-{replicate}"
    Manifest(Binding(identity, "", {}), {}, 0, {}, "", {"train_seconds": seconds}).write(folder)


def benchmark(results: Path, stage: str, job: str, seconds: float) -> None:
    """Snakemake's benchmark of an earlier job."""
    files.write_text(results / f"small/benchmarks/{stage}/{job}.tsv", f"s\th:m:s\n{seconds}\t0:00:01\n")
