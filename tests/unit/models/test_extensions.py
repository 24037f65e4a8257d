"""Networks beyond the reports': what all of them must do, and each one's known answers."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from aestudy.base import registry
from aestudy.base.identity import Noise
from aestudy.network import inference
from aestudy.network.autoencoder import create, layer_table
from aestudy.training import checkpoint, loop, losses
from aestudy.training.checkpoint import CheckpointWriter
from aestudy.training.stack import Stack
from unit.conftest import bars, identity

CPU = torch.device("cpu")
CONV = {"filters": [4, 8], "dropout_after": "encoder"}
KEYS = {
    "residual": CONV,
    "attention": CONV | {"heads": 2},
    "levelmap": CONV,
    "unet": {"filters": [3, 5], "convolutions": 1},
    "dncnn": {"depth": 4, "width": 5},
    "keras_example": {"filters": 4},
}
STACKED = [kind for kind in KEYS if kind != "dncnn"]
NOISE = Noise(
    parameters=registry.load("noise", "gaussian_random").Parameters(
        kind="gaussian_random", clip=False, draw="each_epoch"
    ),
    level=0.5,
)


def network_of(kind: str, **changes):
    return registry.load("models", kind).Parameters(architecture=kind, **KEYS[kind] | changes)


def identity_of(kind: str, **changes):
    loss = "mse" if getattr(network_of(kind), "gives", "logits") == "image" else "bce"
    own = identity("conv", network=network_of(kind), noise=NOISE, **{"learning_rate": 1e-3} | changes)
    return own.model_copy(update={"training": own.training.model_copy(update={"loss": loss})})


def made(kind: str, shape=(1, 8, 8), replicate: int = 0):
    return create(identity_of(kind), shape, replicate)


def images(shape=(1, 8, 8), count: int = 5) -> torch.Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(0))


def told(model, count: int = 5) -> torch.Tensor | None:
    return torch.linspace(0, 0.4, count, dtype=next(model.parameters()).dtype) if model.takes_level else None


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 12)])
def test_gives_images_of_the_shape_that_it_takes(kind, shape):
    model = made(kind, shape).eval()
    output, latent = model(images(shape), told(model))
    restored = model.image(output)
    assert restored.shape == (5, *shape) and len(latent) == 5
    assert restored.min() >= 0 and restored.max() <= 1


@pytest.mark.parametrize("kind", KEYS)
def test_gradient_is_the_slope_of_the_loss(kind):
    """Against finite differences in fp64, along a direction in all parameters together and along the image."""
    model = made(kind).double().train()
    loss = losses.select(identity_of(kind).training.loss, model.gives)
    x, target = images().double().requires_grad_(), images(count=6)[1:].double()
    moved = [*model.parameters(), x]
    generator = torch.Generator().manual_seed(1)
    directions = [torch.randn(value.shape, generator=generator, dtype=torch.float64) for value in moved]

    def total() -> torch.Tensor:
        return loss(model(x, told(model))[0][None], target[None])[0]

    gradients = torch.autograd.grad(total(), moved)
    slope = sum((gradient * direction).sum() for gradient, direction in zip(gradients, directions, strict=True))
    step, ends = 1e-7, []
    for sign in (1, -2):
        with torch.no_grad():
            for value, direction in zip(moved, directions, strict=True):
                value.add_(direction, alpha=sign * step)
            ends.append(total())
    assert slope.abs() > 1e-3
    assert ((ends[0] - ends[1]) / (2 * step)).item() == pytest.approx(slope.item(), rel=1e-4)


@pytest.mark.parametrize("kind", STACKED)
def test_side_by_side_as_alone(kind):
    own, data = identity_of(kind), bars(40)
    together = loop.train(own, [0, 4], data, data[:7], CPU)
    for replicate, stacked in zip([0, 4], together, strict=True):
        (alone,) = loop.train(own, [replicate], data, data[:7], CPU)
        for name, value in alone.model.state_dict().items():
            assert torch.allclose(stacked.model.state_dict()[name], value, atol=1e-4), name


def test_what_keeps_values_of_its_own_is_trained_one_by_one():
    gpu = torch.device("cuda")
    assert loop.stacks(identity_of("dncnn"), [0, 1], gpu) == [[0], [1]]
    assert all(loop.stacks(identity_of(kind), [0, 1], gpu) == [[0, 1]] for kind in STACKED)
    with pytest.raises(ValueError, match="side by side"):
        Stack([made("dncnn"), made("dncnn", replicate=1)], 1e-3, 1e-8)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_killed_training_goes_on_to_the_same_bits(tmp_path, kind, precision):
    own, data = identity_of(kind, epochs=3, precision=precision), bars(20)
    (whole,) = loop.train(own, [0], data, data[:7], CPU)
    assert all(value.dtype != torch.bfloat16 for value in whole.model.state_dict().values())

    class Killed(Exception):
        pass

    def kill(replicate, row):
        if row["epoch"] == 3:
            raise Killed

    def writer():
        return CheckpointWriter(tmp_path / checkpoint.NAME, {"of": kind})

    with pytest.raises(Killed):
        loop.train(own, [0], data, data[:7], CPU, report=kill, checkpoints=writer())
    seen = []
    (resumed,) = loop.train(
        own, [0], data, data[:7], CPU, report=lambda _, row: seen.append(row["epoch"]), checkpoints=writer()
    )
    assert seen[0] > 1  # it did go on from a checkpoint
    assert resumed.history == whole.history
    for name, value in whole.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value), name


@pytest.mark.parametrize("kind", KEYS)
def test_learns(kind):
    data = bars(60)
    (trained,) = loop.train(identity_of(kind, epochs=5, learning_rate=2e-2), [0], data, data[:7], CPU)
    history = [row["train_loss"] for row in trained.history]
    assert history[-1] < 0.9 * history[0]
    assert all(value.dtype != torch.bfloat16 for value in trained.model.state_dict().values())


@pytest.mark.parametrize(
    ("kind", "shape", "reason"),
    [
        ("residual", (1, 30, 28), "4 divides"),
        ("attention", (1, 28, 30), "4 divides"),
        ("levelmap", (3, 6, 8), "4 divides"),
        ("unet", (1, 27, 28), "2 divides"),
        ("keras_example", (1, 30, 30), "4 divides"),
    ],
)
def test_sizes_that_do_not_fit_are_sentences(kind, shape, reason):
    module = registry.load("models", kind)
    assert reason in module.misfit(network_of(kind), shape)
    assert module.misfit(network_of(kind), (1, 28, 28)) is None


def test_dncnn_takes_images_of_any_size():
    model = made("dncnn").eval()
    assert registry.load("models", "dncnn").misfit(network_of("dncnn"), (1, 7, 13)) is None
    assert model(images((1, 7, 13)))[0].shape == (5, 1, 7, 13)


def test_heads_must_divide_the_filters():
    attention = registry.load("models", "attention")
    assert "3 heads" in attention.misfit(network_of("attention", heads=3), (1, 8, 8))


@pytest.mark.parametrize("kind", KEYS)
def test_table_of_layers_counts_all_parameters(kind):
    model = made(kind, (3, 8, 8))
    table = layer_table(model, (3, 8, 8))
    assert sum(layer["parameters"] for layer in table) == model.parameter_count()
    assert table[-1]["output_shape"] == "3 x 8 x 8"
    assert (table[-1]["layer"] == "Sigmoid") == (model.gives == "logits")


@pytest.mark.parametrize("kind", ["residual", "dncnn"])
def test_a_network_that_predicts_the_noise_gives_its_input_where_it_predicts_none(kind):
    model = made(kind).eval()
    last = [layer for layer in model.modules() if isinstance(layer, nn.Conv2d)][-1]
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    assert torch.equal(model.image(model(images())[0]), images())


def test_dncnn_has_the_layers_of_the_paper():
    model = made("dncnn")
    own = create(identity("conv", network=network_of("dncnn", depth=17, width=64)), (1, 40, 40), 0)
    # 64 filters of 3 x 3: first with bias, 15 without, each normalised (scale and offset), last one back to grey.
    assert own.parameter_count() == (9 * 64 + 64) + 15 * (9 * 64 * 64 + 2 * 64) + (9 * 64 + 1)
    names = [type(layer).__name__ for layer in model.body]
    middle = ["Conv2d", "BatchNorm2d", "ReLU"]
    assert names == ["Conv2d", "ReLU", *middle, *middle, "Conv2d"]


def test_running_statistics_are_trained_kept_and_used():
    data = bars(50)
    (trained,) = loop.train(identity_of("dncnn", epochs=3), [0], data, data[:7], CPU)
    state = trained.model.state_dict()
    means = {name: value for name, value in state.items() if name.endswith("running_mean")}
    assert len(means) == 2 and all(value.abs().max() > 0 for value in means.values())
    other = made("dncnn")
    other.load_state_dict(state)
    assert torch.equal(inference.restore(other, images())[0], inference.restore(trained.model, images())[0])
    for name in means:
        state[name] = torch.ones_like(state[name])
    other.load_state_dict(state)
    assert not torch.equal(inference.restore(other, images())[0], inference.restore(trained.model, images())[0])


def test_attention_written_out_is_that_of_torch():
    model = made("attention")
    written = model.train().encoder(images())
    assert torch.allclose(written, model.eval().encoder(images()), atol=1e-6)


def test_attention_lets_each_place_see_all_others():
    layer = made("attention").encoder[-1]
    x = torch.randn(1, 8, 4, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    layer(x)[0, :, 0, 0].sum().backward()
    assert (x.grad.abs().sum(1) > 0).all()


def test_the_strength_of_the_noise_matters_to_a_level_map():
    model = made("levelmap").eval()
    weak, strong = (model(images(), torch.full((5,), level))[0] for level in (0.1, 0.5))
    assert not torch.allclose(weak, strong)
    one = torch.tensor([0.1, 0.1, 0.5, 0.1, 0.1])
    mixed = model(images(), one)[0]
    assert torch.allclose(mixed[2], strong[2], atol=1e-6) and torch.allclose(mixed[0], weak[0], atol=1e-6)


def test_skips_of_a_unet_pass_the_bottleneck():
    model = made("unet").eval()
    with torch.no_grad():
        for parameter in model.decoder[0].enlarge.parameters():
            parameter.zero_()  # nothing comes from the bottleneck
    output = model(images())[0]
    assert not torch.allclose(output[0], output[1])


def test_keras_example_has_as_many_parameters_as_keras_prints():
    own = create(identity("conv", network=network_of("keras_example", filters=32)), (1, 28, 28), 0)
    assert own.parameter_count() == 28_353
    shapes = [layer["output_shape"] for layer in layer_table(own, (1, 28, 28)) if "Conv" in layer["layer"]]
    assert shapes == ["32 x 28 x 28", "32 x 14 x 14", "32 x 14 x 14", "32 x 28 x 28", "1 x 28 x 28"]


def test_transposed_convolution_is_the_gradient_of_keras_same_convolution():
    """Keras's convolution of stride 2 with padding `same` pads even sizes below and to the right alone."""
    layer = made("keras_example").decoder[0]
    nn.init.zeros_(layer.bias)
    x, y = images((4, 3, 3), 1), images((4, 6, 6), 1).requires_grad_()
    strided = functional.conv2d(functional.pad(y, (0, 1, 0, 1)), layer.weight, stride=2)
    (expected,) = torch.autograd.grad((strided * x).sum(), y)
    assert torch.allclose(layer(x), expected, atol=1e-6)
