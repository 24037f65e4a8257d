"""The first page of the report: the verdicts, then each experiment's figures with what was published and found.

After these come the baselines, the cost, the data, the software and the resolved configuration.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from aestudy.base.wording import number, standing_in
from aestudy.claims.records import (
    CONTRADICTED,
    DIRECTION_ONLY,
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPRODUCED,
)
from aestudy.claims.scope import scope
from aestudy.figures.data import Labels
from aestudy.pages.catalogue import OTHER
from aestudy.pages.rendering import render
from aestudy.scoring.tables import level_name_of, level_of

VERDICT_SIGNS = {
    REPRODUCED: "✓",
    DIRECTION_ONLY: "↗",
    INCONCLUSIVE: "?",
    NOT_REPRODUCED: "✗",
    CONTRADICTED: "⚠",
    NOT_TESTABLE: "–",
}
"""A sign beside each verdict, so that colour is never all that tells them apart."""


@dataclass(frozen=True)
class SummaryFigure:
    """A figure of the whole study."""

    name: str
    """A name from figures.catalogue.SUMMARIES."""
    title: str
    caption: str
    """reStructuredText."""
    image: Path
    """PNG file."""


@dataclass(frozen=True)
class Tables:
    """What the page is made from: tables of results/<study>/tables; claims as text, its numbers unread."""

    claims: pd.DataFrame
    metrics: pd.DataFrame
    baselines: pd.DataFrame
    cost: pd.DataFrame


def page(
    study: str,
    tables: Tables,
    reports: Mapping[str, str],
    sections: Sequence[dict],
    figures: Sequence[dict],
    captions: Mapping[str, str],
    images: Mapping[str, str | Path],
    summaries: Sequence[SummaryFigure],
    datasets: Sequence[dict],
    software: Mapping[str, Sequence[str]],
    configuration: dict,
    label: Labels,
) -> str:
    """The page as an HTML document that is also shown as a part of another: all of its styles are for `.study` only.

    reports: title by report, in their order. sections: per experiment name, title and report. figures: name, title and
    experiment of each. captions: reStructuredText by figure. images: PNG file by figure. summaries: figures of the
    whole study; that of the verdicts stands first on the page. datasets: dataset.json of each data set. software: what
    networks were trained with (see scoring.tables.software). configuration: as resolved.
    """
    counts = tables.claims["verdict"].value_counts()
    titles = {**reports, None: OTHER}
    experiments = {report: [s for s in sections if s["report"] == report] for report in titles}
    return render(
        "opening.html",
        study=study,
        claims=_claims(tables.claims),
        counts={verdict: int(counts[verdict]) for verdict in VERDICT_SIGNS if verdict in counts},
        signs=VERDICT_SIGNS,
        scope=scope(set(tables.claims["report"]), reports),
        summaries={each.name: _shown(each.title, each.caption, each.image) for each in summaries},
        stand_ins=_stand_ins(configuration["stand_ins"], label),
        reports=[
            {"title": titles[report], "experiments": [_experiment(s, figures, captions, images) for s in found]}
            for report, found in experiments.items()
            if found
        ],
        baselines=compared(tables.metrics, tables.baselines, label),
        cost=cost(tables.cost, label),
        datasets=datasets,
        software={name: ", ".join(values) for name, values in software.items()},
        configuration=yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True, width=110),
        replicates=int(tables.metrics["replicate"].nunique()),
        networks=len(tables.metrics),
    )


def _claims(claims: pd.DataFrame) -> list[dict]:
    """Rows of the verdict table: the numbers as text, the interval in brackets."""
    rows = []
    for row in claims.to_dict("records"):
        interval = f"[{_read(row['ci_low'])}, {_read(row['ci_high'])}]" if row["ci_low"] else ""
        tolerance = float(row["tolerance"] or 0)
        margin = f"± {number(tolerance)}" if tolerance else ""
        expected = row["expected"].replace("-", "−")
        rows.append(
            row | {"found": _read(row["observed"]), "interval": interval, "published": expected, "margin": margin}
        )
    return rows


def _stand_ins(stand_ins: Mapping[str, str], label: Labels) -> list[str]:
    labelled = {label("dataset", name): label("dataset", used) for name, used in stand_ins.items()}
    return standing_in(labelled, labelled)


def _read(text: str) -> str:
    return number(float(text) if text else None)


def _experiment(
    section: Mapping, figures: Sequence[dict], captions: Mapping[str, str], images: Mapping[str, str | Path]
) -> dict:
    own = [figure for figure in figures if figure["experiment"] == section["name"]]
    return {
        "title": section["title"],
        "figures": [_shown(each["title"], captions[each["name"]], images[each["name"]]) for each in own],
    }


def _shown(title: str, caption: str, image: str | Path) -> dict:
    return {"title": title, "caption": html_of(caption), "image": _embedded(image)}


def html_of(text: str) -> str:
    """reStructuredText as HTML."""
    from docutils.core import publish_parts

    return publish_parts(text, writer="html", settings_overrides={"raw_enabled": False})["body"]


def _embedded(image: str | Path) -> str:
    return "data:image/png;base64," + base64.b64encode(Path(image).read_bytes()).decode()


def compared(metrics: pd.DataFrame, baselines: pd.DataFrame, label: Labels) -> dict:
    """PSNR of the best network and of each baseline (its best variant) per data set and condition: heads and rows."""
    keys = ["dataset", "noise", "level_name", "level"]
    metrics, baselines = (
        table.assign(level_name=level_name_of(table), level=level_of(table)) for table in (metrics, baselines)
    )
    best = metrics.groupby([*keys, *("model", "latent", "l1"), "replicate"])["psnr"].mean().groupby(keys).agg(["max"])
    scores = baselines.pivot_table(index=keys, columns="baseline", values="psnr", aggfunc="max", sort=True)
    heads = ["best network", *(name.replace("_", " ") for name in scores.columns)]
    rows = []
    for key in best.index:
        own = scores.loc[key] if key in scores.index else pd.Series(dtype=float, index=scores.columns)
        dataset, noise, name, level = key
        condition = "clean" if noise == "none" else f"{label('noise', noise)}, {label('symbol', name)} = {level:g}"
        numbers = [f"{best.loc[key, 'max']:.2f}", *("–" if pd.isna(x) else f"{x:.2f}" for x in own)]
        rows.append({"dataset": label("dataset", dataset), "condition": condition, "numbers": numbers})
    return {"heads": heads, "rows": rows}


def cost(table: pd.DataFrame, label: Labels) -> list[dict]:
    """What training cost per data set and model: ranges over its runs and replicates."""
    rows = []
    for (dataset, model), part in table.groupby(["dataset", "model"], sort=False):
        rows.append(
            {
                "dataset": label("dataset", dataset),
                "model": label("model", model),
                "networks": str(len(part)),
                "parameters": _range(part["parameters"], "{:,.0f}"),
                "seconds_per_epoch": _range(part["seconds_per_epoch"], "{:.3g}"),
                "images_per_second": _range(part["images_per_second"], "{:,.0f}"),
                "peak_memory_mb": _range(part["peak_memory_mb"], "{:,.0f}"),
                "minutes": f"{part['train_seconds'].sum() / 60:,.1f}",
                "device": ", ".join(f"{d} ({p})" for d, p in part[["device", "precision"]].drop_duplicates().values),
            }
        )
    return rows


def _range(values: pd.Series, form: str) -> str:
    low, high = form.format(values.min()), form.format(values.max())
    return low if low == high else f"{low} to {high}"
