"""Tables of a study from the small files of its runs."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base import files
from aestudy.base.columns import BASELINE_KEYS, BASELINES, COST, SCORES, TEST, TRANSFER, level_columns, with_levels
from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS, VARIANCE
from aestudy.replicates.manifest import Manifest
from aestudy.scoring.ranks import FIRST

log = logging.getLogger(__name__)


def concatenate(paths: Iterable[str | Path]) -> pd.DataFrame:
    """The rows of several CSV files of one kind, in the order of the runs' keys; levels are in columns of their own."""
    table = pd.concat([read(path) for path in paths], ignore_index=True)
    others = [name for name in (*level_columns(table), *level_columns(table, TEST)) if not name.endswith(VARIANCE)]
    return _sorted(table[with_levels([name for name in table if name not in others], table)])


def read(path: str | Path) -> pd.DataFrame:
    # Only empty cells are missing values: pandas would take a noise called `none` for one.
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def level_of(table: pd.DataFrame, prefix: str = "") -> pd.Series:
    """The level of the noise in each row, whatever its name is. prefix: `test_` for the noise that it is tested on."""
    return table[level_columns(table, prefix)].bfill(axis=1).iloc[:, 0]


def level_name_of(table: pd.DataFrame, prefix: str = "") -> pd.Series:
    """The name of that level."""
    names = level_columns(table, prefix)
    return table[names].set_axis([name.removeprefix(prefix) for name in names], axis=1).notna().idxmax(axis=1)


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    keys = (*with_levels(RUN_KEYS, table), "baseline", "variant", "replicate", "epoch")
    order = [name for name in keys if name in table]
    return table.sort_values(order, kind="stable", ignore_index=True)


def write_summary(path: str | Path, beside: Iterable[str | Path], **tables: list[dict]) -> None:
    """Write the rows that a run adds to the study's tables, by the name of the table, as JSON; NaN becomes null.

    beside: the other files of the evaluation; their hashes are written too, as in a manifest.
    """
    hashes = {Path(file).name: files.sha256(file) for file in beside}
    rows = {
        name: [{key: None if value != value else value for key, value in row.items()} for row in table]
        for name, table in tables.items()
    }
    files.write_json(path, rows | {"sha256": hashes})


def of_summaries(summaries: list[dict], name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A table of the study from the summaries of its runs, in the order of the runs' keys."""
    rows = [row for summary in summaries for row in summary[name]]
    return _table(rows, columns)


def of_tests(rows: list[dict]) -> pd.DataFrame:
    """The table of networks on one test set: a row per replicate. The networks' own noises may have other levels."""
    return _table(rows, TRANSFER)


def _table(rows: list[dict], columns: Sequence[str]) -> pd.DataFrame:
    """Rows that name their runs as a table with `columns`, and one for each level that is no variance."""
    present = dict.fromkeys(name for row in rows for name in row)
    return _sorted(pd.DataFrame(rows, columns=with_levels(columns, present)))


def history(manifests: list[Manifest], histories: list[Path]) -> pd.DataFrame:
    """Losses per epoch of every replicate, from its manifest and its history.csv (two lists in the same order)."""
    parts = []
    for manifest, path in zip(manifests, histories, strict=True):
        keys = manifest.keys | {"replicate": manifest.replicate}
        part = pd.read_csv(path)
        parts.append(part.assign(**keys)[[*keys, *part.columns]])
    table = pd.concat(parts, ignore_index=True)
    values = [name for name in table if name not in (*RUN_KEYS, *level_columns(table), "replicate")]
    return _sorted(table.reindex(columns=with_levels([*RUN_KEYS, "replicate", *values], table)))


def software(manifests: list[Manifest]) -> dict[str, list[str]]:
    """Versions, commit and device that the networks were trained with; several where replicates differ."""
    found: dict[str, list[str]] = {}
    for manifest in manifests:
        entries = manifest.software | {"commit of the workflow": manifest.commit, "device": manifest.cost["device"]}
        for name, value in entries.items():
            if value not in found.setdefault(name, []):
                found[name].append(value)
    return found


def cost(manifests: list[Manifest]) -> pd.DataFrame:
    """Cost of every replicate from its manifest."""
    rows = [manifest.keys | {"replicate": manifest.replicate} | manifest.cost for manifest in manifests]
    return _table(rows, COST)


def baselines(scores: pd.DataFrame, **condition: str | float) -> pd.DataFrame:
    """Mean scores of every baseline of one condition, from its scores per image.

    condition: the columns that name it (see Run.condition_keys).
    """
    table = scores.groupby(list(BASELINE_KEYS), sort=False)[list(SCORES)].mean().reset_index()
    table["psnr_pooled"] = -10 * np.log10(table["mse"])
    first = scores[scores["image"] < FIRST].groupby(list(BASELINE_KEYS), sort=False)[["psnr", "ssim"]].mean()
    table = table.merge(first.add_suffix("_first_100").reset_index(), on=list(BASELINE_KEYS))
    return table.assign(**condition).reindex(columns=with_levels(BASELINES, condition))


def refuse_worse_than_mean_image(metrics: pd.DataFrame, baselines: pd.DataFrame, may_fail: Sequence[str] = ()) -> None:
    """Raise UserError if a network restores worse than the training-mean image, which does not depend on the input.

    A network with an L1 penalty is only named in a warning: a strong penalty can leave nothing of the latent, so that
    the network returns one image for every input, and that is a result. So are those of the models in `may_fail`.

    metrics: one row per run and replicate; baselines: one row per baseline. Both with psnr in dB (mean per image).
    """
    keys = ["dataset", "noise", *level_columns(baselines)]
    floor = baselines[baselines["baseline"] == "mean_image"][[*keys, "psnr"]]
    joined = metrics.merge(floor, on=keys, suffixes=("", "_mean_image"), validate="m:1")
    losers = joined[joined["psnr"] < joined["psnr_mean_image"]]
    penalised = losers[losers["l1"] > 0]
    if len(penalised):
        log.warning("%s\nTheir L1 penalty leaves no information in the latent.", _worse_than_mean_image(penalised))
    failed = losers[losers["l1"] == 0]
    allowed = failed["model"].isin(may_fail)
    if allowed.any():
        log.warning("%s\nThe configuration says may_fail of their models.", _worse_than_mean_image(failed[allowed]))
    refused = failed[~allowed]
    if len(refused):
        raise UserError(
            f"{_worse_than_mean_image(refused)}\n"
            "Such a network has learned nothing: train longer, or change its learning rate or its loss in the "
            "configuration. Where this is a result, set may_fail: true for the model."
        )


def _worse_than_mean_image(losers: pd.DataFrame) -> str:
    lines = [
        f"  {row.dataset}/{row.model}, latent {row.latent}, l1 {row.l1:g}, {row.noise} {row.level:g}, "
        f"replicate {row.replicate}: {row.psnr:.2f} dB, mean image {row.psnr_mean_image:.2f} dB"
        for row in losers.assign(level=level_of(losers)).itertuples()
    ]
    return "\n".join([f"{len(losers)} trained network(s) restore worse than the training-mean image:", *lines])
