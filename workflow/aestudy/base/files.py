"""Files that are never half there: each is written under a temporary name beside its target and renamed."""

import contextlib
import glob
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the place of `path`, on failure it is removed.

    The temporary name keeps the suffix of `path`, since many writers choose their format by it. What a killed process
    left under such a name is removed by the next one that writes `path`. An OSError names `path`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for leftover in path.parent.glob(f".{glob.escape(path.stem)}-????????{glob.escape(path.suffix)}"):
        leftover.unlink(missing_ok=True)
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        _flush(temporary)
        temporary.chmod(0o666 & ~_umask())  # mkstemp makes private files; results are to be shared
        temporary.replace(path)
    except OSError as error:
        if error.errno is not None and error.filename in (None, str(temporary)):
            error.filename = str(path)
        raise
    except Exception as error:
        if wrapped := re.search(r"\(os error (\d+)\)", str(error)):  # by a library written in Rust, as safetensors is
            raise OSError(int(wrapped[1]), os.strerror(int(wrapped[1])), str(path)) from error
        raise
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until the file is on the disk: or else it may be empty after a power failure, or be lost on a full disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8 with Unix line ends."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write `content` as it is."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_json(path: str | Path, data) -> None:
    """Write `data` as indented JSON with sorted keys, so that equal data give equal bytes."""
    write_text(path, json.dumps(data, indent=2, sort_keys=True) + "\n")


def read_json(path: str | Path):
    """The data in a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def read_json_or_none(path: str | Path):
    """The data in a JSON file; None where it holds no JSON. Raises FileNotFoundError where there is no file."""
    try:
        return read_json(path)
    except ValueError:  # no JSON, or not even text
        return None


def write_array(path: str | Path, array: np.ndarray) -> None:
    """Write `array` as .npy, which `numpy.load(path, mmap_mode="r")` maps into memory."""
    with replacing(path) as temporary, open(temporary, "wb") as file:
        # Given the file itself, numpy would not say that the disk is full, only how much it has written.
        np.save(SimpleNamespace(write=file.write), np.ascontiguousarray(array), allow_pickle=False)


def write_csv(path: str | Path, frame) -> None:
    """Write a data frame as CSV without index; floats in shortest form that reads back the same (repr)."""
    write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def write_parquet(path: str | Path, frame) -> None:
    """Write a data frame as Parquet (zstd) without index."""
    with replacing(path) as temporary:
        frame.to_parquet(temporary, index=False, compression="zstd")


def sha256(path: str | Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
