"""Simulated studies with a known truth: how often the 95 % intervals of claims hold it.

    PYTHONPATH=workflow:tests python -m unit.claims.simulation

prints the table of docs/statistics.md. The code that judges real studies reads the tables, computes the quantities and
makes the intervals. Claims are those of report/claims.yaml, one of each kind of quantity.

The value of a run in a replicate is its truth, plus an effect of the replicate that runs of one data set share
(replicates share seeds, orders and noise), plus an effect of its own; both are normally distributed. A table with many
replicates is read at once, and its replicates are then dealt out to studies of a few replicates each.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aestudy.claims.evidence import Evidence
from aestudy.claims.intervals import Part
from aestudy.claims.records import Claim, load_claims
from aestudy.claims.verdicts import Judged, judge
from unit.claims.made_up import CLAIMS, CODE_OF_CONV, as_published, baseline_rows, paper_runs, paper_tests

STUDIES = 2_000
"""Per kind and number of replicates: the standard error of a coverage of 95 % is then 0.5 %."""
LARGE = 20_000
"""Replicates that tell the true values of quantities; their error is 1/45 of that of ten replicates."""
REPLICATES = (3, 10)
EPOCHS = 6
"""Of the simulated histories."""

SHARED, OWN = 0.6, 0.8
"""Parts of a standard deviation that replicates share between runs, and that they do not; their squares add up to 1."""
DEVIATIONS = {"psnr": 0.2, "gain_db": 0.2, "psnr_first_100": 0.2, "sparsity": 0.02, "latent_average": 0.02}
DEVIATIONS |= {"seconds_per_epoch": 0.05}
"""Standard deviations over replicates, by column."""
DEVIATION_OF_LOSSES = {"validation_loss": 0.001}
"""About 1 %, as from epoch to epoch of a converged loss."""


@dataclass(frozen=True)
class Kind:
    """A kind of quantity, and a claim that is about one."""

    name: str
    claim: str
    """Id in report/claims.yaml."""
    whole: bool = False
    """Whether the interval for the least or largest of its parts is looked at, and not that of each part."""
    expected: str | None = None
    """What is expected, where it is another than the claim's."""


KINDS = (
    Kind("a mean", "dense-1a-15"),
    Kind("a paired difference", "dense-1a"),
    Kind("a ratio - 1", "dense-1b"),
    Kind("each of two means of differences", "dense-1c"),
    Kind("a difference of mean differences", "dense-1c-most"),
    Kind("each of six differences", "dense-2a"),
    Kind("each of ten steps", "dense-2c"),
    Kind("each of ten steps of a ratio", "dense-2d"),
    Kind("the worst of four in each replicate", "dense-3b-worst"),
    Kind("each of four tests on another data set", "dense-3d"),
    Kind("a difference from a baseline", "conv-4"),
    Kind("the excess of a loss over the lowest of its epochs", "conv-3"),
    Kind("the least of two mean differences", "dense-1c", whole=True),
    Kind("the least of six equal effects", "dense-2a", whole=True, expected="> -1"),
    Kind("the least of ten equal steps", "dense-2c", whole=True),
    Kind("the largest of four equal effects", "dense-2b", whole=True),
)
"""All kinds of quantities of report/claims.yaml."""


@functools.cache
def simulated(replicates: int, seed: int) -> Evidence:
    """The tables of a study of the two reports, with effects as published."""
    rng = np.random.default_rng([seed, replicates])
    runs = paper_runs()
    keys = pd.DataFrame([run.keys | {"latent": run.latent or CODE_OF_CONV} for run in runs])
    truth = pd.DataFrame([as_published(run) for run in runs])
    truth = truth.assign(psnr_first_100=truth["psnr"], seconds_per_epoch=truth["seconds"])
    metrics = _rows(rng, keys, truth, replicates, DEVIATIONS)
    tests = [
        run.keys | {f"test_{key}": getattr(other, key) for key in ("dataset", "noise", "variance")}
        for run, other in paper_tests()
        if run.dataset == "mnist"
    ]
    elsewhere = pd.DataFrame({"psnr": 14.0, "psnr_noisy": 15.0}, range(len(tests)))
    history = keys[keys["model"] == "conv"].merge(pd.DataFrame({"epoch": range(1, EPOCHS + 1)}), how="cross")
    losses = pd.DataFrame({"validation_loss": 0.1 + 0.01 / history["epoch"]})
    return Evidence(
        {
            "metrics": metrics,
            "cost": metrics,
            "history": _rows(rng, history, losses, replicates, DEVIATION_OF_LOSSES),
            "transfer": _rows(rng, pd.DataFrame(tests), elsewhere, replicates, DEVIATIONS),
            "baselines": pd.DataFrame(baseline_rows("mnist", "gaussian_once", 0.25, best=18.0)),
        }
    )


def _rows(rng, keys: pd.DataFrame, truth: pd.DataFrame, replicates: int, deviations: Mapping[str, float]):
    """Rows of a table: keys in every replicate, and columns with what varies added."""
    shape = (replicates, len(keys))
    replicate, row = (index.ravel() for index in np.indices(shape))
    found = keys.iloc[row].reset_index(drop=True).assign(replicate=replicate)
    datasets = pd.factorize(keys["dataset"])[0]
    for name in truth:
        shared = rng.normal(size=(replicates, datasets.max() + 1))[:, datasets]
        varied = deviations.get(name, 0.0) * (SHARED * shared + OWN * rng.normal(size=shape))
        found[name] = truth[name].to_numpy()[row] + varied.ravel()
    return found


def claim_of(kind: Kind) -> Claim:
    """The claim of a kind."""
    claim = _claims()[kind.claim]
    return claim.model_copy(update={"expected": kind.expected}) if kind.expected else claim


@functools.cache
def _claims() -> dict[str, Claim]:
    return {claim.id: claim for claim in load_claims(CLAIMS)}


def truth_of(claim: Claim) -> np.ndarray:
    """The true value of each part."""
    (found,) = judge([claim], simulated(LARGE, seed=1))
    return np.array([part.mean for part in found.parts])


def studies_of(claim: Claim, replicates: int, studies: int = STUDIES) -> list[Judged]:
    """A claim held against many studies of so many replicates each."""
    (found,) = judge([claim], simulated(studies * replicates, seed=2))
    dealt = np.array([part.values for part in found.parts]).reshape(len(found.parts), studies, replicates)
    return [Judged(claim, [Part(values) for values in study]) for study in dealt.swapaxes(0, 1)]


def coverage(kind: Kind, replicates: int, studies: int = STUDIES) -> float:
    """Share of studies whose interval holds the truth; of several parts that of the part that is held least often."""
    claim = claim_of(kind)
    truth, found = truth_of(claim), studies_of(claim, replicates, studies)
    if kind.whole:
        aim = truth.max() if claim.expectation.relation[0] == "<" else truth.min()
        return float(np.mean([_holds(study.interval, aim) for study in found]))
    held = [[_holds(part.interval(), aim) for part, aim in zip(study.parts, truth, strict=True)] for study in found]
    return float(np.mean(held, axis=0).min())


def _holds(interval: tuple[float, float], value: float) -> bool:
    return interval[0] <= value <= interval[1]


def table() -> str:
    """Coverage by kind and number of replicates, as Markdown."""
    heads = [f"{replicates} replicates" for replicates in REPLICATES]
    lines = [f"| 95 % interval for | as in | {' | '.join(heads)} |", f"| --- | --- |{' ---: |' * len(heads)}"]
    for kind in KINDS:
        shares = " | ".join(f"{100 * coverage(kind, replicates):.1f} %" for replicates in REPLICATES)
        lines.append(f"| {kind.name} | `{kind.claim}` | {shares} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
