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
    clean, noisy, denoised = full.examples(run)[:, :, 0]
    assert np.array_equal(pictures(full.draw("conv/fig2")), np.concatenate([noisy, denoised, clean]))
    assert np.array_equal(pictures(full.draw("conv/fig4")), np.concatenate([noisy[:5], denoised[:5], clean[:5]]))
    assert np.array_equal(pictures(full.draw("conv/fig5")), np.concatenate([noisy[5:], denoised[5:], clean[5:]]))


def test_samples_carry_their_number_and_their_psnr(full):
    (run,) = full.experiments["conv"]
    clean, noisy, denoised = full.examples(run).astype(float)
    written = texts(full.draw("conv/fig5"))
    assert {"Sample 6", "Sample 10"} <= set(written)
    expected = [
        f"{peak_signal_noise_ratio(clean[i], x[i], data_range=1):.1f} dB"
        for x in (noisy, denoised)
        for i in range(5, 10)
    ]
    assert [text for text in written if text.endswith("dB")] == expected


def test_reconstructions_are_those_of_all_models_on_fashion_mnist(full):
    figure = full.draw("dense/fig2-1-top")
    sizes, labels = [15, 30, 50, 75, 100], []
    for model, name in (("dense3", "3 layers"), ("dense5", "5 layers")):
        expected = full.means("psnr", dataset="fmnist", model=model, noise="none", l1=0.0)
        labels += [f"{name}, k = {latent}\n{psnr:.1f} dB" for latent, psnr in zip(sizes, expected, strict=True)]
    assert [text for text in texts(figure) if "k = " in text] == labels
    assert len(pictures(figure)) == 11 * 10
    assert "Fashion-MNIST" in texts(figure)


def test_reconstructions_of_one_model_name_it_once(full):
    runs = [run for run in full.experiments["l1"] if run.dataset == "mnist" and run.l1 == 0]
    data = FigureData(runs, metrics=full.metrics, examples={run: full.examples(run) for run in runs})
    figure = draw("reconstructions", data)
    assert "MNIST, dense3" in texts(figure)
    assert [text.partition("\n")[0] for text in texts(figure) if "k = " in text] == ["k = 100"]


def test_denoised_images_are_those_under_the_highest_noise(full):
    run = next(run for run in full.experiments["denoising"] if run.dataset == "fmnist" and run.variance == 0.2)
    clean, noisy, denoised = full.examples(run)[:, :, 0]
    figure = full.draw("dense/fig2-3-top")
    assert np.array_equal(pictures(figure), np.concatenate([noisy, denoised, clean]))
    assert "Fashion-MNIST, 3 layers, Gaussian noise, σ² = 0.2" in texts(figure)


def test_colour_images_stay_in_colour(colour):
    (run,) = colour.experiments["conv"]
    clean = colour.examples(run)[0]
    assert np.array_equal(pictures(colour.draw("conv/fig2"))[-1], clean[-1].transpose(1, 2, 0))


def test_fewer_images_than_columns(full):
    images = np.zeros((3, 7, 1, 28, 28), np.float32)
    runs = full.experiments["conv"]
    for kept, shown in ((7, 2), (4, 0)):
        data = FigureData(runs, examples={runs[0]: images[:, :kept]})
        assert len(pictures(draw("samples_6_to_10", data))) == 3 * shown
