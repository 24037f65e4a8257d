"""Snakemake's records of how files were made: what it compares before it decides that a file need not be made again.

It keeps, for each output of a job, the rule, the parameters (in this project they hold the digest of the code and all
that defines the result), the inputs and the times. This part of Snakemake is not documented; a test fails when it
changes.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aestudy.base.errors import UserError

FOLDER = ".snakemake"


def read(paths: Iterable[str], folder: str | Path = FOLDER) -> dict[str, dict]:
    """The record of each file, as plain data. Raises UserError, naming them, for files that have none."""
    kept = _persistence(folder)
    found = {path: kept._read_record(path) for path in paths}
    missing = [path for path, record in found.items() if record is None]
    if missing:
        raise UserError(
            f"Snakemake has no record of how {len(missing)} of {len(found)} files were made, such as {missing[0]}. "
            f"It keeps them in {folder}/metadata, which was removed or is that of another checkout."
        )
    return {path: record.model_dump() for path, record in found.items()}


def write(records: Mapping[str, Mapping], folder: str | Path = FOLDER) -> None:
    """Give files the records that they had where they were made. Raises UserError for a record that is none."""
    from pydantic import ValidationError
    from snakemake.persistence import MetadataRecord

    kept = _persistence(folder)
    for path, record in records.items():
        try:
            kept._write_record(path, MetadataRecord.model_validate(dict(record)))
        except ValidationError:
            raise UserError(f"what is given as Snakemake's record of {path} is none of its records") from None


def _persistence(folder: str | Path):
    from snakemake.persistence.file import FilePersistence

    return FilePersistence(nolock=True, path=Path(folder).absolute())
