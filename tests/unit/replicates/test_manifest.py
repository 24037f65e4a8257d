"""The manifest of a replicate: written, read back, refused where it is none."""

import json

import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import Binding, Manifest
from unit.conftest import gaussian, identity

KEYS = {"dataset": "patterns", "model": "m", "latent": 6, "l1": 0.0, "noise": "none", "variance": 0.0}


def made(**changes) -> Manifest:
    binding = Binding(identity(noise=gaussian(0.1)), "c0de", {"train_images.npy": "da7a"})
    values = {"binding": binding, "keys": KEYS, "replicate": 2, "software": {"torch": "2"}, "commit": "abc"}
    return Manifest(**values | {"cost": {"parameters": 7}, "sha256": {"weights.safetensors": "00"}} | changes)


def test_what_is_written_reads_back(tmp_path):
    made().write(tmp_path)
    assert manifests.read(tmp_path / manifests.NAME) == made()


def test_what_is_written(tmp_path):
    """Written out: tools outside of the project read it."""
    made().write(tmp_path)
    document = files.read_json(tmp_path / manifests.NAME)
    assert document == {
        "binding": {
            "identity": identity(noise=gaussian(0.1)).as_params(),
            "code": "c0de",
            "data": {"train_images.npy": "da7a"},
        },
        "keys": KEYS,
        "replicate": 2,
        "software": {"torch": "2"},
        "commit": "abc",
        "cost": {"parameters": 7},
        "sha256": {"weights.safetensors": "00"},
    }


def test_identity_is_that_of_the_binding():
    manifest = made()
    assert manifest.identity is manifest.binding.identity


@pytest.mark.parametrize(
    "change", [{"identity": identity(seed=8)}, {"code": "other"}, {"data": {"train_images.npy": "other"}}]
)
def test_bindings_differ_where_anything_in_them_does(change):
    parts = {"identity": identity(), "code": "c0de", "data": {"train_images.npy": "da7a"}}
    assert Binding(**parts).as_json() == json.loads(json.dumps(Binding(**parts).as_json()))
    assert Binding(**parts).as_json() != Binding(**parts | change).as_json()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", "null", '{"binding": {}}', '{"binding": {"identity": {}, "code": "", "data": {}}}', "\x00"],
)
def test_a_file_that_is_none_is_named(tmp_path, content):
    (tmp_path / manifests.NAME).write_text(content)
    with pytest.raises(UserError, match=r"manifest\.json is not a manifest of this project"):
        manifests.read(tmp_path / manifests.NAME)


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.pop("keys"),
        lambda document: document.update(more=1),
        lambda document: document["binding"]["identity"].update(variance=0.1),  # as older versions wrote it
        lambda document: document["binding"]["identity"]["network"].update(architecture="nowhere"),
        lambda document: document["binding"].pop("code"),
    ],
)
def test_a_manifest_of_another_version_is_refused(tmp_path, damage):
    made().write(tmp_path)
    document = files.read_json(tmp_path / manifests.NAME)
    damage(document)
    files.write_json(tmp_path / manifests.NAME, document)
    with pytest.raises(UserError, match="or is one of an older version"):
        manifests.read(tmp_path / manifests.NAME)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        manifests.read(tmp_path / manifests.NAME)
