"""All baselines of a task: fitted on training images alone, scored on test images."""

import numpy as np
import pytest

from aestudy.base.errors import UserError
from aestudy.baselines.fitting import fit_all, score_all
from aestudy.scoring import scores
from unit.baselines.made_up import CLASSICAL, clipped_noise, digits, unit


@pytest.fixture(scope="module")
def denoising():
    train, test = digits()
    fitted, parameters = fit_all(train, clipped_noise, [], seed=1)
    noisy = clipped_noise(unit(test), 99)
    return fitted, parameters, score_all(fitted, test, noisy), test, noisy


def test_the_correction_improves_each_classical_denoiser_of_clipped_noise(denoising):
    _, parameters, table, *_ = denoising
    trained = parameters.pivot(index="baseline", columns="variant", values="train_psnr").loc[CLASSICAL]
    tested = table.groupby(["baseline", "variant"])["psnr"].mean().unstack().loc[CLASSICAL]
    assert (trained["affine"] > trained["raw"]).all()
    assert (tested["affine"] > tested["raw"]).all()


def test_each_baseline_of_a_task_is_scored_on_each_image(denoising):
    _, parameters, table, test, _ = denoising
    assert list(table.columns) == ["baseline", "variant", "latent", "image", "psnr", "ssim", "mse", "bce"]
    both = {(baseline, variant) for baseline in CLASSICAL for variant in ("raw", "affine")}
    expected = both | {("affine", "raw"), ("mean_image", "raw"), ("noisy_input", "raw")}
    assert {
        (baseline, variant) for baseline, variant, _ in table.groupby(["baseline", "variant", "latent"]).groups
    } == expected
    assert (
        table.groupby(["baseline", "variant"])["image"].apply(list).map(lambda i: i == list(range(len(test))))
    ).all()
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


def test_fitting_is_deterministic():
    train, test = digits()
    noisy = clipped_noise(unit(test), 0)
    baselines = ["affine", "gaussian", "wavelet"]
    one, two = (fit_all(train, clipped_noise, [], seed=4, baselines=baselines) for _ in range(2))
    assert one[1].equals(two[1])
    assert score_all(one[0], test, noisy).equals(score_all(two[0], test, noisy))
    other = fit_all(train, clipped_noise, [], seed=5, baselines=baselines)
    assert not other[1].equals(one[1])


def test_colour_images_pass_all_baselines():
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
    [("bm3d", "does not exist"), ("pca", "has no part in denoising"), ("interface", "does not exist")],
)
def test_a_baseline_that_cannot_be_used_is_named(baseline, problem):
    train, _ = digits()
    with pytest.raises(UserError, match=rf"'{baseline}' {problem}; choose among .*median"):
        fit_all(train, clipped_noise, [], seed=0, baselines=["mean_image", baseline])
