"""Writes what finished studies found beyond verdicts into docs/findings.md.

Every number there, and every sentence on what was found, comes from the tables of finished studies; the text around the
marked places is written by hand. The places of a study that is not finished stay as they are.
"""

import argparse
from pathlib import Path

import pandas as pd

from aestudy.base import files
from aestudy.base.run import RUN_KEYS
from aestudy.base.wording import number
from aestudy.claims.protocols import BASE, YES
from aestudy.pages.captions import furthest
from aestudy.scoring import tables
from aestudy.tools import marks

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "findings.md"
EVIDENCE = {
    "sensitivity": ("tables/sensitivity.csv", "tables/together.csv", "figures/sensitivity.png"),
    "convergence": ("figures/experiments/convergence.png",),
}
"""Files of a study that are kept beside the page, in docs/results."""


def moves(sensitivity: pd.DataFrame) -> str:
    """A row per published number: base value, span over all protocols, and what moves it most; Markdown."""
    rows = []
    for claim, part in sensitivity.groupby("claim", sort=False):
        base = part[part["protocol"] == BASE].iloc[0]
        most = furthest(part)
        rows.append(
            {
                "claim": claim,
                "published": f"{number(base['published'])} ± {number(base['tolerance'])}",
                "base protocol": _interval(base),
                "lowest to highest": f"{number(part['observed'].min())} to {number(part['observed'].max())}",
                "moved most by": "–" if most is None else f"{most['change']} ({number(most['shift'])})",
                "within": f"{(part['within'] == YES).sum()} of {len(part)} protocols",
            }
        )
    return markdown(rows)


def explained(together: pd.DataFrame, claims: str) -> str:
    """Whether a protocol explains a group of published numbers, which come nearest, and all that were tried; Markdown.

    claims: a value of the column `claims` of tables/together.csv.
    """
    rows = together[together["claims"] == claims].sort_values("distance", kind="stable")
    found = rows.loc[rows["within"] == YES, "change"]
    nearest = rows.iloc[0]
    if len(found):
        bring = "brings" if len(found) == 1 else "bring"
        sentence = f"**Found.** {len(found)} of {len(rows)} protocols {bring} {claims} within their tolerances together"
        sentence += f": {', '.join(found)}."
    else:
        sentence = (
            f"**Unexplained.** None of the {len(rows)} protocols tried brings {claims} within their tolerances "
            f"together. The nearest, “{nearest['change']}”, leaves one of them {number(nearest['distance'], 3)} "
            "tolerances away."
        )
    held = ", ".join(rows.loc[rows["covers"] == YES, "change"]) or "none"
    sentence += f" Protocols whose 95 % intervals hold all of these numbers: {held}."
    shown = rows[["change", "observed", "distance", "within", "covers"]]
    return f"{sentence}\n\n{markdown(shown.to_dict('records'))}"


def depth(metrics: pd.DataFrame, generalisation: pd.DataFrame) -> str:
    """PSNR of training and test images and their gap, by data set, network and epochs, over replicates; Markdown."""
    keys = [*RUN_KEYS, "replicate"]
    scores = generalisation.merge(metrics[[*keys, "epochs"]], on=keys)
    scores["network"] = scores["model"].str.replace(r"_\d+$", "", regex=True)
    means = scores.groupby(["dataset", "network", "epochs"])[["psnr_train", "psnr_test", "gap_db"]].mean()
    return markdown(
        [
            dict(zip(means.index.names, key, strict=True)) | {name: f"{value:.2f}" for name, value in row.items()}
            for key, row in means.iterrows()
        ]
    )


def verdicts(claims: pd.DataFrame) -> str:
    """What became of each claim; Markdown."""
    return markdown(
        [
            {
                "claim": row["id"],
                "statement": row["statement"],
                "verdict": f"**{row['verdict']}**",
                "reason": row["reason"],
            }
            for row in claims.to_dict("records")
        ]
    )


def markdown(rows: list[dict]) -> str:
    """Records of text and numbers as a table in Markdown."""
    return marks.table([{key: _text(value) for key, value in row.items()} for row in rows])


def _text(value) -> str:
    return value if isinstance(value, str) else number(value)


def _interval(row: pd.Series) -> str:
    ends = "" if pd.isna(row["ci_low"]) else f" [{number(row['ci_low'])}, {number(row['ci_high'])}]"
    return number(row["observed"]) + ends


def filled(text: str, blocks: dict[str, str]) -> str:
    """A document with each block put between the marks that bear its name."""
    for name, block in blocks.items():
        begin, end = f"<!-- {name}: written by `make findings` -->", f"<!-- end of {name} -->"
        text = marks.between(text, begin, end, f"\n{block}\n")
    return text


def blocks(results: Path) -> dict[str, str]:
    """The blocks of the studies in `results` that are finished, by name."""
    found = {}
    if (results / "sensitivity/tables/together.csv").exists():
        sensitivity, together = _read(results / "sensitivity", "sensitivity", "together")
        found["moves"] = moves(sensitivity)
        found |= {claims: explained(together, claims) for claims in together["claims"].unique()}
    if (results / "paper/tables/claims.csv").exists():
        metrics, generalisation = _read(results / "paper", "metrics", "generalisation")
        plain = metrics[(metrics["latent"] == 100) & (metrics["l1"] == 0) & (metrics["noise"] == "none")]
        found["depth in the paper study"] = depth(plain, generalisation)
    if (results / "convergence/tables/claims.csv").exists():
        metrics, generalisation, claims = _read(results / "convergence", "metrics", "generalisation", "claims")
        found["depth"] = f"{depth(metrics, generalisation)}\n\n{verdicts(claims)}"
    return found


def _read(study: Path, *names: str) -> list[pd.DataFrame]:
    return [tables.read(study / "tables" / f"{name}.csv") for name in names]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments."""


def run(options: argparse.Namespace) -> None:
    """Write the page, and copy what it shows."""
    results = Path("results")
    files.write_text(DOCUMENT, filled(DOCUMENT.read_text(encoding="utf-8"), blocks(results)))
    for study, names in EVIDENCE.items():
        for path in (results / study / name for name in names):
            if path.exists():
                files.write_bytes(ROOT / "docs/results" / path.name, path.read_bytes())
