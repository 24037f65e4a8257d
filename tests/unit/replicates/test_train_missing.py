"""Replicates of a run: those that are current are kept, all others are trained."""

import pandas as pd
import pytest
import torch

from aestudy.base import files
from aestudy.driver import trainings
from aestudy.replicates import manifest as manifests
from aestudy.replicates import store
from aestudy.replicates.manifest import HISTORY, WEIGHTS, Binding
from aestudy.replicates.train_missing import train_missing
from aestudy.training import checkpoint, loop

KEYS = {"dataset": "patterns", "model": "m", "latent": None, "l1": 0.0, "noise": "none", "variance": 0.0}
MANIFEST = manifests.NAME
CPU = torch.device("cpu")


@pytest.fixture
def train(tmp_path, make_identity, make_bars):
    """Train some replicates into tmp_path and return their folders."""

    def train(replicates=1, code="c0de", data="da7a", **changes):
        folders = [tmp_path / f"replicate-{r}" for r in range(replicates)]
        images = make_bars(40)
        binding = Binding(make_identity(**changes), code, {"train_images.npy": data})
        train_missing(folders, KEYS, binding, images, images, CPU, threads=1)
        return folders

    return train


def test_manifest_says_where_the_weights_come_from(train, make_identity):
    (folder,) = train()
    manifest = files.read_json(folder / MANIFEST)
    assert manifest["binding"]["identity"] == make_identity().as_params()
    assert manifest["binding"]["data"] == {"train_images.npy": "da7a"}
    assert manifest["keys"] == KEYS | {"latent": 6}
    assert torch.__version__.startswith(manifest["software"]["torch"].split("+")[0])
    assert manifest["sha256"][WEIGHTS] == files.sha256(folder / WEIGHTS)
    assert manifest["cost"]["parameters"] == 64 * 32 + 32 + 32 * 6 + 6 + 6 * 32 + 32 + 32 * 64 + 64
    assert (manifest["cost"]["threads"], manifest["cost"]["precision"]) == (1, "fp32")
    assert len(pd.read_csv(folder / HISTORY)) == 2


def test_loaded_model_is_the_trained_one(train, make_identity, make_bars):
    (folder,) = train()
    model, _ = store.load_model(folder, (1, 8, 8))
    again = loop.train(make_identity(), [0], make_bars(40), make_bars(40), CPU)[0].model
    images = torch.rand(5, 1, 8, 8)
    assert torch.equal(model(images)[0], again(images)[0])


def test_an_added_replicate_is_trained_alone(train):
    before = (train(1)[0] / MANIFEST).read_bytes()
    folders = train(3)
    assert (folders[0] / MANIFEST).read_bytes() == before
    assert len({files.sha256(folder / WEIGHTS) for folder in folders}) == 3


@pytest.mark.parametrize("change", [{"code": "other"}, {"data": "other"}, {"learning_rate": 0.02}])
def test_code_data_and_parameters_bind_a_replicate(train, change):
    before = files.read_json(train()[0] / MANIFEST)
    after = files.read_json(train(**change)[0] / MANIFEST)
    assert before["binding"] != after["binding"]


@pytest.mark.parametrize("name", [WEIGHTS, HISTORY])
def test_a_damaged_replicate_is_trained_again(train, name):
    (folder,) = train()
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    train()
    assert (folder / name).read_bytes() == whole


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}"])
def test_a_replicate_with_a_damaged_manifest_is_trained_again(train, damage):
    (folder,) = train()
    (folder / MANIFEST).write_text(damage)
    train()
    assert "binding" in files.read_json(folder / MANIFEST)


def test_no_checkpoint_stays_even_beside_a_replicate_that_was_kept(train):
    (folder,) = train()
    left = folder / checkpoint.NAME
    assert not left.exists()
    left.write_bytes(b"of a job that was killed after it had saved its replicate")
    train()
    assert not left.exists()


def test_the_log_is_what_the_display_of_progress_reads(train, caplog):
    caplog.set_level("INFO")
    train(1)
    train(2)
    text = "\n".join(record.getMessage() for record in caplog.records)
    first, second = text.split("is there, made from the same")
    assert trainings.position(first, epochs=2).epochs == 2
    found = trainings.position(text, epochs=2)
    assert found.epochs == 4
    last = pd.read_csv(train(2)[1] / HISTORY).iloc[-1]
    assert found.loss == f"{last['train_loss']:.5f}"
    assert f"train loss {last['train_loss']:.5f}, validation loss {last['validation_loss']:.5f}" in second
