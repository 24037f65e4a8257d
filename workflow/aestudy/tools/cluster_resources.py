"""What to ask a scheduler for: memory, time and batch size per rule, from the `benchmark:` files of earlier runs.

    python -m aestudy cluster-resources <study>

reads results/<study>/benchmarks and prints what was used, then lines for the profile.
"""

import argparse
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aestudy.base.errors import UserError

# Room above the largest job seen: other nodes are slower, other libraries larger.
MEMORY_MARGIN, TIME_MARGIN = 1.5, 3
# A cluster job also holds the two Snakemake processes that start it, and each member of a batch waits for one of them.
SNAKEMAKE_MB, SNAKEMAKE_SECONDS = 500, 5
SHORTEST_MINUTES = 10
# A submission should last so long that its wait in the queue and its start do not matter.
BATCH_MINUTES = 10


@dataclass(frozen=True)
class Usage:
    """What the jobs of one rule used: how many were measured, their seconds, and the MiB of the largest."""

    rule: str
    jobs: int
    mean_seconds: float
    longest_seconds: float
    largest_mb: float


@dataclass(frozen=True)
class Suggestion:
    """What to ask for on the first attempt (MB, minutes), and how many jobs to put into one submission."""

    mem_mb: int
    runtime: int
    batch: int


def usage(records: Iterable[tuple[str, float, float]]) -> list[Usage]:
    """Usage per rule, sorted by name, from (rule, seconds, MiB) of every measured job.

    MiB may be NaN: a job that ends within a second has no measured memory.
    """
    frame = pd.DataFrame(records, columns=["rule", "seconds", "mb"])
    return [
        Usage(str(rule), len(jobs), jobs["seconds"].mean(), jobs["seconds"].max(), jobs["mb"].fillna(0).max())
        for rule, jobs in frame.groupby("rule")
    ]


def suggest(used: Usage) -> Suggestion:
    """Memory rounded up to 100 MB, whole minutes, and a batch of about ten minutes."""
    memory = MEMORY_MARGIN * used.largest_mb + SNAKEMAKE_MB
    minutes = math.ceil(TIME_MARGIN * (used.longest_seconds + SNAKEMAKE_SECONDS) / 60)
    batch = int(60 * BATCH_MINUTES / (used.mean_seconds + SNAKEMAKE_SECONDS))
    return Suggestion(100 * math.ceil(memory / 100), max(minutes, SHORTEST_MINUTES), max(batch, 1))


def read(folder: Path) -> list[tuple[str, float, float]]:
    """(rule, seconds, MiB) of every benchmark file below `folder`, whose first level is the rule.

    Raises UserError where there is none.
    """
    records = []
    for path in sorted(folder.rglob("*.tsv")):
        table = pd.read_csv(path, sep="\t", na_values=["-", "NA"])
        rule = path.relative_to(folder).parts[0]
        records += [(rule, float(row["s"]), float(row["max_rss"])) for _, row in table.iterrows()]
    if not records:
        raise UserError(
            f"{folder}: no benchmark file is there, so nothing is known about memory and time. "
            "Run the study once, or a small one with the same models, and give its name."
        )
    return records


def report(used: list[Usage]) -> str:
    """A table of what was used, and lines for a profile: they grow with every attempt."""
    table = pd.DataFrame(
        [
            {
                "rule": one.rule,
                "jobs": one.jobs,
                "mean s": round(one.mean_seconds, 1),
                "longest s": round(one.longest_seconds, 1),
                "largest MB": round(one.largest_mb),
                "jobs in a submission": suggest(one).batch,
            }
            for one in used
        ]
    )
    lines = ["set-resources:"]
    for one in used:
        asked = suggest(one)
        lines += [f"  {one.rule}:", f"    mem_mb: {asked.mem_mb} * attempt", f"    runtime: {asked.runtime} * attempt"]
    return "\n".join([table.to_string(index=False), "", "For the profile (profiles/slurm/config.yaml):", "", *lines])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")


def run(options: argparse.Namespace) -> None:
    """Print the report."""
    print(report(usage(read(Path("results", options.study, "benchmarks")))))
