"""The training engine: against a plain reference loop, and what decides its result."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from aestudy import training
from aestudy.autoencoder import create
from aestudy.errors import UserError

CPU = torch.device("cpu")
GAUSSIAN = {"kind": "gaussian", "clip": True, "draw": "each_epoch"}


def weights(trained) -> dict[str, torch.Tensor]:
    return trained.model.state_dict()


def assert_equal_weights(a, b):
    assert all(torch.equal(weights(a)[name], weights(b)[name]) for name in weights(a))


def train(identity, images, replicate=0, test_images=None):
    return training.train(identity, replicate, images, images[:7] if test_images is None else test_images, CPU)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_equals_a_plain_loop(make_identity, make_bars, reduction):
    """The same steps written out with torch's own Adam (not fused) and loss, image by image in the same order."""
    identity = make_identity(l1=0.01, l1_reduction=reduction, adam_epsilon=1e-7)
    images = make_bars(50)
    trained = train(identity, images, replicate=3)

    model = create(identity, (1, 8, 8), 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, eps=1e-7, fused=False, foreach=False)
    chosen, held_out = training.split(identity, 3, 50)
    clean = torch.from_numpy(images[chosen] / np.float32(255))
    for row in trained.history:
        generator = training.seeds.torch_generator(7, 3, "order", row["epoch"])
        total = 0.0
        for batch in torch.randperm(len(clean), generator=generator).split(16):
            logits, latent = model(clean[batch])
            bce = functional.binary_cross_entropy(torch.sigmoid(logits), clean[batch])
            size = latent.abs().sum() / len(batch) / (latent.shape[1] if reduction == "mean" else 1)
            optimizer.zero_grad()
            (bce + 0.01 * size).backward()
            optimizer.step()
            total += bce.item() * len(batch)
        with torch.no_grad():
            validation = torch.from_numpy(images[held_out] / np.float32(255))
            expected = functional.binary_cross_entropy(torch.sigmoid(model(validation)[0]), validation).item()
        assert row["train_loss"] == pytest.approx(total / len(clean), rel=1e-5)
        assert row["validation_loss"] == pytest.approx(expected, rel=1e-5)
        assert row["validation_source"] == "train"
    for name, value in model.state_dict().items():
        assert torch.allclose(weights(trained)[name], value, atol=1e-5)


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_learns(make_identity, make_bars, architecture):
    trained = train(make_identity(architecture, epochs=30), make_bars(200))
    losses = [row["train_loss"] for row in trained.history]
    assert losses[-1] < 0.7 * losses[0]
    assert [row["epoch"] for row in trained.history] == list(range(1, 31))
    assert trained.images == 160
    assert trained.code_size == (6 if architecture == "dense" else 6 * 2 * 2)


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_repeats_bit_for_bit_whatever_ran_before(make_identity, make_bars, architecture):
    identity = make_identity(architecture, noise=GAUSSIAN, variance=0.1)
    first = train(identity, make_bars(40))
    torch.rand(17)
    np.random.default_rng().random()
    assert_equal_weights(first, train(identity, make_bars(40)))


def test_replicates_differ_and_share_nothing(make_identity, make_bars):
    identity = make_identity()
    alone = train(identity, make_bars(40), replicate=1)
    train(identity, make_bars(40), replicate=0)
    assert_equal_weights(alone, train(identity, make_bars(40), replicate=1))
    other = train(identity, make_bars(40), replicate=0)
    assert not torch.equal(weights(alone)["encoder.1.weight"], weights(other)["encoder.1.weight"])


def test_rivals_see_the_same_order_split_and_noise(make_identity, make_bars, monkeypatch):
    """Replicate r is paired: models of another size get the same batches in the same order, with the same noise."""
    seen = []
    original = training._train_epoch

    def spy(model, optimizer, noisy, clean, order, *rest):
        seen.append((noisy[order], clean[order]))
        return original(model, optimizer, noisy, clean, order, *rest)

    monkeypatch.setattr(training, "_train_epoch", spy)
    for latent in (3, 6):
        train(make_identity(latent=latent, noise=GAUSSIAN, variance=0.1), make_bars(40))
    (a1, a2, b1, b2) = seen
    assert torch.equal(a1[0], b1[0]) and torch.equal(a2[0], b2[0]) and torch.equal(a1[1], b1[1])
    assert not torch.equal(a1[0], a2[0])


@pytest.mark.parametrize(("draw", "same"), [("once", True), ("each_epoch", False)])
def test_noise_is_drawn_once_or_in_each_epoch(make_identity, make_bars, monkeypatch, draw, same):
    inputs = []
    monkeypatch.setattr(training, "_train_epoch", lambda model, optimizer, noisy, *rest: inputs.append(noisy) or 0.0)
    noise = {"kind": "gaussian", "clip": False, "draw": draw}
    train(make_identity(noise=noise, variance=0.1), make_bars(20))
    assert torch.equal(inputs[0], inputs[1]) == same


def test_penalty_shrinks_the_latent(make_identity, make_bars):
    images = make_bars(200)
    sizes = []
    for weight in (0.0, 0.1, 10.0):
        trained = train(make_identity(l1=weight, epochs=20), images)
        _, latent = training.restore(trained.model, training.to_device(images, CPU))
        sizes.append(latent.abs().mean().item())
    assert sizes[0] > sizes[1] > sizes[2]


class TestValidation:
    def test_split_takes_its_share_from_the_training_set(self, make_identity):
        chosen, held_out = training.split(make_identity(), 0, 1_000)
        assert len(held_out) == 200
        assert sorted([*chosen, *held_out]) == list(range(1_000))

    def test_on_the_test_set_all_training_images_are_trained_on(self, make_identity, make_bars):
        identity = make_identity(validation={"source": "test", "share": 0.2})
        trained = train(identity, make_bars(40), test_images=make_bars(9, seed=5))
        assert trained.images == 40
        assert {row["validation_source"] for row in trained.history} == {"test"}
        expected = training.reconstruction_loss(trained.model, *[training.to_device(make_bars(9, seed=5), CPU)] * 2)
        assert trained.history[-1]["validation_loss"] == pytest.approx(expected, rel=1e-6)

    def test_does_not_influence_the_weights(self, make_identity, make_bars):
        """Whatever the test set holds, training comes out the same."""
        identity = make_identity(validation={"source": "test", "share": 0.2})
        first = train(identity, make_bars(40), test_images=make_bars(9, seed=5))
        assert_equal_weights(first, train(identity, make_bars(40), test_images=make_bars(9, seed=6)))


def test_divergence_is_a_sentence(make_identity, make_bars):
    with pytest.raises(UserError, match=r"replicate 2 .* epoch \d: training diverged.*learning_rate"):
        train(make_identity(learning_rate=1e30), make_bars(40), replicate=2)


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a GPU")
def test_cuda_without_a_gpu_is_a_sentence():
    with pytest.raises(UserError, match="device: auto"):
        training.select_device("cuda")


def test_auto_finds_a_device():
    assert training.select_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
