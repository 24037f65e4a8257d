"""The playground, in a browser without network: its numbers are those of torch, of the baselines and of the scores."""

import base64
import itertools
import json
import math
import re
import statistics
import zipfile

import numpy as np
import pandas as pd
import pytest
import torch
from small_networks import SHAPE, networks

from aestudy.base.identity import Identity
from aestudy.baselines import gaussian, median, nlm, tv, wavelet
from aestudy.figures.data import Labels
from aestudy.network.autoencoder import create
from aestudy.pages import playground
from aestudy.pages.rendering import TEMPLATES
from aestudy.playground import packing
from aestudy.playground.images import Shown
from aestudy.playground.packing import pack
from aestudy.playground.trace import Program, trace
from aestudy.replicates import store
from aestudy.scoring import scores

TOLERANCE = 1 / 255
NETWORKS = networks()
KNOWN = playground.known("operations")
FILTERS = {
    "gaussian": (gaussian, [{"sigma": 0.4}, {"sigma": 1.5}]),
    "median": (median, [{"size": 3}, {"size": 5}]),
    "tv": (tv, [{"weight": 0.06}, {"weight": 0.5}]),
    "nlm": (nlm, [{"h": 0.1, "sigma": 0.32}, {"h": 0.6, "sigma": 0.2}]),
    "wavelet": (wavelet, [{"levels": 1, "sigma": 0.1}, {"levels": 3, "sigma": 0.3}]),
}
STROKES = {
    "one": [[(14, 4), (14, 24)]],
    "seven": [[(6, 6), (21, 6), (11, 24)]],
    "cross": [[(5, 5), (23, 23)], [(23, 5), (5, 23)]],
    "zero": [[(14, 5), (21, 9), (21, 19), (14, 24), (7, 19), (7, 9), (14, 5)]],
    "dot": [[(3, 25), (3, 25)]],
}
"""Drawings: lines through points (column, row) of an image of 28 x 28 pixels."""


@pytest.fixture
def results(finished):
    return finished.folder / "results/tiny"


@pytest.fixture
def opened(page, results):
    page.goto((results / "pages/playground.html").as_uri())
    return page


@pytest.fixture
def full_size(page, tmp_path):
    """A playground with the convolutional network of the paper study, at its full size and untrained."""
    network = {"architecture": "conv", "filters": [64, 64], "kernel": 3, "dropout": 0.2, "dropout_after": "encoder"}
    training = {"epochs": 1, "batch_size": 1, "learning_rate": 1e-3, "adam_epsilon": 1e-7, "initialisation": "keras"}
    identity = {"dataset": "digits", "seed": 1, "latent": None, "l1": 0.0, "network": network, "noise": None}
    model = create(Identity.from_params(identity | {"training": training}), (1, 28, 28), 0).eval()
    pixels = np.random.default_rng(0).integers(0, 256, (30, 1, 28, 28), dtype=np.uint8)
    image = torch.from_numpy(pixels[:1]).float() / 255
    with torch.inference_mode():
        packed = pack(trace(model, (1, 28, 28), KNOWN), [(image,)], [model.image(model(image)[0])])
    run = {"dataset": "digits", "model": "conv", "latent": None, "l1": 0.0, "noise": "gaussian", "variance": 0.25}
    described = {"run": run, "replicate": 0, "parameters": 1, "noise": None, "values": packed.document}
    described |= {"bits": packed.bits, "error": packed.error}
    shown = Shown(list(range(30)), np.arange(30) % 10, pixels)
    found = {"filter": "nlm", "parameters": {"h": 0.25, "sigma": 0.3}, "a": 1.7, "b": -0.3}
    offered = {"networks": [described], "left_out": [], "images": {"digits": shown.document()}}
    document = playground.page("paper", offered, [found], "uniform7", Labels())
    (tmp_path / "page.html").write_text(document, encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    return page


def tensor(array: np.ndarray) -> str:
    """An array as the page's programs take it."""
    return f"{{ shape: {list(array.shape)}, data: Float64Array.from({json.dumps(array.ravel().tolist())}) }}"


def draw(page, strokes) -> None:
    """Draw on an empty board with the mouse."""
    page.get_by_role("button", name="Clear the board").click()
    box = page.locator("#board").bounding_box()
    for points in strokes:
        places = [(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"]) for x, y in points]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=4)
        page.mouse.up()


def shown(page) -> dict[str, np.ndarray | None]:
    """The clean image and what is made of it, (c, h, w), by stage, as the page has computed them."""
    page.evaluate("() => new Promise(requestAnimationFrame)")
    found = page.evaluate(
        """() => {
          const strength = Number(element.level.value);
          const found = stages(chosen.network, chosen.clean, strength, chosen.seed);
          const plain = (image) => image && { shape: image.shape, data: [...image.data] };
          const kept = { clean: chosen.clean, noisy: found.noisy, network: found.network, filter: found.filter };
          return Object.fromEntries(Object.entries(kept).map(([name, image]) => [name, plain(image)]));
        }"""
    )
    return {name: image and np.reshape(image["data"], image["shape"]) for name, image in found.items()}


def model_of(results, run: dict, folder: str = "replicate-0"):
    parts = [] if run["latent"] is None else [f"latent-{run['latent']}"]
    if run["l1"]:
        parts.append(f"l1-{run['l1']:g}")
    if run["noise"] != "none":
        parts.append(f"{run['noise']}-{run['variance']:g}")
    return store.load_model(results / "runs" / run["dataset"] / run["model"] / "_".join(parts) / folder, (1, 28, 28))[0]


def offered(results) -> list[dict]:
    return json.loads((results / "portable/networks.json").read_text())["networks"]


def test_all_filters_are_tested():
    assert sorted(FILTERS) == sorted(playground.known("filters"))


@pytest.mark.parametrize("page", ["desktop"], indirect=True)  # what is computed does not depend on the page's size
class TestNumbers:
    def test_every_network_restores_test_images_and_drawings_as_torch_does(self, opened, results):
        found = offered(results)
        assert opened.locator("#choice option").count() == len(found) >= 4
        for place, network in enumerate(found):
            opened.locator("#choice").select_option(str(place))
            model = model_of(results, network["run"])
            images = []
            for number in range(20):
                opened.locator("#images input").nth(number).check()
                images.append(shown(opened))
            for strokes in STROKES.values():
                draw(opened, strokes)
                images.append(shown(opened))
            assert len({image["clean"].tobytes() for image in images}) == 25
            inputs = torch.tensor(np.array([image["noisy"] for image in images]), dtype=torch.float32)
            with torch.inference_mode():
                expected = model.image(model(inputs)[0]).numpy()
            error = np.abs(np.array([image["network"] for image in images]) - expected).max()
            assert error <= TOLERANCE, (network["run"], 255 * error)

    @pytest.mark.parametrize("name", NETWORKS)
    def test_every_operation_is_torch_s(self, page, tmp_path, name):
        network = NETWORKS[name]
        exact = trace(network, SHAPE, KNOWN)
        bits = packing.BITS[-1]
        rounded = Program([packing._rounded(value, bits) for value in exact.values])
        document = [packing._document(value, bits) for value in exact.values]
        image = torch.rand(1, *SHAPE, generator=torch.Generator().manual_seed(5))
        level = torch.tensor([0.3])
        expected = rounded.run(*((image, level) if network.takes_level else (image,))).numpy()
        self.programs(page, tmp_path)
        inputs = f"{{ images: {tensor(image.numpy())}, level: {tensor(level.numpy())} }}"
        result = page.evaluate(f"[...prepared({json.dumps(document)})({inputs}).data]")
        np.testing.assert_allclose(np.reshape(result, expected.shape), expected, rtol=0, atol=1e-5)

    @pytest.mark.parametrize("shape", [(1, 28, 28), (3, 17, 22)])
    @pytest.mark.parametrize("name", FILTERS)
    def test_filters_are_those_of_the_baselines(self, page, tmp_path, name, shape):
        module, settings = FILTERS[name]
        image = np.random.default_rng(1).random(shape, dtype=np.float32)
        image[:, 5:12, 4:15] /= 4
        self.programs(page, tmp_path)
        for parameters in settings:
            expected = module.denoise(image[np.newaxis], **parameters)[0]
            result = page.evaluate(f"[...FILTERS['{name}']({tensor(image)}, {json.dumps(parameters)})]")
            np.testing.assert_allclose(np.reshape(result, shape), expected, rtol=0, atol=1e-5)

    @pytest.mark.parametrize("variant", list(scores.WINDOWS))
    def test_scores_are_those_of_the_study(self, page, tmp_path, variant):
        generator = np.random.default_rng(2)
        clean = generator.random((2, 3, 15, 20))
        other = np.clip(clean + 0.2 * generator.standard_normal(clean.shape), 0, 1)
        self.programs(page, tmp_path)
        for one, two in zip(clean, other, strict=True):
            given = f"{tensor(one)}, {tensor(two)}"
            decibels, similarity = page.evaluate(f"[psnr({given}), ssim({given}, '{variant}')]")
            assert decibels == pytest.approx(scores.psnr(one[None], two[None]).item(), abs=1e-9)
            assert similarity == pytest.approx(scores.ssim(one[None], two[None], variant).item(), abs=1e-9)

    def test_noise_has_the_distribution_of_the_study_s_and_the_same_seed_the_same_noise(self, page, tmp_path):
        self.programs(page, tmp_path)
        drawn = np.array(page.evaluate("[...normals(3, 200000)]"))
        assert abs(drawn.mean()) < 0.01 and abs(drawn.std() - 1) < 0.01
        assert abs((drawn**4).mean() - 3) < 0.1 and abs(np.mean(drawn[1:] * drawn[:-1])) < 0.01
        again, others = page.evaluate("[[...normals(3, 5)], [...normals(4, 5)]]")
        assert again == drawn[:5].tolist() and not set(again) & set(others)
        clipped, raw = page.evaluate(
            "[true, false].map((clip) => [...NOISES.gaussian.add(Float64Array.of(0, 1), 0.5, { clip }, [-1, 1])])"
        )
        assert clipped == [0, 1] and raw == [-0.5, 1.5]

    def test_the_filter_beside_a_network_is_the_best_of_the_study(self, opened, results):
        table = pd.read_csv(results / "tables/baselines.csv")
        own = table[(table["noise"] == "gaussian_once") & table["baseline"].isin(FILTERS)]
        best = own.loc[own["psnr"].idxmax()]
        folder = results / "baselines/digits/gaussian_once-0.25"
        chosen = pd.read_csv(folder / "parameters.csv").set_index(["baseline", "variant"])
        row = chosen.loc[(best["baseline"], best["variant"])]
        parameters = {key: float(value) for key, value in (pair.split("=") for pair in row["parameters"].split())}
        opened.locator("#choice").select_option(label="convolutional, gaussian once, variance 0.25")
        image = shown(opened)
        module, _ = FILTERS[best["baseline"]]
        expected = module.denoise(image["noisy"][None].astype(np.float32), **parameters)[0]
        expected = np.clip(row["a"] * expected + row["b"], 0, 1)
        np.testing.assert_allclose(image["filter"], expected, rtol=0, atol=1e-4)

    def programs(self, page, tmp_path):
        """A page with the programs, but for the last, which needs the page's elements."""
        sources = [(TEMPLATES / name).read_text() for name in playground.programs()[:-1]]
        (tmp_path / "programs.html").write_text(
            f"<!DOCTYPE html><meta charset=utf-8><script>{''.join(sources)}</script>"
        )
        page.goto((tmp_path / "programs.html").as_uri())


class TestSpeed:
    @pytest.mark.timed
    def test_a_change_of_the_slider_is_shown_within_100_ms(self, full_size):
        """For the convolutional network of the paper study, beside the filter that takes longest.

        From the change to the frame after the one in which it is drawn; the median of 25 changes, since a machine that
        does other things at once makes single ones late.
        """
        times = full_size.evaluate(
            """async () => {
              const times = [], slider = element.level;
              for (let change = 0; change < 25; change++) {
                const start = performance.now();
                slider.value = 0.02 * change;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
                times.push(performance.now() - start);
              }
              return times;
            }"""
        )
        print(f"slider: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")
        assert statistics.median(times) <= 100
        assert full_size.locator("#level-text").inner_text().startswith("σ = 0.48")


class TestUse:
    def test_the_page_shows_what_it_computes(self, opened, screenshot):
        image = shown(opened)
        for stage in ("clean", "noisy", "network", "filter"):
            pixels = opened.locator(f"canvas#{stage}").evaluate(
                "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, at) => at % 4 === 0)"
            )
            expected = np.clip(image[stage], 0, 1) * 255
            assert np.abs(np.reshape(pixels, (1, 28, 28)) - expected).max() <= 0.5 + 1e-6
        for stage in ("noisy", "network", "filter"):
            decibels = scores.psnr(image["clean"][None], image[stage][None]).item()
            similarity = scores.ssim(image["clean"][None], image[stage][None]).item()
            assert opened.locator(f"#{stage}-scores").inner_text() == f"{decibels:.1f} dB, SSIM {similarity:.2f}"
        screenshot("playground", whole=True)

    def test_without_noise_the_noisy_image_is_the_clean_one(self, opened):
        opened.locator("#level").fill("0")
        image = shown(opened)
        assert np.array_equal(image["noisy"], image["clean"])
        assert opened.locator("#noisy-scores").inner_text() == "∞ dB, SSIM 1.00"

    def test_a_choice_sets_the_noise_that_the_network_was_trained_for(self, opened, results):
        for place, network in enumerate(offered(results)):
            opened.locator("#choice").select_option(str(place))
            level = float(opened.locator("#level").input_value())
            assert level == pytest.approx(math.sqrt(network["run"]["variance"]), abs=0.006)
            state = "hidden" if network["run"]["noise"] == "none" else "visible"
            opened.locator("#filter-figure").wait_for(state=state)

    def test_new_noise_is_other_noise(self, opened):
        before = shown(opened)
        opened.get_by_role("button", name="New noise").click()
        after = shown(opened)
        assert np.array_equal(before["clean"], after["clean"]) and not np.array_equal(before["noisy"], after["noisy"])

    def test_a_drawing_takes_the_place_of_a_test_image_and_back(self, opened):
        draw(opened, STROKES["seven"])
        assert opened.locator("#images input:checked").count() == 0
        drawing = shown(opened)["clean"]
        assert drawing[0, 6, 6:20].min() > 0.9 and drawing[0, 12:, 22:].max() == 0
        opened.locator("#images input").nth(3).check()
        assert not np.array_equal(shown(opened)["clean"], drawing)

    def test_a_finger_draws_and_does_not_scroll(self, browser, results):
        context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, offline=True)
        page = context.new_page()
        page.goto((results / "pages/playground.html").as_uri())
        page.locator("#clear").tap()
        box = page.locator("#board").bounding_box()
        session = context.new_cdp_session(page)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 8
        for kind, dy in [("touchStart", 0), *[("touchMove", step * box["height"] / 16) for step in range(12)]]:
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + dy}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        drawing = shown(page)["clean"][0]
        assert drawing[5:20, 13:15].min() > 0.5 and drawing[:, :10].max() == 0
        assert page.evaluate("window.scrollY") == 0
        context.close()

    def test_the_keyboard_is_enough(self, opened):
        order = []
        for _ in range(6):
            opened.keyboard.press("Tab")
            order.append(opened.evaluate("document.activeElement.id || document.activeElement.name"))
        assert order == ["choice", "level", "again", "clear", "board", "image"]
        opened.locator("#level").focus()
        before = opened.locator("#level-text").inner_text()
        opened.keyboard.press("ArrowRight")
        shown(opened)
        assert opened.locator("#level-text").inner_text() != before
        opened.locator("#clear").press("Enter")
        opened.locator("#board").focus()
        opened.keyboard.press("Space")
        for _ in range(5):
            opened.keyboard.press("ArrowRight")
        opened.keyboard.press("Space")
        opened.keyboard.press("ArrowDown")
        assert opened.locator("#pen-words").inner_text() == "pen up, column 20, row 16"
        drawing = shown(opened)["clean"][0]
        assert drawing[14, 14:20].min() > 0.9 and drawing[:, :12].max() == 0
        opened.keyboard.press("Delete")
        assert shown(opened)["clean"].max() == 0
        opened.locator("#images input").first.focus()
        opened.keyboard.press("Space")
        opened.keyboard.press("ArrowRight")
        assert opened.locator("#images input").nth(1).is_checked()

    def test_a_screen_reader_is_told_once_the_slider_rests(self, opened):
        opened.locator("#level").fill("0.3")
        status = opened.locator("#now")
        status.get_by_text("Noise σ = 0.30, variance 0.09.").wait_for(state="attached")
        text = status.inner_text()
        for stage in ("noisy", "network", "filter"):
            assert opened.locator(f"#{stage}-scores").inner_text() in text
        assert opened.locator("#level").get_attribute("aria-valuetext") == "σ = 0.30, variance 0.09"

    def test_nothing_is_wider_than_the_screen(self, opened):
        assert opened.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        boxes = [opened.locator(f"canvas#{name}").bounding_box() for name in ("clean", "noisy", "network", "filter")]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= opened.viewport_size["width"] for box in boxes)
        assert all(box["width"] >= 150 for box in boxes)
        for one, two in itertools.combinations(boxes, 2):
            assert one["x"] + one["width"] <= two["x"] or two["x"] + two["width"] <= one["x"] or one["y"] != two["y"]

    def test_no_serious_finding(self, opened, axe):
        opened.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
        opened.evaluate(axe)
        found = opened.evaluate("axe.run()")
        assert len(found["passes"]) > 10
        serious = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
        assert not [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in serious]

    def test_it_is_small_enough(self, results):
        assert (results / "pages/playground.html").stat().st_size <= 6_000_000


class TestReport:
    @pytest.mark.parametrize("kind", ["html", "zip"])
    def test_it_opens_in_the_report(self, page, report, tmp_path, kind):
        if kind == "zip":
            with zipfile.ZipFile(report.with_suffix(".zip")) as archive:
                archive.extractall(tmp_path)
        page.goto((report if kind == "html" else tmp_path / "report/report.html").as_uri())
        self.open(page)
        assert "Playground of study tiny" in page.frame_locator("#app iframe").locator("h1").inner_text()

    def test_the_first_page_links_to_it(self, page, report, results):
        page.goto(report.as_uri())
        page.get_by_role("link", name="draw a digit").click()
        assert "Playground of study tiny" in page.frame_locator("#app iframe").locator("h1").inner_text()
        page.goto((results / "pages/opening.html").as_uri())
        page.get_by_role("link", name="draw a digit").click()
        assert "Playground of study tiny" in page.locator("h1").inner_text()
        page.go_back()
        page.get_by_role("link", name="curves, pictures and scores").click()
        assert page.url.endswith("/pages/explore.html")

    def test_a_page_larger_than_chromium_s_longest_address_opens_too(self, page, report, tmp_path):
        """As the playground of a real study is; here it is padded."""

        def padded(match: re.Match) -> str:
            document = base64.b64decode(match[2]) + b"<!--" + 3_000_000 * b"-" + b"-->"
            return match[1] + base64.b64encode(document).decode()

        source = report.read_text(encoding="utf-8")
        larger, count = re.subn(r"(filename=playground\.html;base64,)([A-Za-z0-9+/=]+)", padded, source)
        assert count == 1
        (tmp_path / "larger.html").write_text(larger, encoding="utf-8")
        page.goto((tmp_path / "larger.html").as_uri())
        self.open(page)
        frame = page.frame_locator("#app iframe")
        assert "Playground of study tiny" in frame.locator("h1").inner_text()
        assert "dB" in frame.locator("#network-scores").inner_text()

    def open(self, page):
        page.locator(".study h1").wait_for()
        menu = page.locator("#app nav").first
        menu.get_by_text("Explore").click()
        menu.locator("tbody tr", has_text="Playground").locator("a").first.click()
