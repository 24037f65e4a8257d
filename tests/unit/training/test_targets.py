"""What outputs are compared with: clean images, or second noisy copies (Noise2Noise)."""

import numpy as np
import pytest
import torch

from aestudy.base import seeds
from aestudy.models import dense
from aestudy.network.inputs import add_noise
from aestudy.training import loop
from aestudy.training.data import TrainingData
from unit.conftest import gaussian, identity

CPU = torch.device("cpu")


def noisy_copy(**changes):
    own = identity(**changes)
    return own.model_copy(update={"training": own.training.model_copy(update={"target": "noisy_copy"})})


def data(own, images) -> TrainingData:
    return TrainingData(own, (0, 2), images, images[:7], CPU)


def test_a_second_copy_has_noise_of_its_own(make_bars):
    own = noisy_copy(noise=gaussian(0.04, clip=False, draw="each_epoch"))
    found = data(own, make_bars(200))
    found.draw_noise(1)
    inputs, targets = found.order(1)
    clean = found.images[found.chosen[1][targets[1] - 160]]
    of_input, of_target = found.inputs[inputs[1]] - clean, found.targets[targets[1]] - clean
    for noise in (of_input, of_target):
        assert noise.std().item() == pytest.approx(0.2, rel=0.03)  # 10,240 values
    together = np.corrcoef(of_input.flatten().numpy(), of_target.flatten().numpy())[0, 1]
    assert abs(together) < 5 / of_input.numel() ** 0.5  # independent: five standard errors


@pytest.mark.parametrize(("draw", "epoch"), [("once", 0), ("each_epoch", 3)])
def test_the_copy_has_a_key_of_its_own(make_bars, draw, epoch):
    own = noisy_copy(noise=gaussian(0.1, draw=draw))
    found = data(own, make_bars(30))
    found.draw_noise(3)
    clean = found.images[found.chosen[1]]
    assert torch.equal(found.targets[24:], add_noise(clean, own.noise, seeds.key(7, 2, "target-noise", epoch)))
    assert torch.equal(found.inputs[24:], add_noise(clean, own.noise, seeds.key(7, 2, "training-noise", epoch)))


def test_inputs_order_and_validation_are_those_of_training_with_clean_targets(make_bars):
    noise = gaussian(0.1, draw="each_epoch")
    noisy, clean = data(noisy_copy(noise=noise), make_bars(30)), data(identity(noise=noise), make_bars(30))
    for found in (noisy, clean):
        found.draw_noise(2)
    assert torch.equal(noisy.inputs, clean.inputs)
    assert torch.equal(noisy.order(2)[0], clean.order(2)[0])
    assert torch.equal(noisy.chosen.gather(1, noisy.order(2)[0] % 24), clean.order(2)[1])
    for one, other in zip(noisy.validation, clean.validation, strict=True):
        assert torch.equal(one.inputs, other.inputs) and torch.equal(one.clean, other.clean)


def test_noisy_targets_lead_to_the_solution_of_clean_ones():
    """A linear map of constant images, whose best weights are known: the noise of the targets averages out.

    Images are one number z of variance v in 16 pixels, and noise of variance s is added to each. Of all linear maps the
    best in mean squared error gives z from the mean of the pixels, shrunk by v / (v + s / 16) towards the mean of z.
    """
    generator = np.random.default_rng(0)
    grey = generator.integers(60, 196, 800)
    images = np.broadcast_to(grey[:, None, None, None], (800, 1, 4, 4)).astype(np.uint8)
    s, v, mean = 0.09, (grey / 255).var(), (grey / 255).mean()
    network = dense.Parameters(architecture="dense", hidden=[], latent_activation="linear")
    test = np.full((200, 1, 4, 4), 160, np.uint8)

    def restored(make) -> float:
        own = make(
            network=network, latent=1, noise=gaussian(s, clip=False, draw="each_epoch"), epochs=60, batch_size=80
        )
        own = own.model_copy(update={"training": own.training.model_copy(update={"loss": "mse"})})
        (trained,) = loop.train(own, [0], images, test, CPU)
        model = trained.model.eval()
        inputs = add_noise(torch.from_numpy(test / np.float32(255)), own.noise, seed=1)
        with torch.inference_mode():
            return model.image(model(inputs)[0]).mean().item()

    shrunk = mean + (v / (v + s / 16)) * (160 / 255 - mean)
    clean, noisy = restored(identity), restored(noisy_copy)
    assert clean == pytest.approx(shrunk, abs=0.015)  # a sigmoid ends the network: linear but for a slight bend
    assert noisy == pytest.approx(clean, abs=0.02)
