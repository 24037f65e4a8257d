import numpy as np
import pytest
from skimage import filters, restoration
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from aestudy.base import registry
from aestudy.base.errors import UserError
from aestudy.baselines import Training, fit_all, score_all
from aestudy.baselines import classical as classical
from aestudy.scoring import scores

CLASSICAL = ["gaussian", "median", "nlm", "tv", "wavelet"]


def digits():
    images = (load_digits().images * 255 / 16).round().astype(np.uint8)[:, None]
    return images[:700], images[700:900]


def clipped_noise(images, seed):
    noise = np.random.default_rng(seed).normal(0, 0.4, images.shape)
    return np.clip(images + noise, 0, 1).astype(np.float32)


def unit(images):
    return images.astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def denoising():
    train, test = digits()
    fitted, parameters = fit_all(train, clipped_noise, [], seed=1)
    noisy = clipped_noise(unit(test), 99)
    return fitted, parameters, score_all(fitted, test, noisy), test, noisy


def only(baseline, train, add_noise=None, latents=()):
    fitted, _ = fit_all(train, add_noise, latents, seed=0, baselines=[baseline])
    return fitted[baseline]


# --- baselines against known answers ---


def test_mean_image_ignores_its_input():
    train, test = digits()
    (restorer,) = only("mean_image", train)
    expected = np.broadcast_to(train.mean(axis=0) / 255, test.shape)
    assert restorer.restore(unit(test)) == pytest.approx(expected, abs=1e-6)


def test_pca_equals_scikit_learn():
    train, test = digits()
    rows = unit(train).astype(np.float64).reshape(len(train), -1)
    inputs = unit(test).astype(np.float64).reshape(len(test), -1)
    restorers = only("pca", train, latents=[20, 3, 20])
    assert [restorer.latent for restorer in restorers] == [3, 20]
    for restorer in restorers:
        trusted = PCA(restorer.latent, svd_solver="full").fit(rows)
        expected = np.clip(trusted.inverse_transform(trusted.transform(inputs)), 0, 1)
        assert restorer.restore(unit(test)).reshape(inputs.shape) == pytest.approx(expected, abs=1e-6)


def test_pca_leaves_out_codes_as_large_as_the_image():
    train, _ = digits()
    assert [restorer.latent for restorer in only("pca", train, latents=[10, 64, 3136])] == [10]


def test_affine_recovers_a_known_affine_map():
    generator = np.random.default_rng(0)
    train, test = (generator.integers(0, 256, (n, 1, 4, 5), dtype=np.uint8) for n in (300, 50))
    mixing = np.eye(20) + 0.1 * generator.standard_normal((20, 20))

    def mix(images, seed):
        return (images.reshape(len(images), -1) @ mixing + 0.3).astype(np.float32).reshape(images.shape)

    (restorer,) = only("affine", train, mix)
    assert restorer.restore(mix(unit(test), 0)) == pytest.approx(unit(test), abs=1e-4)


def test_affine_equals_least_squares_even_with_a_pixel_that_never_changes():
    generator = np.random.default_rng(0)
    train, test = (generator.integers(0, 256, (n, 2, 3, 4), dtype=np.uint8) for n in (400, 50))
    train[:, :, 0, 0] = test[:, :, 0, 0] = 0

    def shrink(images, seed):  # the same for each seed, so that repeated draws change nothing
        return (images * np.random.default_rng(5).uniform(0.2, 1, images.shape)).astype(np.float32)

    def design(images):
        return np.column_stack([shrink(unit(images), 0).reshape(len(images), -1), np.ones(len(images))]).astype(float)

    weights = np.linalg.lstsq(design(train), unit(train).reshape(len(train), -1), rcond=None)[0]
    (restorer,) = only("affine", train, shrink)
    restored = restorer.restore(shrink(unit(test), 0))
    assert restored.reshape(len(test), -1) == pytest.approx(np.clip(design(test) @ weights, 0, 1), abs=1e-6)


def test_affine_does_not_learn_the_noise_of_a_small_training_set_by_heart():
    train, test = digits()
    train, noisy = train[:200], clipped_noise(unit(test), 3)

    def design(images):
        return np.column_stack([images.reshape(len(images), -1), np.ones(len(images))])

    drawn_once = clipped_noise(unit(train), 4)
    weights = np.linalg.lstsq(design(drawn_once), unit(train).reshape(len(train), -1), rcond=None)[0]
    overfitted = np.clip(design(noisy) @ weights, 0, 1).reshape(test.shape)
    (restorer,) = only("affine", train, clipped_noise)
    assert scores.mse(unit(test), restorer.restore(noisy)).mean() < scores.mse(unit(test), overfitted).mean()


# --- classical denoisers against scikit-image ---


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


# --- choice of parameters ---


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


def test_the_correction_improves_each_classical_denoiser_of_clipped_noise(denoising):
    _, parameters, table, *_ = denoising
    trained = parameters.pivot(index="baseline", columns="variant", values="train_psnr").loc[CLASSICAL]
    tested = table.groupby(["baseline", "variant"])["psnr"].mean().unstack().loc[CLASSICAL]
    assert (trained["affine"] > trained["raw"]).all()
    assert (tested["affine"] > tested["raw"]).all()


def test_tuning_images_are_training_images():
    train, _ = digits()
    clean, noisy = Training(unit(train), clipped_noise, (), seed=0).tuning
    assert {image.tobytes() for image in clean} <= {image.tobytes() for image in unit(train)}
    assert len(clean) == 500
    assert noisy.shape == clean.shape


# --- the whole ladder ---


def test_each_rung_of_a_task_is_scored_on_each_image(denoising):
    _, parameters, table, test, _ = denoising
    assert list(table.columns) == ["baseline", "variant", "latent", "image", "psnr", "ssim", "mse", "bce"]
    both = {(baseline, variant) for baseline in CLASSICAL for variant in ("raw", "affine")}
    expected = both | {("affine", "raw"), ("mean_image", "raw"), ("noisy_input", "raw")}
    assert {(baseline, variant) for baseline, variant, _ in table.groupby(["baseline", "variant", "latent"]).groups} == expected
    assert (table.groupby(["baseline", "variant"])["image"].apply(list).map(lambda i: i == list(range(len(test))))).all()
    assert set(zip(parameters["baseline"], parameters["variant"], strict=True)) == expected
    assert np.isfinite(table.select_dtypes("number")).all(axis=None)


def test_reconstruction_has_the_mean_image_and_one_pca_per_latent():
    train, test = digits()
    fitted, _ = fit_all(train, None, [5, 10], seed=0)
    table = score_all(fitted, test, None)
    psnr = table.groupby(["baseline", "latent"])["psnr"].mean()
    assert list(psnr.index) == [("mean_image", 0), ("pca", 5), ("pca", 10)]
    assert psnr["mean_image", 0] < psnr["pca", 5] < psnr["pca", 10]


def test_noisy_input_is_scored_as_it_is(denoising):
    *_, table, test, noisy = denoising
    expected = scores.score_images(unit(test), noisy)
    found = table[table["baseline"] == "noisy_input"].reset_index(drop=True)
    assert found[list(expected.columns)].equals(expected)


def test_test_images_have_no_part_in_fitting(denoising):
    fitted, _, table, test, noisy = denoising
    few = score_all(fitted, test[::50], noisy[::50])
    same = table[table["image"] % 50 == 0]
    assert few["mse"].to_numpy() == pytest.approx(same["mse"].to_numpy(), rel=1e-5)


def test_noise_is_only_ever_added_to_training_images():
    train, test = digits()
    known = {image.tobytes() for image in unit(train)}
    seen = []

    def recorded(images, seed):
        seen.append({image.tobytes() for image in images} <= known)
        return clipped_noise(images, seed)

    fitted, _ = fit_all(train, recorded, [], seed=0, baselines=["affine", "median"])
    calls = len(seen)
    score_all(fitted, test, clipped_noise(unit(test), 0))
    assert calls and all(seen) and len(seen) == calls


def test_the_ladder_is_deterministic():
    train, test = digits()
    noisy = clipped_noise(unit(test), 0)
    baselines = ["affine", "gaussian", "wavelet"]
    one, two = (fit_all(train, clipped_noise, [], seed=4, baselines=baselines) for _ in range(2))
    assert one[1].equals(two[1])
    assert score_all(one[0], test, noisy).equals(score_all(two[0], test, noisy))
    other = fit_all(train, clipped_noise, [], seed=5, baselines=baselines)
    assert not other[1].equals(one[1])


def test_colour_images_pass_all_rungs():
    generator = np.random.default_rng(0)
    train, test = (generator.integers(0, 256, (n, 3, 7, 9), dtype=np.uint8) for n in (150, 6))
    for add_noise in (None, clipped_noise):
        fitted, _ = fit_all(train, add_noise, [7], seed=0)
        noisy = None if add_noise is None else add_noise(unit(test), 0)
        table = score_all(fitted, test, noisy)
        assert np.isfinite(table["psnr"]).all()
        for restorer in (r for restorers in fitted.values() for r in restorers):
            assert restorer.restore(unit(test)).shape == test.shape


@pytest.mark.parametrize(
    ("baseline", "problem"),
    [("bm3d", "does not exist"), ("pca", "has no part in denoising"), ("_baseline", "does not exist")],
)
def test_a_rung_that_cannot_be_used_is_named(baseline, problem):
    train, _ = digits()
    with pytest.raises(UserError, match=rf"'{baseline}' {problem}; choose among .*median"):
        fit_all(train, clipped_noise, [], seed=0, baselines=["mean_image", baseline])
