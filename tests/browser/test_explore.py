"""The page to explore: every control does what it says, and what is shown is what the tables say."""

import re

import numpy as np
import pandas as pd
import pytest

CHOICES = {"Data set": "dataset", "Model": "model", "Latent size": "latent", "Noise": "noise", "L1 weight λ": "l1"}


@pytest.fixture
def results(finished):
    return finished.folder / "results/tiny"


@pytest.fixture
def metrics(results):
    table = pd.read_csv(results / "tables/metrics.csv", keep_default_na=False, na_values=[""])
    return table.groupby(["model", "latent", "l1", "variance"])[["psnr", "ssim", "bce"]].mean().reset_index()


@pytest.fixture
def opened(page, results):
    page.goto((results / "pages/explore.html").as_uri())
    return page


def status(page) -> str:
    return page.get_by_role("status").inner_text()


def control(page, label: str):
    return page.get_by_label(label, exact=True)


def options(page, label: str) -> list[str]:
    return control(page, label).locator("option").all_inner_texts()


def point(page) -> tuple[float, float]:
    """Where the ring around the chosen run stands."""
    ring = page.locator("#curve circle[r='10']")
    return float(ring.get_attribute("cx")), float(ring.get_attribute("cy"))


def test_choices_are_those_of_the_study(opened):
    assert options(opened, "Data set") == ["digits"]
    assert options(opened, "Model") == ["3 layers", "5 layers", "convolutional"]
    assert options(opened, "Latent size") == ["15", "392"]
    assert options(opened, "Noise") == ["none", "Gaussian, variance 0.2", "gaussian once, variance 0.25"]
    assert options(opened, "L1 weight λ") == ["0", "0.01"]


@pytest.mark.parametrize("label", list(CHOICES)[1:])
def test_every_value_of_every_choice_shows_a_run_that_has_it(opened, metrics, label):
    for value in options(opened, label):
        control(opened, label).select_option(value)
        text = status(opened)
        assert value in text or (label.startswith("L1") and value == "0" and "λ" not in text)
        chosen = opened.evaluate("run")
        keys = [chosen[key] for key in ("model", "latent", "l1", "level")]
        (row,) = metrics[(metrics[["model", "latent", "l1", "variance"]] == keys).all(axis=1)].itertuples()
        assert f"PSNR {row.psnr:.2f} dB, SSIM {row.ssim:.3f}, BCE {row.bce:.4f}" in text
        for other, key in CHOICES.items():
            assert control(opened, other).input_value() == str(chosen[key])


def test_the_curve_moves_with_the_model_and_the_score(opened, screenshot):
    screenshot("explore", whole=True)
    places = [point(opened)]
    control(opened, "Model").select_option("5 layers")
    places.append(point(opened))
    control(opened, "Score").select_option("SSIM")
    places.append(point(opened))
    assert len(set(places)) == 3
    assert "SSIM" in opened.locator("#curve svg").text_content()
    control(opened, "Score").select_option("PSNR (dB)")
    assert point(opened) == places[1]


def test_the_axis_of_the_curve_can_be_chosen(opened):
    for axis, title in (("L1 weight", "L1 weight λ"), ("noise", "Noise"), ("latent size", "Latent size (units)")):
        control(opened, "Curve along").select_option(axis)
        assert title in opened.locator("#curve svg").text_content()
        assert title in opened.locator("#values").text_content()


def test_the_curve_is_also_a_table(opened, metrics):
    control(opened, "Curve along").select_option("L1 weight")
    opened.get_by_text("The curve as a table").click()
    rows = opened.locator("#values tbody tr").all_inner_texts()
    assert len(rows) == 2
    for text, penalty in zip(rows, (0, 0.01), strict=True):
        own = metrics[(metrics["model"] == "dense3") & (metrics["l1"] == penalty) & (metrics["variance"] == 0)]
        assert text.split("\t")[0] == f"{penalty:g}"
        assert f"{own['psnr'].item():.2f} (" in text


def test_pictures_and_scores_follow_the_choice(opened, results, screenshot):
    control(opened, "Noise").select_option("Gaussian, variance 0.2")
    scores = pd.read_parquet(results / "evaluation/digits/dense3/latent-15_gaussian-0.2/scores.parquet")
    scores = scores[scores["replicate"] == 0].set_index("image")
    examples = np.load(results / "evaluation/digits/dense3/latent-15_gaussian-0.2/pictures.npy")[:, :-3]

    for rank, psnr in (("Worst", scores["psnr"].min()), ("Best", scores["psnr"].max())):
        shown = opened.locator("#ranks li", has_text=rank)
        number = int(re.search(r"image (\d+)", shown.inner_text())[1])
        assert scores.loc[number, "psnr"] == psnr
        assert f"{psnr:.1f} dB" in shown.inner_text() and f"SSIM {scores.loc[number, 'ssim']:.2f}" in shown.inner_text()
    assert opened.locator("#ranks li").count() == 3
    first = opened.locator("#examples li").first
    assert f"{scores.loc[0, 'psnr']:.1f} dB" in first.inner_text()
    assert f"input {scores.loc[0, 'psnr_noisy']:.1f} dB" in first.inner_text()
    assert [image.get_attribute("alt") for image in first.locator("img").all()] == [
        f"test image 0, {part}" for part in ("clean", "noisy", "denoised")
    ]
    pixels = first.locator("img").evaluate_all(
        """images => images.map(image => {
             const canvas = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
             const context = canvas.getContext("2d");
             context.drawImage(image, 0, 0);
             return [...context.getImageData(0, 0, 28, 28).data].filter((_, place) => place % 4 === 0);
           })"""
    )
    assert np.abs(np.array(pixels).reshape(3, 28, 28) - 255 * examples[:, 0, 0]).max() <= 1
    screenshot("explore-noise", whole=True)


def test_a_run_can_be_chosen_on_the_curve(opened):
    before = status(opened)
    opened.locator("#curve svg rect").first.click()
    assert "5 layers" in status(opened) != before


def test_the_keyboard_is_enough(opened):
    for control in ("dataset", "model"):
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.id") == control
    before = status(opened)
    opened.keyboard.press("ArrowDown")
    assert status(opened) != before and "5 layers" in status(opened)
    assert opened.evaluate("document.activeElement.id") == "model"


def test_nothing_is_wider_than_the_screen(opened):
    assert opened.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    letters = opened.locator("#curve svg text").first.bounding_box()
    assert letters["height"] >= 11
