"""The classical filter that stands beside a network: the best one of the study for the same noise."""

from collections.abc import Collection

import pandas as pd

from aestudy.base.run import CONDITION_KEYS, Run


def strongest(run: Run, baselines: pd.DataFrame, chosen: pd.DataFrame, known: Collection[str]) -> dict | None:
    """The filter with the highest mean PSNR on the test images of a run's condition; None if none was scored there.

    baselines: tables/baselines.csv. chosen: the baselines' parameters.csv of that condition. known: names of the
    filters to choose among. Returns filter, parameters (by name), and a and b of the affine correction.
    """
    own = baselines[baselines["baseline"].isin(list(known))]
    for key in CONDITION_KEYS:
        own = own[own[key] == getattr(run, key)]
    if own.empty:
        return None
    best = own.loc[own["psnr"].idxmax()]
    (row,) = chosen[(chosen["baseline"] == best["baseline"]) & (chosen["variant"] == best["variant"])].itertuples()
    return {"filter": row.baseline, "parameters": _parameters(row.parameters), "a": float(row.a), "b": float(row.b)}


def _parameters(text: str) -> dict[str, float]:
    """The inverse of how baselines.fitting writes parameters: "h=0.13 sigma=0.33"."""
    return {name: float(value) for name, value in (pair.split("=") for pair in text.split())}
