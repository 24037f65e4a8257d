"""Records in CIFAR's binary version as a data set."""

import hashlib
import itertools
import pickle

import numpy as np
import pytest
from pydantic import ValidationError

from aestudy.base.errors import UserError
from aestudy.datasets import arrays, cifar

GENERATOR = np.random.default_rng(0)


def members(labels=1, counts=(3, 2, 4)):
    """Label and image of each record, and the bytes of each member as the format's description has them."""
    images = GENERATOR.integers(0, 256, (sum(counts), 32, 32, 3), np.uint8)  # rows, columns, red green blue
    classes = GENERATOR.integers(0, 10, (sum(counts), labels), np.uint8)
    records = [
        bytes(label) + b"".join(image[:, :, colour].tobytes() for colour in range(3))
        for label, image in zip(classes, images, strict=True)
    ]
    cuts = np.cumsum((0, *counts))
    return images, classes, [b"".join(records[a:b]) for a, b in itertools.pairwise(cuts)]


def entry(parts, labels=1):
    files = [
        {"file": f"{i}.bin", "sha256": hashlib.sha256(part).hexdigest(), "images": len(part) // (3072 + labels)}
        for i, part in enumerate(parts)
    ]
    return {
        "source": "cifar",
        "label": "mine",
        "licence": "none",
        "homepage": "nowhere",
        "mirrors": ["here"],
        "archive": "mine.tar.gz",
        "folder": "mine",
        "train": files[:-1],
        "test": files[-1:],
        "labels": labels,
    }


@pytest.mark.parametrize("labels", [1, 2])
def test_records_become_arrays(labels, tmp_path):
    images, classes, parts = members(labels)
    path = tmp_path / "mine.members"
    path.write_bytes(b"".join(parts))
    source = cifar.Parameters.model_validate(entry(parts, labels))
    arrays.prepare("mine", source.spec, {"members": path}, tmp_path)
    read = {name: np.load(tmp_path / f"{name}.npy") for name in ("train_images", "train_labels", "test_images")}
    assert np.array_equal(read["train_images"], images[:5].transpose(0, 3, 1, 2))
    assert np.array_equal(read["test_images"], images[5:].transpose(0, 3, 1, 2))
    assert np.array_equal(read["train_labels"], classes[:5, -1])
    assert read["train_images"].shape[1:] == source.image_shape


def test_the_pickled_version_of_the_format_agrees(tmp_path):
    """The other published form holds rows of 3,072 values, red, green and blue planes, and a list of labels."""
    _, _, parts = members(counts=(3, 4))
    path = tmp_path / "mine.members"
    path.write_bytes(b"".join(parts))
    loaded, _ = cifar.load(cifar.Parameters.model_validate(entry(parts)).spec, {"members": path})
    rows = np.frombuffer(parts[0], np.uint8).reshape(3, 3073)
    batch = pickle.loads(pickle.dumps({"data": rows[:, 1:], "labels": rows[:, 0].tolist()}))
    # as torchvision reads it
    assert np.array_equal(loaded["train_images"], np.vstack([batch["data"]]).reshape(-1, 3, 32, 32))
    assert loaded["train_labels"].tolist() == batch["labels"]


def test_a_file_of_another_size_is_a_sentence(tmp_path):
    _, _, parts = members()
    path = tmp_path / "mine.members"
    path.write_bytes(b"".join(parts)[:-1])
    with pytest.raises(UserError, match=r"has 27,656 bytes; its entry in the configuration promises 27,657"):
        cifar.load(cifar.Parameters.model_validate(entry(parts)).spec, {"members": path})


def test_what_decides_the_arrays_and_what_is_fetched():
    _, _, parts = members()
    source = cifar.Parameters.model_validate(entry(parts))
    elsewhere = cifar.Parameters.model_validate(entry(parts) | {"label": "x", "mirrors": ["there"], "folder": "y"})
    assert source.spec == elsewhere.spec
    archive = source.members()
    assert [member.size for member in archive.members] == [len(part) for part in parts]
    assert archive.name == "mine.members"
    assert not list(source.mistakes(used=True))


def test_mistakes_in_the_entry():
    _, _, parts = members()
    wrong = entry(parts)
    wrong["test"] = [wrong["train"][0]]
    ((place, words),) = cifar.Parameters.model_validate(wrong).mistakes(used=True)
    assert place == "train" and "'0.bin' appears 2 times" in words
    for change in (
        {"archive": "../up.tar.gz"},
        {"archive": "x.zip"},
        {"folder": "a/b"},
        {"labels": 3},
        {"labels": True},
    ):
        with pytest.raises(ValidationError):
            cifar.Parameters.model_validate(entry(parts) | change)
