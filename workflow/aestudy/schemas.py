"""Writes the JSON schemas, which editors check config.yaml and report/claims.yaml with: python -m aestudy.schemas"""

from pathlib import Path

from aestudy import config, files
from aestudy.claims import claims_schema

FOLDER = Path(__file__).parents[1] / "schemas"


def documents() -> dict[str, dict]:
    """The schemas by file name, from the typed models."""
    return {"config.schema.json": config.schema(), "claims.schema.json": claims_schema()}


if __name__ == "__main__":
    for name, document in documents().items():
        files.write_json(FOLDER / name, document)
