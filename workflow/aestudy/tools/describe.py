"""Describes four IDX files as a data set of the configuration, with their shapes and hashes.

    python -m aestudy describe my/stamps > my/stamps.yaml

Files are recognised by words in their names: `images` or `labels`, and `train` or `test` (or `t10k`, as MNIST calls its
test set). EMNIST, for example, holds several data sets in one folder: --only emnist-letters chooses one.
"""

import argparse
import gzip
import re
import shutil
import tempfile
from pathlib import Path

import yaml

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.datasets import idx, transfer

PARTS = {"train": ("train",), "test": ("test", "t10k")}
"""Words in the names of the files of each part."""


def entry(folder: Path, only: str = "") -> dict:
    """The section `datasets` with one data set, named as the folder, or as `only` where that is given.

    only: text that the names of all four files contain. Files may be compressed with gzip. Raises UserError where a
    file is missing, several would fit, or one is not in IDX format.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder} (looked for in {Path.cwd()})")
    roles = {f"{part}_{kind}": _file(folder, only, part, kind) for part in PARTS for kind in ("images", "labels")}
    label = only or folder.resolve().name
    name = re.sub(r"[^a-z0-9_]+", "_", label.lower()).strip("_").lstrip("_0123456789")[:40] or "images"
    dataset = {
        "source": "idx",
        "label": label,
        "licence": "not stated",
        "homepage": "not stated",
        "mirrors": [folder.as_posix()],
        "files": {role: _described(path) for role, path in roles.items()},
    }
    return {"datasets": {name: dataset}}


def _file(folder: Path, only: str, part: str, kind: str) -> Path:
    names = [path.name for path in sorted(folder.iterdir()) if only in path.name]
    found = [name for name in names if kind in name and any(word in _words(name) for word in PARTS[part])]
    if len(found) != 1:
        wanted = f"{' or '.join(PARTS[part])} and {kind}" + (f", and {only}," if only else "")
        hint = "; choose with --only" if found else ""
        raise UserError(
            f"{folder} must hold one file with {wanted} in its name; found {', '.join(found) or 'none'}{hint}"
        )
    return folder / found[0]


def _words(name: str) -> list[str]:
    """The parts of a file name between dashes, dots and underscores."""
    return re.split(r"[-._]", name.lower())


def _described(path: Path) -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        plain = path
        with open(path, "rb") as file:
            compressed = file.read(2) == transfer.GZIP_MAGIC
        if compressed:
            plain = Path(scratch, path.name)
            with gzip.open(path) as source, open(plain, "wb") as target:
                shutil.copyfileobj(source, target)
        return {"file": path.name, "sha256": files.sha256(plain), "shape": list(idx.read(plain).shape)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("folder", type=Path, help="folder with the four files")
    parser.add_argument("--only", default="", metavar="TEXT", help="use only files with TEXT in their names")


def run(options: argparse.Namespace) -> None:
    """Print the entry."""
    print(yaml.safe_dump(entry(options.folder, options.only), sort_keys=False), end="")
