"""IDX files described as a data set: the entry is one that the configuration takes, and that fetches the files."""

import gzip
import hashlib
from argparse import Namespace

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


def write(folder, name, shape, values):
    """An IDX file of unsigned bytes, compressed where its name ends in .gz."""
    content = bytes([0, 0, 8, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape) + bytes(values)
    (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


@pytest.fixture
def stamps(tmp_path):
    folder = tmp_path / "My stamps"
    folder.mkdir()
    for name, (shape, values) in FILES.items():
        write(folder, name, shape, values)
    return folder


@pytest.fixture
def emnist(tmp_path):
    """Two data sets in one folder, with files named as EMNIST's are."""
    folder = tmp_path / "gzip"
    folder.mkdir()
    for number, name in enumerate(("letters", "digits"), start=1):
        for part, count in (("train", 3 * number), ("test", 2 * number)):
            write(folder, f"emnist-{name}-{part}-images-idx3-ubyte.gz", (count, 2, 2), range(4 * count))
            write(folder, f"emnist-{name}-{part}-labels-idx1-ubyte.gz", (count,), range(count))
    return folder


def test_entry_is_one_that_fetches_the_files(stamps, tmp_path):
    plain = (stamps / "train-images").read_bytes()
    (stamps / "train-images").write_bytes(gzip.compress(plain))
    entry = describe.entry(stamps)["datasets"]["my_stamps"]
    dataset = TypeAdapter(Dataset).validate_python(yaml.safe_load(yaml.safe_dump(entry)))
    spec = dataset.files.train_images
    assert spec.shape == [3, 2, 2] and spec.sha256 == hashlib.sha256(plain).hexdigest()
    assert list(dataset.mistakes(used=True)) == []
    for file in dataset.downloads().values():
        download.fetch("my_stamps", file, dataset.mirrors, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == (stamps / "t10k-labels-idx1-ubyte").read_bytes()


def test_words_are_found_anywhere_in_a_name(stamps):
    for old, new in (("train-images", "my.images.train.idx"), ("t10k-labels-idx1-ubyte", "Labels_TEST".lower())):
        (stamps / old).rename(stamps / new)
    files = describe.entry(stamps)["datasets"]["my_stamps"]["files"]
    assert files["train_images"]["file"] == "my.images.train.idx"
    assert files["test_labels"]["file"] == "labels_test"


def test_a_part_of_a_word_is_not_the_word(stamps):
    (stamps / "train-images").rename(stamps / "trains-images")
    with pytest.raises(UserError, match="one file with train and images in its name; found none"):
        describe.entry(stamps)


def test_several_data_sets_in_one_folder(emnist):
    with pytest.raises(UserError, match=r"found emnist-digits-train-.*, emnist-letters-train-.*; choose with --only"):
        describe.entry(emnist)
    letters = describe.entry(emnist, only="emnist-letters")["datasets"]["emnist_letters"]
    assert letters["label"] == "emnist-letters"
    assert {role: file["shape"] for role, file in letters["files"].items()} == {
        "train_images": [3, 2, 2],
        "train_labels": [3],
        "test_images": [2, 2, 2],
        "test_labels": [2],
    }
    assert letters["files"]["train_images"]["file"] == "emnist-letters-train-images-idx3-ubyte.gz"
    assert describe.entry(emnist, only="digits")["datasets"]["digits"]["files"]["test_labels"]["shape"] == [4]


def test_only_what_no_file_has(emnist):
    with pytest.raises(UserError, match="one file with train and images, and balanced, in its name; found none"):
        describe.entry(emnist, only="balanced")


def test_missing_and_doubled_files(stamps):
    (stamps / "train-images.old").touch()
    with pytest.raises(UserError, match=r"one file with train and images in its name; found .*train-images\.old"):
        describe.entry(stamps)
    (stamps / "train-images.old").unlink()
    (stamps / "train-labels").unlink()
    with pytest.raises(UserError, match="with train and labels in its name; found none"):
        describe.entry(stamps)


def test_a_file_that_is_not_idx(stamps):
    (stamps / "train-labels").write_text("0, 1, 2")
    with pytest.raises(UserError, match="not an IDX file"):
        describe.entry(stamps)


@pytest.mark.parametrize(
    ("folder", "name"), [("My stamps!", "my_stamps"), ("2024", "images"), ("--", "images"), ("a" * 60, "a" * 40)]
)
def test_the_name_is_one_that_the_configuration_takes(stamps, folder, name):
    place = stamps.parent / "elsewhere" / folder
    place.parent.mkdir()
    stamps.rename(place)
    assert list(describe.entry(place)["datasets"]) == [name]


def test_no_folder(tmp_path):
    with pytest.raises(UserError, match="there is no folder"):
        describe.run(Namespace(folder=tmp_path / "nowhere", only=""))


def test_the_verb_prints_yaml(stamps, capsys):
    describe.run(Namespace(folder=stamps, only=""))
    assert yaml.safe_load(capsys.readouterr().out) == describe.entry(stamps)
