"""IDX files described as a data set: the entry is one that the configuration takes, and that fetches the files."""

import gzip
import hashlib

import pytest
import yaml
from pydantic import TypeAdapter

from aestudy.base.errors import UserError
from aestudy.datasets import download
from aestudy.study.config import Dataset
from aestudy.tools import describe

FILES = {
    "train-images": ((3, 2, 2), range(12)),
    "train-labels": ((3,), range(3)),
    "t10k-images-idx3-ubyte": ((2, 2, 2), range(8)),
    "t10k-labels-idx1-ubyte": ((2,), range(2)),
}


@pytest.fixture
def stamps(tmp_path):
    folder = tmp_path / "My stamps"
    folder.mkdir()
    for name, (shape, values) in FILES.items():
        header = bytes([0, 0, 8, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape)
        (folder / name).write_bytes(header + bytes(values))
    return folder


def test_entry_is_one_that_fetches_the_files(stamps, tmp_path):
    plain = (stamps / "train-images").read_bytes()
    (stamps / "train-images").write_bytes(gzip.compress(plain))
    entry = describe.entry(stamps)["datasets"]["my_stamps"]
    dataset = TypeAdapter(Dataset).validate_python(yaml.safe_load(yaml.safe_dump(entry)))
    spec = dataset.files.train_images
    assert spec.shape == [3, 2, 2] and spec.sha256 == hashlib.sha256(plain).hexdigest()
    for file in dataset.files.model_dump().values():
        download.fetch("my_stamps", file, dataset.mirrors, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == (stamps / "t10k-labels-idx1-ubyte").read_bytes()


def test_missing_and_doubled_files(stamps):
    (stamps / "train-images.old").touch()
    with pytest.raises(UserError, match=r"one file that starts with train and has images .*train-images\.old"):
        describe.entry(stamps)
    (stamps / "train-images.old").unlink()
    (stamps / "train-labels").unlink()
    with pytest.raises(UserError, match="has labels in it; found none"):
        describe.entry(stamps)


def test_no_folder(tmp_path):
    with pytest.raises(SystemExit, match="error: there is no folder"):
        describe.main([str(tmp_path / "nowhere")])
