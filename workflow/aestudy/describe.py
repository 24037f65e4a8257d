"""Describes four IDX files as a data set of the configuration, with their shapes and hashes.

python -m aestudy.describe my/stamps > my/stamps.yaml
"""

import argparse
import gzip
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from aestudy import files
from aestudy.datasets import download, idx
from aestudy.errors import UserError
from aestudy.trained import mistakes_as_sentences

PARTS = {"train": ("train",), "test": ("test", "t10k")}
"""How the names of files of each part begin; those of MNIST's test set begin with t10k."""


def entry(folder: Path) -> dict:
    """The section `datasets` with one data set, named as the folder.

    The files' names begin with train and with test (or t10k), and hold `images` or `labels`; they may be compressed
    with gzip. Raises UserError where a file is missing, stands there twice, or is not in IDX format.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder} (looked for in {Path.cwd()})")
    roles = {f"{part}_{kind}": _file(folder, part, kind) for part in PARTS for kind in ("images", "labels")}
    name = re.sub(r"[^a-z0-9_]+", "_", folder.resolve().name.lower()).lstrip("_0123456789") or "images"
    dataset = {
        "source": "idx",
        "label": folder.resolve().name,
        "licence": "not stated",
        "homepage": "not stated",
        "mirrors": [folder.as_posix()],
        "files": {role: _described(path) for role, path in roles.items()},
    }
    return {"datasets": {name: dataset}}


def _file(folder: Path, part: str, kind: str) -> Path:
    found = [path for path in sorted(folder.iterdir()) if path.name.startswith(PARTS[part]) and kind in path.name]
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        starts = " or ".join(PARTS[part])
        raise UserError(f"{folder} must hold one file that starts with {starts} and has {kind} in it; found {names}")
    return found[0]


def _described(path: Path) -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        plain = path
        with open(path, "rb") as file:
            compressed = file.read(2) == download.GZIP_MAGIC
        if compressed:
            plain = Path(scratch, path.name)
            with gzip.open(path) as source, open(plain, "wb") as target:
                shutil.copyfileobj(source, target)
        return {"file": path.name, "sha256": files.sha256(plain), "shape": list(idx.read(plain).shape)}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m aestudy.describe", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder with the four files")
    with mistakes_as_sentences():
        print(yaml.safe_dump(entry(parser.parse_args(arguments).folder), sort_keys=False), end="")


if __name__ == "__main__":
    main()
