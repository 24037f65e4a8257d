"""Checkpoints: a killed training ends with the same bits, and nothing but its own, whole checkpoint is picked up."""

import pytest
import torch

from aestudy.training import checkpoint, loop
from aestudy.training.checkpoint import CheckpointWriter
from unit.conftest import gaussian

CPU = torch.device("cpu")
BINDING = {"identity": {"latent": 6, "l1": 0.1}, "code": "c0de"}


class Killed(BaseException):
    """Stands for SIGKILL: nothing in between handles it."""


def train(identity, replicates, images, writer, kill_after=None):
    def report(replicate, row):
        if kill_after == row["epoch"]:
            raise Killed

    return loop.train(identity, replicates, images, images[:7], CPU, report, writer)


@pytest.fixture
def writer(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "SHARE", 1.0)  # a checkpoint after every epoch, however short
    return CheckpointWriter(tmp_path / checkpoint.NAME, BINDING)


@pytest.mark.parametrize("architecture", ["dense", "conv"])
@pytest.mark.parametrize("replicates", [[2], [0, 1]])
@pytest.mark.parametrize("kill_after", [1, 4])
def test_a_killed_training_goes_on_to_the_same_bits(
    make_identity, make_bars, writer, architecture, replicates, kill_after
):
    identity = make_identity(architecture, epochs=5, noise=gaussian(0.1, draw="each_epoch"))
    whole = train(identity, replicates, make_bars(40), None)
    with pytest.raises(Killed):
        train(identity, replicates, make_bars(40), writer, kill_after)
    epochs = []
    resumed = loop.train(
        identity, replicates, make_bars(40), make_bars(7), CPU, lambda r, row: epochs.append(row["epoch"]), writer
    )
    assert min(epochs) == kill_after  # the epoch that was cut off is the first to be repeated
    for one, other in zip(resumed, whole, strict=True):
        assert one.history == other.history
        for name, value in other.model.state_dict().items():
            assert torch.equal(one.model.state_dict()[name], value)


def test_a_finished_training_is_not_repeated(make_identity, make_bars, writer):
    identity = make_identity()
    (first,) = train(identity, [0], make_bars(40), writer)
    (again,) = train(identity, [0], make_bars(40), writer, kill_after=1)
    assert again.history == first.history


def tensors() -> dict[str, torch.Tensor]:
    return {"a": torch.rand(3, 4), "b": torch.tensor(7.0)}


def test_what_is_saved_comes_back(tmp_path):
    saved, progress = tensors(), {"epoch": 3, "histories": [[{"epoch": 1, "train_loss": 1 / 3}]]}
    checkpoint.save(tmp_path / "c", BINDING, progress, saved)
    found, loaded = checkpoint.load(tmp_path / "c", dict(reversed(BINDING.items())))
    assert found == progress
    assert all(torch.equal(loaded[name], saved[name]) for name in saved)


def test_a_missing_or_foreign_checkpoint_is_not_used(tmp_path):
    path = tmp_path / "c"
    assert checkpoint.load(path, BINDING) is None
    checkpoint.save(path, BINDING, {"epoch": 1}, tensors())
    assert checkpoint.load(path, BINDING | {"code": "other"}) is None
    assert checkpoint.load(path, BINDING) is not None


def test_no_flipped_bit_goes_unnoticed(tmp_path):
    path = tmp_path / "c"
    checkpoint.save(path, BINDING, {"epoch": 1}, tensors())
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        assert checkpoint.load(path, BINDING) is None, position


@pytest.mark.parametrize("length", [0, 1, 8, 100, -1])
def test_a_truncated_checkpoint_is_not_used(tmp_path, length):
    path = tmp_path / "c"
    checkpoint.save(path, BINDING, {"epoch": 1}, tensors())
    path.write_bytes(path.read_bytes()[:length])
    assert checkpoint.load(path, BINDING) is None


def test_writing_takes_a_small_share_of_the_time(tmp_path, monkeypatch):
    written, now = [], [0.0]

    def save(*arguments):
        now[0] += 1.0  # a second to write
        written.append(now[0])

    monkeypatch.setattr(checkpoint, "save", save)
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: now[0])
    writer = CheckpointWriter(tmp_path / "c", BINDING)
    for _ in range(100):
        now[0] += 2.0  # an epoch
        writer.save({}, {})
    assert len(written) <= checkpoint.SHARE * now[0] + 1
    assert len(written) >= checkpoint.SHARE * now[0] - 2
