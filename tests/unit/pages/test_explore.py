"""The page to explore: what it says must be what the tables say."""

import base64
import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aestudy.pages import explore
from unit.pages.made_up import BASELINES, LABEL, METRICS, NOISY, RUNS


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
        images = generator.random((3, 5 + 3, 1, 8, 8), dtype=np.float32)  # the last are the worst, the median, the best
        if run.noise == "none":
            images[1] = images[0]
        np.save(folder / "pictures.npy", images)
        found.append(explore.Files(folder / "s.parquet", folder / "pictures.npy"))
    return found


def data(evaluated, examples=5):
    return explore.data([RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL, examples)


def test_numbers_are_those_of_the_tables(evaluated):
    clean, noisy = data(evaluated)["runs"]
    assert clean["scores"]["psnr"] == [20.5, 20.0, 21.0]
    assert (clean["baseline"]["name"], clean["baseline"]["psnr"]) == ("pca", 16.1)
    assert (noisy["baseline"]["name"], noisy["baseline"]["psnr"]) == ("affine", 17.7)
    assert (noisy["latent"], noisy["noise"], noisy["noisy"]["psnr"]) == (3136, "Gaussian, variance 0.25", 9.3)
    assert clean["noisy"] == {"psnr": None, "ssim": None}
    assert [(image["image"], image["psnr"]) for image in noisy["ranks"]] == [(0, 0.0), (9, 9.0), (19, 19.0)]
    assert [image["psnr"] for image in noisy["examples"]] == [0.0, 1.0, 2.0, 3.0, 4.0]  # of the first replicate


def test_pictures_are_those_of_the_files(evaluated):
    page = data(evaluated)
    clean, noisy = page["runs"]
    for run, files in zip((clean, noisy), evaluated, strict=True):
        images = np.load(files.pictures)
        assert (len(run["examples"]), len(run["ranks"])) == (5, 3)
        for place, shown in enumerate([*run["examples"], *run["ranks"]]):
            for part, key in enumerate(("clean", "input", "output")):
                if shown[key] is not None:
                    found = picture(page["pictures"][shown[key]])
                    assert np.abs(found - 255 * images[part, place, 0]).max() <= 0.5 + 1e-4
    assert all(image["input"] is None for image in clean["examples"])
    assert all(image["input"] is not None for image in noisy["examples"])


def picture(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))), float)


def test_equal_pictures_are_kept_once():
    pictures = explore.Pictures()
    grey, colour = np.full((1, 4, 4), 0.5), np.stack([np.full((4, 4), level) for level in (0.0, 0.5, 1.0)])
    assert pictures.add(grey) == pictures.add(grey.copy()) == 0
    assert pictures.add(colour) == 1
    assert picture(list(pictures.addresses)[1])[0, 0].tolist() == [0, 128, 255]
    assert pictures.add(colour[:2]) == 2
    assert picture(list(pictures.addresses)[2])[0, 0].tolist() == 64  # two channels: their mean


def test_shows_as_many_examples_as_there_is_room_for(evaluated, monkeypatch):
    def page():
        return explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)

    whole = page()
    assert whole.count('"image": 4') == 2
    monkeypatch.setattr(explore, "LARGEST_FRAME", len(whole.encode()) - 1)
    smaller = page()
    assert len(smaller.encode()) < len(whole.encode())
    assert smaller.count('"image": 4') == 0 and smaller.count('"image": 3') == 2


def test_a_page_with_too_many_runs_says_so(evaluated, monkeypatch, caplog):
    monkeypatch.setattr(explore, "LARGEST_FRAME", 1000)
    page = explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)
    assert '"examples": []' in page
    assert "report.zip" in caplog.text


def test_nothing_is_fetched(evaluated):
    page = explore.page("paper", [RUNS[0], NOISY], evaluated, METRICS, BASELINES, LABEL)
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
