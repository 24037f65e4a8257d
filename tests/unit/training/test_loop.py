"""Training: against a plain reference loop, and what decides its result."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from aestudy.base import seeds
from aestudy.base.errors import UserError
from aestudy.base.identity import Validation
from aestudy.network import inference
from aestudy.network.autoencoder import create
from aestudy.network.inputs import split, to_device
from aestudy.training import loop
from aestudy.training.engine import Engine
from unit.conftest import gaussian

CPU = torch.device("cpu")
EACH_EPOCH = gaussian(0.1, draw="each_epoch")
ON_THE_TEST_SET = Validation(source="test", share=0.2)


def weights(trained) -> dict[str, torch.Tensor]:
    return trained.model.state_dict()


def assert_equal_weights(a, b):
    assert all(torch.equal(weights(a)[name], weights(b)[name]) for name in weights(a))


def train(identity, images, replicate=0, test_images=None):
    (trained,) = loop.train(identity, [replicate], images, images[:7] if test_images is None else test_images, CPU)
    return trained


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_equals_a_plain_loop(make_identity, make_bars, reduction):
    """The same steps written out with torch's own Adam (not fused) and loss, image by image in the same order."""
    identity = make_identity(l1=0.01, l1_reduction=reduction, adam_epsilon=1e-7)
    images = make_bars(50)
    trained = train(identity, images, replicate=3)

    model = create(identity, (1, 8, 8), 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, eps=1e-7, fused=False, foreach=False)
    chosen, held_out = split(identity, 3, 50)
    clean = torch.from_numpy(images[chosen] / np.float32(255))
    for row in trained.history:
        generator = torch.Generator().manual_seed(seeds.key(7, 3, "order", row["epoch"]))
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
    assert trained.latent_size == (6 if architecture == "dense" else 6 * 2 * 2)
    assert trained.epoch_seconds > 0


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_repeats_bit_for_bit_whatever_ran_before(make_identity, make_bars, architecture):
    identity = make_identity(architecture, noise=EACH_EPOCH)
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


@pytest.fixture
def batches(monkeypatch) -> list:
    """What every step of a training sees: noisy images and targets, both (replicates, b, c, h, w)."""
    seen = []
    original = Engine._step

    def spy(engine, input_index, target_index, masks):
        seen.append((engine.data.inputs[input_index], engine.data.targets[target_index]))
        return original(engine, input_index, target_index, masks)

    monkeypatch.setattr(Engine, "_step", spy)
    return seen


def test_rivals_see_the_same_order_split_and_noise(make_identity, make_bars, batches):
    """Replicate r is paired: models of another size get the same batches in the same order, with the same noise."""
    for latent in (3, 6):
        train(make_identity(latent=latent, noise=EACH_EPOCH), make_bars(40))
    first, rival = batches[: len(batches) // 2], batches[len(batches) // 2 :]
    for one, other in zip(first, rival, strict=True):
        assert torch.equal(one[0], other[0]) and torch.equal(one[1], other[1])
    assert not torch.equal(first[0][0], first[1][0])


def test_noise_belongs_to_the_image_that_it_is_added_to(make_identity, make_bars, batches):
    train(make_identity(noise=gaussian(1e-4, clip=False, draw="each_epoch")), make_bars(40))
    for noisy, clean in batches:
        assert 0 < (noisy - clean).abs().max() < 0.06


@pytest.mark.parametrize(("draw", "same"), [("once", True), ("each_epoch", False)])
def test_noise_is_drawn_once_or_in_each_epoch(make_identity, make_bars, batches, draw, same):
    train(make_identity(noise=gaussian(0.1, clip=False, draw=draw), batch_size=100), make_bars(20))
    first, second = [(noisy - clean).flatten().sort().values for noisy, clean in batches]
    # The images come in another order in each epoch; what was added to them is the same or another set of numbers.
    assert torch.allclose(first, second, atol=1e-6) == same


class TestStacking:
    """Replicates trained side by side, as on a GPU, are those that are trained alone."""

    @pytest.mark.parametrize(
        ("architecture", "changes"),
        [
            ("dense", {}),
            ("dense", {"l1": 0.1, "l1_reduction": "sum"}),
            ("dense", {"noise": EACH_EPOCH}),
            ("conv", {"noise": gaussian(0.1, draw="once")}),
        ],
    )
    def test_equals_training_alone(self, make_identity, make_bars, architecture, changes):
        identity, images = make_identity(architecture, learning_rate=1e-3, **changes), make_bars(50)
        together = loop.train(identity, [0, 1, 4], images, images[:7], CPU)
        for replicate, stacked in zip([0, 1, 4], together, strict=True):
            alone = train(identity, images, replicate)
            for name, value in weights(alone).items():
                assert torch.allclose(weights(stacked)[name], value, atol=2e-5), name
            for row, expected in zip(stacked.history, alone.history, strict=True):
                assert row["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-4)
                assert row["validation_loss"] == pytest.approx(expected["validation_loss"], rel=1e-4)

    def test_cpus_train_one_after_another_and_gpus_all_at_once(self, make_identity):
        assert loop.stacks(make_identity(), [0, 2, 3], CPU) == [[0], [2], [3]]
        assert loop.stacks(make_identity(), [0, 2, 3], torch.device("cuda")) == [[0, 2, 3]]


class TestPrecision:
    def test_bf16_is_close_to_fp32_and_not_the_same(self, make_identity, make_bars):
        images = make_bars(100)
        losses = {
            precision: train(make_identity(epochs=5, precision=precision), images).history[-1]["train_loss"]
            for precision in ("fp32", "bf16")
        }
        assert losses["bf16"] != losses["fp32"]
        assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.02)

    def test_weights_stay_fp32(self, make_identity, make_bars):
        trained = train(make_identity(precision="bf16"), make_bars(20))
        assert trained.precision == "bf16"
        assert {value.dtype for value in weights(trained).values()} == {torch.float32}


def test_penalty_shrinks_the_latent(make_identity, make_bars):
    images = make_bars(200)
    sizes = []
    for weight in (0.0, 0.1, 10.0):
        trained = train(make_identity(l1=weight, epochs=20), images)
        _, latent = inference.restore(trained.model, to_device(images, CPU))
        sizes.append(latent.abs().mean().item())
    assert sizes[0] > sizes[1] > sizes[2]


class TestValidation:
    def test_on_the_test_set_all_training_images_are_trained_on(self, make_identity, make_bars):
        trained = train(make_identity(validation=ON_THE_TEST_SET), make_bars(40), test_images=make_bars(9, seed=5))
        assert trained.images == 40
        assert {row["validation_source"] for row in trained.history} == {"test"}
        clean = to_device(make_bars(9, seed=5), CPU)
        expected = functional.binary_cross_entropy(inference.restore(trained.model, clean)[0], clean).item()
        assert trained.history[-1]["validation_loss"] == pytest.approx(expected, rel=1e-5)

    def test_does_not_influence_the_weights(self, make_identity, make_bars):
        """Whatever the test set holds, training comes out the same."""
        identity = make_identity(validation=ON_THE_TEST_SET)
        first = train(identity, make_bars(40), test_images=make_bars(9, seed=5))
        assert_equal_weights(first, train(identity, make_bars(40), test_images=make_bars(9, seed=6)))


def test_each_epoch_is_reported_as_it_is_in_the_history(make_identity, make_bars):
    seen = []
    results = loop.train(
        make_identity(), [0, 3], make_bars(40), make_bars(7), CPU, lambda r, row: seen.append((r, row))
    )
    assert [(r, row["epoch"]) for r, row in seen] == [(0, 1), (3, 1), (0, 2), (3, 2)]
    assert [row for r, row in seen if r == 3] == results[1].history


def test_divergence_is_a_sentence(make_identity, make_bars):
    identity = make_identity()
    hasty = identity.training.model_copy(update={"learning_rate": 1e30})  # more than a configuration may have
    with pytest.raises(UserError, match=r"replicate 2 .* epoch \d: training diverged.*learning_rate"):
        train(identity.model_copy(update={"training": hasty}), make_bars(40), replicate=2)
