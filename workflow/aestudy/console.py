"""What a user reads in the terminal: what is about to run, and how it ended."""

import os
import sys
from pathlib import Path

import pandas as pd


def make_library_importable(folder: Path) -> None:
    """Let the jobs' own Python processes find the library in `folder`."""
    paths = [str(folder), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def banner(study, plan) -> None:
    """Say what the study is: how many runs, how many are done, and where results and logs go."""
    results = Path("results", study.study)
    replicates = range(study.replicates)
    done = sum(
        all((results / "runs" / path / f"replicate-{r}" / "manifest.json").exists() for r in replicates)
        for path in plan.runs
    )
    names = ", ".join(f"{name} ({len(runs)})" for name, runs in plan.experiments.items())
    print(
        f"Study {study.study}: {len(plan.runs)} runs x {study.replicates} replicate(s), {done} of the runs trained.\n"
        f"  experiments (runs): {names}\n"
        f"  results: {results}/   logs: {results}/logs/",
        file=sys.stderr,
    )


def verdicts(study_name: str) -> str:
    """The verdict table of a study as text."""
    claims = pd.read_csv(Path("results", study_name, "tables", "claims.csv"), dtype=str, keep_default_na=False)
    columns = ["id", "expected", "observed", "ci_low", "ci_high", "verdict"]
    return claims[columns].to_string(index=False)


def end(study) -> None:
    """After success: the verdicts, and how to get the report."""
    results = Path("results", study.study)
    if (results / "tables" / "claims.csv").exists():
        print(f"\nVerdicts of study {study.study}:\n{verdicts(study.study)}", file=sys.stderr)
    print(f"Results are in {results}/. The report: snakemake --report {results}/report.html", file=sys.stderr)


def failure(study) -> None:
    """After a failure: where to look, and that nothing that is done is lost."""
    print(
        f"\nStudy {study.study} did not finish. The failed jobs and their messages stand above; logs are in "
        f"results/{study.study}/logs/.\n"
        "Mend the cause and give the same command again: what is done is kept.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    name = sys.argv[1]
    print(f"{verdicts(name)}\n\nReport: {Path('results', name, 'report.html')}")
