"""Pages of the report: what they say must be what the tables say."""

import base64
import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aestudy import figures
from aestudy.figures.data import Run, named
from aestudy.pages import captions, catalogue, explore, number, opening, table

LABEL = named({"mnist": "MNIST", "dense3": "3 layers"})
RUNS = [Run("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in (15, 50, 100)]
NOISY = Run("mnist", "conv", None, 0.0, "gaussian", 0.25)


def scores(run: Run, psnr: float, replicate: int = 0) -> dict:
    noisy = (
        {"psnr_noisy": 9.3, "ssim_noisy": 0.3} if run.noise != "none" else {"psnr_noisy": np.nan, "ssim_noisy": np.nan}
    )
    keys = run._asdict() | {"latent": run.latent or 3136, "replicate": replicate}
    return keys | {"psnr": psnr, "ssim": psnr / 100, "bce": 0.1} | noisy


METRICS = pd.DataFrame(
    [
        scores(run, psnr, r)
        for run, psnr in zip(RUNS, (20.0, 23.0, 25.0), strict=True)
        for r, psnr in enumerate((psnr, psnr + 1))
    ]
    + [scores(NOISY, 19.0)]
)
BASELINES = pd.DataFrame(
    [
        ("mnist", "none", 0.0, "pca", "raw", 15, 16.1, 0.5, 0.2),
        ("mnist", "none", 0.0, "pca", "raw", 50, 20.4, 0.6, 0.2),
        ("mnist", "none", 0.0, "mean_image", "raw", 0, 11.7, 0.1, 0.4),
        ("mnist", "gaussian", 0.25, "median", "raw", 0, 14.1, 0.4, 0.3),
        ("mnist", "gaussian", 0.25, "median", "affine", 0, 15.6, 0.5, 0.3),
        ("mnist", "gaussian", 0.25, "affine", "raw", 0, 17.7, 0.6, 0.3),
    ],
    columns=["dataset", "noise", "variance", "baseline", "variant", "latent", "psnr", "ssim", "bce"],
)


def claim(**changes) -> dict:
    row = {
        "id": "dense-1a-15",
        "report": "dense",
        "statement": "A latent of 15 reaches *about* 20 dB.",
        "expected": "20",
        "observed": "20.5",
        "ci_low": "20.25",
        "ci_high": "20.75",
        "tolerance": "1.0",
        "verdict": "reproduced",
        "reason": "observed 20.5 dB [20.25, 20.75] is within 1 dB",
        "evidence": "dense/fig2-1-bottom, metrics; digits standing in for mnist",
    }
    return row | changes


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(20.38, "20.38"), (-0.35501, "−0.355"), (1e-5, "1e−05"), (60000, "60,000"), (None, "–"), (np.nan, "–")],
    )
    def test_are_written_for_people(self, value, text):
        assert number(value) == text


class TestCaptions:
    def test_published_and_found_come_from_the_claims_that_name_the_figure(self):
        claims = pd.DataFrame([claim(), claim(id="other", evidence="dense/fig2-2, metrics")])
        text = captions.caption("What it *shows*.\n", "dense/fig2-1-bottom", claims, "Found.")
        page = opening.html_of(text).replace("&nbsp;", "\u00a0")
        assert "What it <em>shows</em>." in page and "other" not in page
        assert "<strong>Reproduced</strong>, dense-1a-15: A latent of 15 reaches *about* 20 dB." in page
        assert "Published: 20 (±\u00a01); observed 20.5 dB [20.25, 20.75] is within 1 dB." in page

    @pytest.mark.parametrize("text", ["a * b ** c", "`x` |y| z_", "<tag> [1]_ \\n", "*x*", "_`target`"])
    def test_no_character_of_a_claim_is_markup(self, text):
        page = opening.html_of(captions.escaped(text))
        shown = re.sub("<[^>]*>", "", page).replace("&lt;", "<").replace("&gt;", ">")
        assert shown.strip() == text.strip()

    def test_found_tells_both_ends_of_every_line(self):
        text = captions.found([*RUNS[::-1], NOISY], METRICS, LABEL)
        assert "MNIST, 3 layers: 20.50 dB (SSIM 0.205) at latent 15; 25.50 dB (SSIM 0.255) at latent 100" in text
        assert "MNIST, conv: 19.00 dB (SSIM 0.190, noisy input 9.30 dB)" in text
        assert "23.5" not in text

    def test_one_run_has_no_ends(self):
        assert captions.found(RUNS[:1], METRICS, LABEL).endswith("MNIST, 3 layers: 20.50 dB (SSIM 0.205).")


class TestCatalogue:
    def test_categories_are_in_the_order_of_reading(self):
        own = catalogue.categories([None, "conv", "dense", "dense"])
        assert list(own) == ["verdicts", "dense", "conv", None, "explore", "tables"]
        assert sorted(own.values()) == list(own.values())
        assert "conv" not in catalogue.categories(["dense"])

    def test_more_than_nine_stay_in_order(self):
        names = catalogue.numbered([f"experiment {letter}" for letter in "zyxwvutsrqpo"])
        assert sorted(names) == names

    def test_experiments_are_numbered_within_their_report(self):
        experiments = [("dense", "l1", "L1"), (None, "own", "Own"), ("dense", "latent", "Latent size")]
        own = catalogue.subcategories(experiments)
        assert own == {"l1": "1. L1", "latent": "2. Latent size", "own": "1. Own"}

    def test_a_label_that_would_become_a_switch_is_joined_to_the_first(self):
        """One label with two values in half of the results each: Snakemake's report would hide results behind it."""
        labels = {
            "a": {"figure": "Figure 1", "data set": "MNIST", "model": "3 layers"},
            "b": {"figure": "Figure 2", "data set": "both", "model": "3 layers"},
        }
        assert catalogue.without_toggles(labels) == {
            "a": {"figure": "Figure 1: MNIST", "model": "3 layers"},
            "b": {"figure": "Figure 2: both", "model": "3 layers"},
        }

    def test_two_such_labels_cancel_each_other_and_stay(self):
        labels = {
            "a": {"figure": "1", "data set": "MNIST", "model": "3 layers"},
            "b": {"figure": "2", "data set": "both", "model": "all"},
        }
        assert catalogue.without_toggles(labels) == labels

    def test_figures_are_called_as_the_report_numbers_them(self):
        assert figures.title("dense/fig2-1-top") == "Figure 2.1 (top)"
        assert figures.title("conv/fig5") == "Figure 5"
        assert figures.title("experiments/own") == "PSNR of experiment own"


class TestTablePage:
    def test_shows_every_cell_and_filters_by_names(self):
        frame = pd.DataFrame({"model": ["a<b", "c"], "psnr": [20.123456, np.nan], "epochs": [3, 15_000]})
        page = table.page(frame, "Scores", "paper", "csv & more")
        for text in ("a&lt;b", "20.12", "–", "15,000", '<select id="model">'):
            assert text in page
        assert '<select id="psnr">' not in page
        assert base64.b64encode(b"csv & more").decode() in page


class TestOpening:
    def test_rungs_are_compared_with_the_best_network(self):
        found = opening.baselines(METRICS, BASELINES, LABEL)
        assert found["heads"] == ["best network", "affine", "mean image", "median", "pca"]
        assert found["rows"] == [
            {"dataset": "MNIST", "condition": "Gaussian, σ² = 0.25", "numbers": ["19.00", "17.70", "–", "15.60", "–"]},
            {"dataset": "MNIST", "condition": "clean", "numbers": ["26.00", "–", "11.70", "–", "20.40"]},
        ]

    def test_cost_gives_ranges(self):
        columns = {"dataset": "mnist", "model": "dense3", "images_per_second": 1000.0, "peak_memory_mb": 900.0}
        columns |= {"device": "AMD EPYC", "precision": "fp32"}
        frame = pd.DataFrame(
            [
                columns | {"parameters": 1_000, "seconds_per_epoch": 1.0, "train_seconds": 30.0},
                columns | {"parameters": 2_000, "seconds_per_epoch": 1.5, "train_seconds": 60.0},
            ]
        )
        (row,) = opening.cost(frame, LABEL)
        assert (row["parameters"], row["seconds_per_epoch"], row["images_per_second"]) == (
            "1,000 to 2,000",
            "1 to 1.5",
            "1,000",
        )
        assert (row["minutes"], row["device"]) == ("1.5", "AMD EPYC (fp32)")

    def test_software_tells_where_runs_differ(self):
        manifests = [
            {"software": {"torch": version}, "commit": "abc", "cost": {"device": "cpu"}}
            for version in ("2.14", "2.15", "2.15")
        ]
        assert opening.software(manifests) == [
            ("torch", "2.14, 2.15"),
            ("commit of the workflow", "abc"),
            ("device", "cpu"),
        ]


@pytest.fixture
def evaluated(tmp_path):
    """Files of two runs, one of them noisy, with five examples of grey images."""
    found = []
    for run in (RUNS[0], NOISY):
        folder = tmp_path / run.model
        folder.mkdir()
        generator = np.random.default_rng(len(found))
        per_image = pd.DataFrame({"image": np.arange(20), "psnr": np.arange(20.0), "ssim": 0.5, "mse": 0.1, "bce": 0.2})
        per_image = per_image.assign(psnr_noisy=9.0, ssim_noisy=0.25)
        if run.noise == "none":
            per_image[["psnr_noisy", "ssim_noisy"]] = np.nan
        pd.concat([per_image.assign(replicate=r, psnr=per_image["psnr"] + 7 * r) for r in (0, 1)]).to_parquet(
            folder / "s.parquet"
        )
        for name, count in (("examples", 5), ("extremes", 3)):
            images = generator.random((3, count, 1, 8, 8), dtype=np.float32)
            if run.noise == "none":
                images[1] = images[0]
            np.save(folder / f"{name}.npy", images)
        per_image.iloc[[0, 9, 19]].assign(rank=["worst", "median", "best"]).to_csv(folder / "r.csv", index=False)
        found.append(
            explore.Files(folder / "s.parquet", folder / "examples.npy", folder / "extremes.npy", folder / "r.csv")
        )
    return found


class TestExplore:
    def data(self, evaluated, examples=5):
        return explore.data([RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL, examples)

    def test_numbers_are_those_of_the_tables(self, evaluated):
        clean, noisy = self.data(evaluated)["runs"]
        assert clean["scores"]["psnr"] == [20.5, 20.0, 21.0]
        assert (clean["baseline"]["name"], clean["baseline"]["psnr"]) == ("pca", 16.1)
        assert (noisy["baseline"]["name"], noisy["baseline"]["psnr"]) == ("affine", 17.7)
        assert (noisy["latent"], noisy["noise"], noisy["noisy"]["psnr"]) == (3136, "Gaussian, variance 0.25", 9.3)
        assert clean["noisy"] == {"psnr": None, "ssim": None}
        assert [(image["image"], image["psnr"]) for image in noisy["ranks"]] == [(0, 0.0), (9, 9.0), (19, 19.0)]
        assert [image["psnr"] for image in noisy["examples"]] == [0.0, 1.0, 2.0, 3.0, 4.0]  # of the first replicate

    def test_pictures_are_those_of_the_files(self, evaluated):
        data = self.data(evaluated)
        clean, noisy = data["runs"]
        for run, files in zip((clean, noisy), evaluated, strict=True):
            images = np.load(files.examples)
            for place, shown in enumerate(run["examples"]):
                for part, key in enumerate(("clean", "input", "output")):
                    if shown[key] is not None:
                        picture = self.picture(data["pictures"][shown[key]])
                        assert np.abs(picture - 255 * images[part, place, 0]).max() <= 0.5 + 1e-4
        assert all(image["input"] is None for image in clean["examples"])
        assert all(image["input"] is not None for image in noisy["examples"])

    @staticmethod
    def picture(address: str) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))), float)

    def test_equal_pictures_are_kept_once(self):
        pictures = explore.Pictures()
        grey, colour = np.full((1, 4, 4), 0.5), np.stack([np.full((4, 4), level) for level in (0.0, 0.5, 1.0)])
        assert pictures.add(grey) == pictures.add(grey.copy()) == 0
        assert pictures.add(colour) == 1
        assert self.picture(list(pictures.addresses)[1])[0, 0].tolist() == [0, 128, 255]
        assert pictures.add(colour[:2]) == 2
        assert self.picture(list(pictures.addresses)[2])[0, 0].tolist() == 64  # two channels: their mean

    def test_shows_as_many_examples_as_there_is_room_for(self, evaluated, monkeypatch):
        def page():
            return explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)

        whole = page()
        assert whole.count('"image": 4') == 2
        monkeypatch.setattr(explore, "LARGEST_FRAME", len(whole.encode()) - 1)
        smaller = page()
        assert len(smaller.encode()) < len(whole.encode())
        assert smaller.count('"image": 4') == 0 and smaller.count('"image": 3') == 2

    def test_a_page_with_too_many_runs_says_so(self, evaluated, monkeypatch, caplog):
        monkeypatch.setattr(explore, "LARGEST_FRAME", 1000)
        page = explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)
        assert '"examples": []' in page
        assert "report.zip" in caplog.text

    def test_nothing_is_fetched(self, evaluated):
        page = explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)
        assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
