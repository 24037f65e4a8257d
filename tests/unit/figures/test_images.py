"""Rows of test images: which images are shown, and what is written beside them."""

import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from aestudy.figures.data import FigureData
from aestudy.figures.rendering import draw
from unit.figures.made_up import texts


def pictures(figure):
    return [np.asarray(image.get_array()) for image in figure.axes[0].get_images()]


def test_rows_of_images_hold_the_images(full):
    (run,) = full.experiments["conv"]
    clean, noisy, denoised = np.load(full.images[run])[:, :, 0]
    assert np.array_equal(pictures(full.draw("conv/fig2")), np.concatenate([noisy, denoised, clean]))
    assert np.array_equal(pictures(full.draw("conv/fig4")), np.concatenate([noisy[:5], denoised[:5], clean[:5]]))
    assert np.array_equal(pictures(full.draw("conv/fig5")), np.concatenate([noisy[5:], denoised[5:], clean[5:]]))


def test_samples_carry_their_number_and_their_psnr(full):
    (run,) = full.experiments["conv"]
    clean, noisy, denoised = np.load(full.images[run]).astype(float)
    written = texts(full.draw("conv/fig5"))
    assert {"Sample 6", "Sample 10"} <= set(written)
    expected = [
        f"{peak_signal_noise_ratio(clean[i], x[i], data_range=1):.1f} dB"
        for x in (noisy, denoised)
        for i in range(5, 10)
    ]
    assert [text for text in written if text.endswith("dB")] == expected


def test_reconstructions_are_the_first_models_on_fashion_mnist(full):
    figure = full.draw("dense/fig2-1-top")
    expected = full.means("psnr", dataset="fmnist", model="dense3", noise="none", l1=0.0)
    labels = [f"Latent {latent}\n{psnr:.1f} dB" for latent, psnr in zip([15, 30, 50, 75, 100], expected, strict=True)]
    assert [text for text in texts(figure) if text.startswith("Latent")] == labels
    assert len(pictures(figure)) == 6 * 10
    assert "Fashion-MNIST, 3 layers" in texts(figure)


def test_denoised_images_are_those_under_the_highest_noise(full):
    run = next(run for run in full.experiments["denoising"] if run.dataset == "fmnist" and run.variance == 0.2)
    clean, noisy, denoised = np.load(full.images[run])[:, :, 0]
    figure = full.draw("dense/fig2-3-top")
    assert np.array_equal(pictures(figure), np.concatenate([noisy, denoised, clean]))
    assert "Fashion-MNIST, 3 layers, Gaussian noise, σ² = 0.2" in texts(figure)


def test_colour_images_stay_in_colour(colour):
    (run,) = colour.experiments["conv"]
    clean = np.load(colour.images[run])[0]
    assert np.array_equal(pictures(colour.draw("conv/fig2"))[-1], clean[-1].transpose(1, 2, 0))


def test_fewer_images_than_columns(full):
    images = np.zeros((3, 7, 1, 28, 28), np.float32)
    runs = full.experiments["conv"]
    for kept, shown in ((7, 2), (4, 0)):
        data = FigureData(runs, examples={runs[0]: images[:, :kept]})
        assert len(pictures(draw("samples_6_to_10", data))) == 3 * shown
