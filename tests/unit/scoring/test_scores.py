import numpy as np
import pytest
import torch
from skimage import metrics

from aestudy.base.errors import UserError
from aestudy.scoring import scores


def pair(shape, seed=0):
    generator = np.random.default_rng(seed)
    clean = generator.random(shape)
    return clean, np.clip(clean + 0.2 * generator.standard_normal(shape), 0, 1)


def per_image(score, clean, restored):
    return [score(x, y) for x, y in zip(clean, restored, strict=True)]


SSIM_OPTIONS = {
    "uniform7": {},
    "gaussian11": {"gaussian_weights": True, "use_sample_covariance": False},
    "gaussian11_full": {"gaussian_weights": True, "use_sample_covariance": False, "full": True},
}

SHAPES = [(4, 1, 28, 28), (3, 3, 13, 17)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("variant", SSIM_OPTIONS)
def test_ssim_equals_scikit_image(shape, variant):
    clean, restored = pair(shape)

    def trusted(x, y):
        found = metrics.structural_similarity(x, y, data_range=1, channel_axis=0, **SSIM_OPTIONS[variant])
        return found[1].mean() if variant == "gaussian11_full" else found

    assert scores.ssim(clean, restored, variant) == pytest.approx(per_image(trusted, clean, restored), abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_mse_and_psnr_equal_scikit_image(shape):
    clean, restored = pair(shape)
    expected = per_image(lambda x, y: metrics.peak_signal_noise_ratio(x, y, data_range=1), clean, restored)
    assert scores.psnr(clean, restored) == pytest.approx(expected, abs=1e-10)
    assert scores.mse(clean, restored) == pytest.approx(per_image(metrics.mean_squared_error, clean, restored))


@pytest.mark.parametrize("shape", SHAPES)
def test_bce_equals_torch(shape):
    clean, restored = pair(shape)
    restored = np.clip(restored, 1e-6, 1 - 1e-6)

    def trusted(x, y):
        return torch.nn.functional.binary_cross_entropy(torch.from_numpy(y), torch.from_numpy(x)).item()

    assert scores.bce(clean, restored) == pytest.approx(per_image(trusted, clean, restored), abs=1e-12)


def test_float32_images_are_scored_in_double_precision():
    clean, restored = (images.astype(np.float32) for images in pair((2, 1, 28, 28)))
    wide = scores.score_images(clean.astype(np.float64), restored.astype(np.float64))
    assert scores.score_images(clean, restored).equals(wide)


def test_constant_offset():
    clean = np.full((2, 1, 8, 8), 0.5)
    restored = clean + np.array([0.1, -0.01])[:, None, None, None]
    assert scores.mse(clean, restored) == pytest.approx([1e-2, 1e-4])
    assert scores.psnr(clean, restored) == pytest.approx([20, 40])
    # flat images have no contrast or structure to compare: only the luminance term is left
    luminance = [(2 * 0.5 * y + 1e-4) / (0.5**2 + y**2 + 1e-4) for y in (0.6, 0.49)]
    assert scores.ssim(clean, restored) == pytest.approx(luminance)


def test_equal_images():
    clean, _ = pair((3, 1, 11, 11))
    table = scores.score_images(clean, clean)
    assert (table["psnr"] == np.inf).all()
    assert (table["mse"] == 0).all()
    for variant in SSIM_OPTIONS:
        assert scores.ssim(clean, clean, variant) == pytest.approx(np.ones(3))


def test_bce_of_grey_and_of_certain_mistakes():
    half = np.full((1, 1, 7, 7), 0.5)
    assert scores.bce(half, half) == pytest.approx([np.log(2)])
    assert scores.bce(np.ones_like(half), np.zeros_like(half)) == pytest.approx([-np.log(1e-7)])
    assert scores.bce(np.zeros_like(half), np.ones_like(half)) == pytest.approx([-np.log(1e-7)])


def test_pooled_psnr_is_below_the_mean_psnr():
    errors = np.array([0.1, 0.001])  # 10 dB and 30 dB: 20 dB on average, but the mean error is 0.0505
    assert scores.pooled_psnr(errors) == pytest.approx(12.967086)
    assert scores.pooled_psnr(np.array([0.01, 0.01])) == pytest.approx(20)


@pytest.mark.parametrize("shape", [(3000, 1, 12, 12), (2, 3, 400, 300)])
def test_the_score_of_an_image_does_not_depend_on_its_company(shape):
    clean, restored = pair(shape)
    last = scores.score_images(clean[-1:], restored[-1:]).iloc[0]
    together = scores.score_images(clean, restored)
    assert len(together) == len(clean)
    assert together.iloc[-1].to_numpy() == pytest.approx(last.to_numpy(), rel=1e-12)


def test_score_images_holds_each_score():
    clean, restored = pair((5, 1, 14, 14))
    table = scores.score_images(clean, restored, "gaussian11")
    assert list(table.columns) == ["psnr", "ssim", "mse", "bce"]
    assert (table["psnr"] == scores.psnr(clean, restored)).all()
    assert (table["ssim"] == scores.ssim(clean, restored, "gaussian11")).all()
    assert (table["bce"] == scores.bce(clean, restored)).all()


def test_images_smaller_than_the_window_are_named():
    clean, restored = pair((1, 1, 28, 10))
    with pytest.raises(UserError, match=r"'gaussian11'.*11 x 11.*28 x 10"):
        scores.ssim(clean, restored, "gaussian11")


def test_an_unknown_ssim_variant_is_named():
    clean, restored = pair((1, 1, 8, 8))
    with pytest.raises(UserError, match=r"'gauss'.*uniform7"):
        scores.ssim(clean, restored, "gauss")


@pytest.mark.parametrize("score", [scores.mse, scores.bce, scores.ssim])
def test_stacks_of_different_shape_are_not_broadcast(score):
    clean, restored = pair((2, 1, 8, 8))
    with pytest.raises(ValueError, match="equal shape"):
        score(clean, restored[:1])
