"""Trained replicates on disk: complete or not there, kept while current, refused when damaged."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from aestudy.base import files, provenance
from aestudy.base.errors import UserError
from aestudy.replicates import store

KEYS = {"dataset": "patterns", "model": "m", "latent": None, "l1": 0.0, "noise": "none", "variance": 0.0}
CPU = torch.device("cpu")


@pytest.fixture
def train(tmp_path, make_identity, make_bars):
    """Train some replicates into tmp_path and return their folders."""

    def train(replicates=1, code="c0de", data="da7a", **changes):
        folders = [tmp_path / f"replicate-{r}" for r in range(replicates)]
        images = make_bars(40)
        dataset = {"array_sha256": {"train_images.npy": data}}
        store.train_missing(folders, KEYS, make_identity(**changes), code, dataset, images, images, CPU, threads=1)
        return folders

    return train


def times(folders):
    return [json.loads((folder / store.MANIFEST).read_text())["cost"]["train_seconds"] for folder in folders]


def test_manifest_says_where_the_weights_come_from(train, make_identity):
    (folder,) = train()
    manifest = files.read_json(folder / store.MANIFEST)
    assert manifest["binding"]["identity"] == make_identity()
    assert manifest["binding"]["data"] == {"train_images.npy": "da7a"}
    assert manifest["keys"] == KEYS | {"latent": 6}
    assert torch.__version__.startswith(manifest["software"]["torch"].split("+")[0])
    assert manifest["sha256"][store.WEIGHTS] == files.sha256(folder / store.WEIGHTS)
    assert manifest["cost"]["parameters"] == 64 * 32 + 32 + 32 * 6 + 6 + 6 * 32 + 32 + 32 * 64 + 64
    assert len(pd.read_csv(folder / store.HISTORY)) == 2


def test_loaded_model_is_the_trained_one(train, make_identity, make_bars):
    (folder,) = train()
    model, _ = store.load_model(folder, (1, 8, 8))
    again = store.training.train(make_identity(), [0], make_bars(40), make_bars(40), CPU)[0].model
    images = torch.rand(5, 1, 8, 8)
    assert torch.equal(model(images)[0], again(images)[0])


def test_an_added_replicate_is_trained_alone(train):
    before = (train(1)[0] / store.MANIFEST).read_bytes()
    folders = train(3)
    assert (folders[0] / store.MANIFEST).read_bytes() == before
    assert len({files.sha256(folder / store.WEIGHTS) for folder in folders}) == 3


@pytest.mark.parametrize("change", [{"code": "other"}, {"data": "other"}, {"learning_rate": 0.02}])
def test_code_data_and_parameters_bind_a_replicate(train, change):
    before = files.read_json(train()[0] / store.MANIFEST)
    after = files.read_json(train(**change)[0] / store.MANIFEST)
    assert before["binding"] != after["binding"]


@pytest.mark.parametrize("name", [store.WEIGHTS, store.HISTORY])
def test_a_damaged_replicate_is_trained_again(train, name):
    (folder,) = train()
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    train()
    assert (folder / name).read_bytes() == whole


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}"])
def test_a_damaged_manifest_vouches_for_nothing(train, damage):
    (folder,) = train()
    (folder / store.MANIFEST).write_text(damage)
    train()
    assert "binding" in files.read_json(folder / store.MANIFEST)


def test_a_flipped_byte_in_the_weights_is_refused(train):
    (folder,) = train()
    data = bytearray((folder / store.WEIGHTS).read_bytes())
    data[-3] ^= 4
    (folder / store.WEIGHTS).write_bytes(data)
    with pytest.raises(UserError, match=r"weights.safetensors has SHA-256 .* changed or damaged"):
        store.load_model(folder, (1, 8, 8))


class TestProvenance:
    def test_code_digest_sees_every_byte_and_no_place(self, tmp_path):
        for folder in ("one", "two"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "a.py").write_text("x = 1\n")
            (tmp_path / folder / "b.py").write_text("y = 2\n")
        one, two = ([tmp_path / folder / name for name in ("a.py", "b.py")] for folder in ("one", "two"))
        assert provenance.code_digest(one) == provenance.code_digest(two)
        two[1].write_text("y = 3\n")
        assert provenance.code_digest(one) != provenance.code_digest(two)

    @pytest.mark.parametrize(
        ("edit", "counts"),
        [
            ('def f(x):\n    """Twice x."""\n    return 2 * x  # exactly\n', False),
            ("def f( x ):\n\n    return (2*x)\n", False),
            ("def f(x):\n    return 2 * x + 1\n", True),
            ('def f(x):\n    return "2" * x\n', True),
        ],
    )
    def test_code_digest_ignores_comments_docstrings_and_layout(self, tmp_path, edit, counts):
        file = tmp_path / "a.py"
        file.write_text("def f(x):\n    return 2 * x\n")
        before = provenance.code_digest([file])
        file.write_text(edit)
        assert (provenance.code_digest([file]) != before) == counts

    def test_versions_are_those_installed(self):
        assert provenance.versions(["numpy"])["numpy"] == np.__version__


def test_no_checkpoint_stays_even_beside_a_replicate_that_was_kept(train):
    (folder,) = train()
    left = folder / store.checkpoint.NAME
    assert not left.exists()
    left.write_bytes(b"of a job that was killed after it had saved its replicate")
    train()
    assert not left.exists()
