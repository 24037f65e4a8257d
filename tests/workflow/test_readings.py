"""Joint readings from end to end on a tiny study: what they make, and what a changed answer runs again."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import torch

TINY, READINGS = "tests/tiny.yaml", "tests/readings.yaml"
AFTER = {"readings", "claims", "summary", "page", "opening", "configuration"}
"""Jobs after the scores."""
WIDER = "          - {id: wide, answer: 96 and 48 units, networks: {dense3: {hidden: [96, 48]}}}\n"
POOLED = "          - {id: pooled, answer: of the error over all images, score: pooled}\n"


@pytest.fixture(scope="module")
def tried(made_once):
    """A project in which the readings were tried."""
    command = ["snakemake", "--cores", "2", "--resources", "gpu=2", "--configfile", TINY, READINGS]
    return made_once("readings", command, lambda project: project)


@pytest.fixture(scope="module")
def tables(tried):
    def read(name: str) -> pd.DataFrame:
        path = tried.folder / f"results/tried/tables/{name}.csv"
        return pd.read_csv(path, keep_default_na=False, na_values=[""])

    return read


class TestResults:
    def test_every_reading_has_a_row(self, tables):
        found = tables("readings")
        assert sorted(found["reading"]) == ["narrow-image", "narrow-pooled", "wide-image", "wide-pooled"]
        assert found["posterior"].sum() == pytest.approx(1, abs=1e-3)
        assert found["rank"].tolist() == [1, 2, 3, 4] and found["worst"].is_monotonic_increasing

    def test_numbers_are_those_of_the_other_tables(self, tables):
        """The base reading is the study's own; the pooled one reads another column of the same networks."""
        readings, metrics = tables("readings").set_index("reading"), tables("metrics").set_index("noise")
        for reading, column in (("narrow-image", "psnr"), ("narrow-pooled", "psnr_pooled")):
            assert readings.loc[reading, "dense-1a-15"] == pytest.approx(metrics.loc["none", column], abs=1e-3)
        assert readings.loc["narrow-image", "dense-3a"] == pytest.approx(metrics.loc["gaussian", "gain_db"], abs=1e-3)
        assert len(metrics) == 2  # what only a reading asks for is in no table of the study
        distances = readings["dense-1a-15:tolerances"]
        assert distances["narrow-image"] == pytest.approx(abs(metrics.loc["none", "psnr"] - 20), abs=1e-3)

    def test_networks_are_shared_and_those_of_readings_are_trained_beside_them(self, tried):
        folder = tried.folder / "results/tried/runs/digits"
        found = {str(path.parent.relative_to(folder)) for path in folder.rglob("weights.safetensors")}
        variants = ("latent-15", "latent-15_gaussian-0.2")
        assert found == {f"{model}/{name}/replicate-0" for model in ("dense3", "dense3_wide") for name in variants}

    def test_results_are_vouched_for(self, tried):
        sums = (tried.folder / "results/tried/SHA256SUMS").read_text()
        for name in ("readings", "answers", "chance", "transfer"):
            assert f"tables/{name}.csv" in sums
        assert "runs/digits/dense3_wide/latent-15/replicate-0/weights.safetensors" in sums

    def test_the_opening_page_shows_them(self, tried):
        page = (tried.folder / "results/tried/pages/opening.html").read_text()
        for title in ("All claims", "Joint readings by claims", "Answers to the open questions"):
            assert title in page


class TestTransfer:
    def test_a_network_on_other_noise_is_as_scored_by_hand(self, tried, tables):
        """By the exported formula: torch on the stored weights and test images, and numpy."""
        found = tables("transfer")
        chosen = found[(found["model"] == "dense3") & (found["noise"] == "gaussian")].set_index("test_variance")
        assert {0.0, 0.1, 0.2} <= set(chosen.index)
        data = tried.folder / "resources/data/digits"
        clean = np.load(data / "test_images.npy").astype(np.float64) / 255
        noisy = np.load(tried.folder / "results/tried/noisy/digits/gaussian-0.1/shared.npy").astype(np.float64)
        weights = torch_weights(tried.folder / "results/tried/runs/digits/dense3/latent-15_gaussian-0.2/replicate-0")
        for variance, inputs in ((0.0, clean), (0.1, noisy)):
            errors = ((restored(weights, inputs) - clean) ** 2).mean(axis=(1, 2, 3))
            assert chosen.loc[variance, "psnr"] == pytest.approx((-10 * np.log10(errors)).mean(), abs=1e-3)
        errors = ((noisy - clean) ** 2).mean(axis=(1, 2, 3))
        assert chosen.loc[0.1, "psnr_noisy"] == pytest.approx((-10 * np.log10(errors)).mean(), abs=1e-3)
        assert np.isnan(chosen.loc[0.0, "psnr_noisy"])

    def test_its_own_test_set_gives_its_own_metrics(self, tables):
        keys = ["dataset", "model", "latent", "l1", "noise", "variance", "replicate"]
        found = tables("transfer")
        own = found[(found["noise"] == found["test_noise"]) & (found["variance"] == found["test_variance"])]
        both = own.merge(tables("metrics"), on=keys, suffixes=("", "_of_metrics"))
        assert len(both) == 2
        for column in ("psnr", "psnr_pooled", "psnr_clean_input", "bce", "sparsity", "hoyer"):
            np.testing.assert_allclose(both[column], both[f"{column}_of_metrics"], rtol=1e-4)


def torch_weights(folder) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases of the dense layers, from the first to the last."""
    from safetensors.numpy import load_file

    assert json.loads((folder / "manifest.json").read_text())["replicate"] == 0
    state = load_file(folder / "weights.safetensors")
    names = sorted({name.rpartition(".")[0] for name in state}, key=lambda name: (name[0] != "e", name))
    return [(state[f"{name}.weight"], state[f"{name}.bias"]) for name in names]


def restored(layers, images: np.ndarray) -> np.ndarray:
    """What the network makes of images: ReLU after all layers but the latent and the last, which has a sigmoid."""
    values = images.reshape(len(images), -1)
    for place, (weight, bias) in enumerate(layers, 1):
        values = values @ weight.T.astype(float) + bias
        if place == len(layers):
            values = torch.sigmoid(torch.from_numpy(values)).numpy()
        elif place != len(layers) // 2:
            values = np.maximum(values, 0)
    return values.reshape(images.shape)


class TestAgain:
    """What runs again."""

    def test_running_again_does_nothing(self, tried):
        assert tried.planned(READINGS) == {}

    def test_words_of_an_answer_train_and_test_nothing(self, tried):
        with tried.edited(READINGS, "image by image", "for each image by itself"):
            jobs = tried.planned(READINGS)
        assert jobs["readings"] == 1 and jobs.keys() <= AFTER

    def test_a_new_answer_trains_its_own_networks_and_nothing_else(self, tried):
        further = "          - {id: wider, answer: 128 and 64 units, networks: {dense3: {hidden: [128, 64]}}}\n"
        with tried.edited(READINGS, WIDER, WIDER + further):
            jobs = tried.planned(READINGS)
        assert jobs.pop("train") == 2
        assert jobs.pop("tested") == 2 and jobs.pop("transfer") == 1
        assert jobs.keys() <= AFTER

    def test_an_answer_about_scores_trains_and_tests_nothing(self, tried):
        further = "          - {id: range, answer: in the range of the picture, score: own_range}\n"
        with tried.edited(READINGS, POOLED, POOLED + further):
            jobs = tried.planned(READINGS)
        assert jobs["readings"] == 1 and jobs.keys() <= AFTER

    def test_an_answer_about_tests_alone_trains_nothing(self, tried):
        """Networks trained on clean images are there already."""
        further = "          - {id: clean, answer: trained on clean images, trained_on: clean}\n"
        with tried.edited(READINGS, POOLED, POOLED + further):
            jobs = tried.planned(READINGS)
        assert "train" not in jobs
        assert jobs.pop("tested") >= 1 and jobs.pop("transfer") == 1
        assert jobs.keys() <= AFTER

    def test_a_tolerance_trains_and_tests_nothing(self, tried):
        with tried.edited("report/claims.yaml", "tolerance: 1\n", "tolerance: 1.5\n"):
            jobs = tried.planned(READINGS)
        assert jobs["readings"] == jobs["claims"] == 1
        assert jobs.keys() <= AFTER | {"claims"}

    def test_another_test_set_tests_alone(self, tried):
        with tried.edited(READINGS, "variance: [0.1]}", "variance: [0.1, 0.3]}"):
            jobs = tried.planned(READINGS)
        assert (jobs.pop("noisify"), jobs.pop("tested"), jobs.pop("transfer")) == (1, 1, 1)
        assert jobs.keys() <= AFTER | {"claims"}


class TestMistakes:
    def test_are_told_before_anything_runs(self, tried):
        with tried.edited(READINGS, "networks: {dense3:", "networks: {dense4:"):
            done = tried.snakemake("-n", "--configfile", TINY, READINGS)
        assert done.returncode != 0
        assert "widths, wide.networks: no model has the name 'dense4'" in done.stdout
        assert "Traceback" not in done.stdout

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            (
                "noise: [none, gaussian], variance: [0.1]}",
                "noise: [gaussian]}",
                "transfer[0].variance: this key is missing",
            ),
            ("- {noise: [none", "- {dataset: [digitz], noise: [none", "no dataset has the name 'digitz'"),
            ("- {noise: [none, gaussian]", "- {noise: [none, gausian]", "no noise has the name 'gausian'"),
        ],
    )
    def test_in_tests_on_other_sets(self, tried, old, new, words):
        with tried.edited(READINGS, old, new):
            done = tried.snakemake("-n", "--configfile", TINY, READINGS)
        assert done.returncode != 0 and words in done.stdout and "Traceback" not in done.stdout


@pytest.mark.parametrize("study", ["readings", "convergence", "former", "variance", "precision"])
def test_the_studies_of_the_project_can_be_planned(tried, study):
    done = tried.snakemake("-n", "--configfile", f"workflow/studies/{study}.yaml")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert re.search(r"^train +[1-9]", done.stdout, re.MULTILINE)
