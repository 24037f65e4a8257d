"""Writes the JSON schemas with which editors check config.yaml and report/claims.yaml."""

import argparse
from pathlib import Path

from aestudy.base import files
from aestudy.claims.records import claims_schema
from aestudy.study import config

FOLDER = Path(__file__).parents[2] / "schemas"


def documents() -> dict[str, dict]:
    """The schemas by file name, from the typed models."""
    return {"config.schema.json": config.schema(), "claims.schema.json": claims_schema()}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments."""


def run(options: argparse.Namespace) -> None:
    """Write the schemas."""
    for name, document in documents().items():
        files.write_json(FOLDER / name, document)
