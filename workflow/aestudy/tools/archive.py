"""Writes a finished study as one RO-Crate zip, from which others rebuild its tables, claims, figures and report.

    python -m aestudy archive paper

In it are all files that results/<study>/SHA256SUMS names (data, weights, scores, tables, figures, pages), the workflow
with its configuration and environment, and Snakemake's records of how each result was made. `unarchive` is the inverse.
"""

import argparse
import hashlib
import importlib.metadata
import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from aestudy.base import files, integrity
from aestudy.base.errors import UserError
from aestudy.study.config import Study
from aestudy.tools import crate, snakemake_records, verify

PROJECT = ("Snakefile", "config.yaml", "workflow", "report", "envs", "profiles", "Makefile", "README.md", "LICENSE")
PROJECT += ("CITATION.cff", "requirements.in", "requirements.lock", "pyproject.toml")
"""Files and folders of the workflow; what is not there is left out."""
CONFIGURATION = "configuration.yaml"
RECORDS = "provenance/snakemake.json"
"""Where an archive keeps Snakemake's records (see snakemake_records)."""
DATA = "resources/data"
REBUILT = ("tables", "figures", "pages", "captions")
"""Folders in results/<study> whose files are made again from an archive; all others are kept as they are."""


def is_rebuilt(path: str) -> bool:
    """Whether a file in results/<study> is made again from an archive."""
    parts = Path(path).parts
    return parts[0] == "results" and (parts[2] in REBUILT or parts[2] == verify.SUMS)


def checksum_of(path: Path) -> Path:
    """Where the SHA-256 of an archive is kept, as sha256sum writes it."""
    return path.with_name(f"{path.name}.sha256")


def archive(study: str, out: Path) -> dict[str, dict]:
    """Write the archive of a study to the file `out`; returns dataset.json of the data sets in it, by their folders.

    Raises UserError for a study that has not run to its end, and if its files are not what they were when it had.
    """
    results = Path("results", study)
    sums = results / verify.SUMS
    _, found = verify.differences(sums)
    if found:
        more = f" ({len(found) - 1} more: `make verify STUDY={study}`)" if len(found) > 1 else ""
        raise UserError(
            f"study {study} is not as it was made, so it is not archived. {found[0]}{more}. Remove such files and run "
            "the study again: they are made anew."
        )
    made = verify.listed(sums.read_text(encoding="utf-8"))
    records = snakemake_records.read(made)
    written = {RECORDS: json.dumps(records, indent=1, sort_keys=True) + "\n"}
    beside = dict.fromkeys(path.as_posix() for path in [sums, *_workflow(), *own_files(results / CONFIGURATION)])
    software = files.read_json(results / "tables/software.json")
    datasets = {str(Path(path).parent): files.read_json(path) for path in made if path.endswith("/dataset.json")}
    contents = crate.Contents(
        study=study,
        hashes=made
        | {path: files.sha256(path) for path in beside}
        | {path: hashlib.sha256(text.encode()).hexdigest() for path, text in written.items()},
        written=written,
        configuration=f"results/{study}/{CONFIGURATION}",
        datasets=datasets,
        results=[
            path for path in [*made, sums.as_posix()] if path.startswith("results/") and CONFIGURATION not in path
        ],
        software=_versions(software),
        commit=", ".join(software["commit of the workflow"]),
        started=min(record["starttime"] for record in records.values()),
        ended=max(record["endtime"] for record in records.values()),
        citation=yaml.safe_load(Path("CITATION.cff").read_text(encoding="utf-8")),
    )
    with files.replacing(out) as temporary:
        crate.write(contents, temporary)
    return datasets


def _workflow() -> Iterator[Path]:
    for part in map(Path, PROJECT):
        if part.is_file():
            yield part
        for path in sorted(part.rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and not any(name.startswith(".") for name in path.parts):
                yield path


def own_files(configuration: Path) -> Iterator[Path]:
    """Files of the user's own that a study was made from: its claims, and pictures that a data set consists of.

    Raises UserError for one that lies outside of this folder.
    """
    study = Study.model_validate(yaml.safe_load(configuration.read_text(encoding="utf-8")))
    used = {name for experiment in study.experiments for name in experiment.dataset}
    for path in [Path(study.claims), *(path for name in sorted(used) for path in study.datasets[name].local_files())]:
        if path.is_absolute() or ".." in path.parts:
            raise UserError(
                f"study {study.study} uses {path}, and an archive holds only what lies in this folder: move it here, "
                "change the configuration, and run the study again."
            )
        yield path


def _versions(software: dict[str, list[str]]) -> dict[str, str]:
    """Versions of what trained the networks, and of what ran the workflow; several where replicates differ."""
    others = ("commit of the workflow", "device")
    versions = {name: ", ".join(values) for name, values in software.items() if name not in others}
    return versions | {"snakemake": importlib.metadata.version("snakemake")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")
    parser.add_argument("--out", type=Path, help="file to write; results/<study>.crate.zip unless given")


def run(options: argparse.Namespace) -> None:
    """Write the archive, and its checksum beside it; say what is in it."""
    out = options.out or Path("results", f"{options.study}.crate.zip")
    datasets = archive(options.study, out)
    checksum = checksum_of(out)
    files.write_text(checksum, integrity.line(files.sha256(out), out.name))
    held = ", ".join(f"{about['name']} ({about['licence']})" for about in datasets.values())
    print(f"{out}: {out.stat().st_size / 1e6:,.1f} MB, with its checksum in {checksum}.")
    print(f"It holds data under licences of their own: {held}.")
    print(f"In a fresh checkout, `make unarchive FILE={out.name}` rebuilds the study's report from it.")
