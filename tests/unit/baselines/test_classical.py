"""Classical denoisers against scikit-image, and the choice of their parameters."""

import numpy as np
import pytest
from skimage import filters, restoration

from aestudy.base import registry
from aestudy.baselines import classical
from aestudy.baselines.interface import Training
from aestudy.scoring import scores
from unit.baselines.made_up import clipped_noise, digits, unit


def gaussian(image, sigma):
    return filters.gaussian(image, sigma, channel_axis=0)


def median(image, size):
    return np.stack([filters.median(plane, np.ones((size, size))) for plane in image])


def nlm(image, h, sigma):
    channels = None if len(image) == 1 else -1
    image = image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)
    out = restoration.denoise_nl_means(image, 5, 4, h, fast_mode=True, sigma=sigma, channel_axis=channels)
    return out[None] if channels is None else np.moveaxis(out, -1, 0)


def tv(image, weight):
    return restoration.denoise_tv_chambolle(image, weight, channel_axis=0)


def wavelet(image, levels, sigma):
    options = {"wavelet": "db2", "wavelet_levels": levels, "rescale_sigma": True}
    return np.stack([restoration.denoise_wavelet(plane, sigma, **options) for plane in image])


@pytest.mark.parametrize("shape", [(6, 1, 28, 28), (4, 3, 15, 22)])
@pytest.mark.parametrize(
    ("trusted", "parameters"),
    [
        (gaussian, {"sigma": 0.8}),
        (median, {"size": 3}),
        (median, {"size": 5}),
        (nlm, {"h": 0.1, "sigma": 0.3}),
        (tv, {"weight": 0.02}),
        (tv, {"weight": 0.4}),
        (wavelet, {"levels": 1, "sigma": 0.3}),
        (wavelet, {"levels": 2, "sigma": 0.1}),
    ],
)
def test_classical_denoisers_equal_scikit_image(trusted, parameters, shape):
    ramp = np.linspace(0, 1, shape[3])  # not symmetric, so that a transposed image would be seen
    clean = np.broadcast_to((ramp > 0.4) * ramp, shape)
    noisy = clipped_noise(clean, 0)
    denoised = registry.load("baselines", trusted.__name__).denoise(noisy, **parameters)
    assert denoised == pytest.approx(np.stack([trusted(image, **parameters) for image in noisy]), abs=1e-6)


def test_tv_images_that_go_through_together_settle_one_by_one():
    noisy = clipped_noise(np.zeros((45, 1, 40, 40)), 0).astype(np.float64)
    noisy[::10] *= 0.01  # settle at other iterations than the rest
    noisy[1] = 0.5  # nothing to do
    for weight in (0.3, 20.0):  # the second runs into the limit of iterations
        denoised = registry.load("baselines", "tv").denoise(noisy, weight)
        assert denoised == pytest.approx(np.stack([tv(image, weight) for image in noisy]), abs=1e-9)


def test_affine_fit_is_the_least_squares_line():
    generator = np.random.default_rng(0)
    images, clean = generator.random((2, 10, 1, 4, 4))
    assert classical.affine_fit(images, clean) == pytest.approx(np.polyfit(images.ravel(), clean.ravel(), 1))
    assert classical.affine_fit(np.full((2, 1, 4, 4), 0.3), clean[:2]) == pytest.approx((0, clean[:2].mean()))


def test_the_best_parameters_on_training_images_are_chosen():
    train, _ = digits()
    training = Training(unit(train), clipped_noise, (), seed=0)
    clean, noisy = training.tuning
    module = registry.load("baselines", "gaussian")
    denoised = {sigma: module.denoise(noisy, sigma) for sigma in module.SIGMAS}

    def corrected(images):
        a, b = np.polyfit(images.ravel().astype(float), clean.ravel().astype(float), 1)
        return np.clip(a * images + b, 0, 1)

    raw, affine = module.fit(training)
    assert raw.parameters["sigma"] == max(denoised, key=lambda s: scores.psnr(clean, denoised[s]).mean())
    assert affine.parameters["sigma"] == max(denoised, key=lambda s: scores.psnr(clean, corrected(denoised[s])).mean())
