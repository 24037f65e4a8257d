"""Replicates on disk: complete or not there, refused when damaged."""

import os

import pandas as pd
import pytest
import torch

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.network.autoencoder import create
from aestudy.replicates import manifest as manifests
from aestudy.replicates import store
from aestudy.replicates.manifest import HISTORY, WEIGHTS, Binding, Manifest
from unit.conftest import identity

BINDING = Binding(identity(), "c0de", {"train_images.npy": "da7a"})
ROWS = [{"epoch": 1, "train_loss": 1 / 3, "validation_loss": 0.4, "validation_source": "train"}]
OTHERS = [
    Binding(identity(learning_rate=0.02), "c0de", BINDING.data),
    Binding(BINDING.identity, "other", BINDING.data),
    Binding(BINDING.identity, "c0de", {"train_images.npy": "other"}),
]


@pytest.fixture
def folder(tmp_path):
    """A stored replicate: the untrained model is as good as a trained one here."""
    manifest = Manifest(BINDING, {"dataset": "patterns"}, 1, {"torch": "2"}, "abc", {"parameters": 7})
    store.save(tmp_path / "replicate-1", create(BINDING.identity, (1, 8, 8), 1), ROWS, manifest)
    return tmp_path / "replicate-1"


def flip(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 4
    path.write_bytes(content)


def test_what_is_stored_is_loaded(folder):
    model, manifest = store.load_model(folder, (1, 8, 8))
    images = torch.rand(5, 1, 8, 8)
    assert torch.equal(model(images)[0], create(BINDING.identity, (1, 8, 8), 1)(images)[0])
    assert not model.training
    assert (manifest.replicate, manifest.binding) == (1, BINDING)
    assert pd.read_csv(folder / HISTORY).to_dict("records") == ROWS


def test_manifest_holds_the_hashes_of_the_other_files(folder):
    assert {path.name for path in folder.iterdir()} == {WEIGHTS, HISTORY, manifests.NAME}
    hashes = manifests.read(folder / manifests.NAME).sha256
    assert hashes == {name: files.sha256(folder / name) for name in (WEIGHTS, HISTORY)}


def test_current_is_what_was_made_from_the_same(folder, tmp_path):
    assert store.is_current(folder, BINDING)
    assert not store.is_current(tmp_path / "nowhere", BINDING)
    for other in OTHERS:
        assert not store.is_current(folder, other)


@pytest.mark.parametrize("name", [WEIGHTS, HISTORY])
def test_damaged_or_incomplete_is_not_current(folder, name):
    flip(folder / name, -1)
    assert not store.is_current(folder, BINDING)
    (folder / name).unlink()
    assert not store.is_current(folder, BINDING)


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}"])
def test_a_damaged_manifest_vouches_for_nothing(folder, damage):
    (folder / manifests.NAME).write_text(damage)
    assert not store.is_current(folder, BINDING)


def test_a_manifest_without_hashes_vouches_for_nothing(folder):
    document = files.read_json(folder / manifests.NAME)
    files.write_json(folder / manifests.NAME, document | {"sha256": {}})
    assert not store.is_current(folder, BINDING)


def test_a_flipped_byte_in_the_weights_is_refused(folder):
    flip(folder / WEIGHTS, -3)
    with pytest.raises(UserError, match=r"weights.safetensors has SHA-256 .* changed or damaged"):
        store.load_model(folder, (1, 8, 8))


def test_touched_files_are_new_and_the_same(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    store.touch(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert min(path.stat().st_mtime for path in folder.iterdir()) > 1
