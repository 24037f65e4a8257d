"""Copies a finished study's tables and figures to docs/results/<study>, and says there how they were made.

The README's line on the verdicts is renewed for the study of config.yaml. Nothing of this is written by hand.
"""

import argparse
import datetime
import gzip
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from aestudy.base import files, provenance
from aestudy.base.errors import UserError
from aestudy.base.wording import several
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import Manifest
from aestudy.scoring import tables
from aestudy.tools import marks, verify

MAIN = "paper"
"""The study whose verdicts the README tells."""
LARGEST = 400_000
"""Bytes of a table; a larger one is compressed."""
BEGIN, END = "<!-- verdicts: written by `make publish` -->", "<!-- end of verdicts -->"


def verdict_table(claims: pd.DataFrame) -> str:
    """Published, found (with interval), verdict and reason of every claim, as Markdown. claims: as text."""
    rows = []
    for row in claims.itertuples():
        statement = marks.claim(row)
        statement += " (Written after results had been seen.)" if row.exploratory else ""
        rows.append(
            {
                "claim": statement,
                "published": row.expected,
                "found [95 % interval]": marks.found(row),
                "verdict": f"**{row.verdict}**" if row.verdict else "",
                "reason": row.reason,
            }
        )
    return marks.table(rows)


def counted(claims: pd.DataFrame) -> str:
    """How often each verdict was given, in one sentence."""
    counts = claims["verdict"].value_counts(sort=False)
    return f"{len(claims)} claims: {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}."


def made(trained: Sequence[Manifest]) -> str:
    """How the study was made, in one sentence: networks (those of joint readings too), replicates, hardware, time,
    commit, date."""
    software = tables.software(trained)
    commits = ", ".join(map(provenance.short, software["commit of the workflow"]))
    counts = replicates(trained)
    each = ("" if len(set(counts)) == 1 else f"{min(counts)} to ") + several(max(counts), "replicate")
    return (
        f"{several(len(trained), 'trained network')} ({each}) on {', '.join(software['device'])}, "
        f"{core_seconds(trained) / 3600:.1f} core-hours of training; torch {', '.join(software['torch'])}; trained at "
        f"commit {commits}; published {datetime.date.today().isoformat()}."
    )


def replicates(trained: Sequence[Manifest]) -> list[int]:
    """How often each network was trained."""
    return list(Counter(repr((manifest.keys, manifest.identity)) for manifest in trained).values())


def core_seconds(trained: Sequence[Manifest]) -> float:
    """Processor time of all trainings in seconds; epochs that one took over from a shorter one count once."""
    alike = defaultdict(list)
    for manifest in trained:
        epochs, seconds = manifest.identity.training.epochs, manifest.cost["train_seconds"] * manifest.cost["threads"]
        alike[repr(manifest.binding.with_epochs(0)), manifest.replicate].append((epochs, seconds))
    total = sum(seconds for group in alike.values() for _, seconds in group)
    pairs = (pair for group in alike.values() for pair in itertools.pairwise(sorted(group)))
    return total - sum(seconds for (fewer, seconds), (more, _) in pairs if fewer < more)


def publish(study: str, readme: Path, destination: Path) -> None:
    """Copy tables and figures of results/<study> to `destination`/<study>, and renew the verdicts in `readme`.

    Raises UserError where the study is not finished.
    """
    results, folder = Path("results", study), destination / study
    if not (results / verify.SUMS).exists():
        raise UserError(
            f"{results} holds no finished study (there is no {verify.SUMS}): run it to its end, then publish."
        )
    claims = pd.read_csv(results / "tables/claims.csv", dtype=str, keep_default_na=False)
    paths = verify.listed((results / verify.SUMS).read_text(encoding="utf-8"))
    how = made([manifests.read(path) for path in paths if Path(path).name == manifests.NAME])
    for old in folder.glob("*") if folder.exists() else ():
        old.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for table in sorted((results / "tables").glob("*.csv")):
        content = table.read_bytes()
        if len(content) > LARGEST:
            files.write_bytes(folder / f"{table.name}.gz", gzip.compress(content, mtime=0))
        else:
            files.write_bytes(folder / table.name, content)
    for figure in sorted((results / "figures").rglob("*.png")):
        name = "-".join(figure.relative_to(results / "figures").parts)
        files.write_bytes(folder / name, figure.read_bytes())
    judged = f"{counted(claims)}\n\n{verdict_table(claims)}\n" if len(claims) else ""
    files.write_text(folder / "README.md", f"# Results of study {study}\n\n{how}\n\n{judged}")
    if study == MAIN:
        text = marks.between(readme.read_text(encoding="utf-8"), BEGIN, END, f"{counted(claims)} {how}")
        files.write_text(readme, text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Publish the study."""
    publish(options.study, Path("README.md"), Path("docs", "results"))
