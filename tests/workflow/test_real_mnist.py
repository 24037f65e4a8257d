"""A short study on the real MNIST, from compressed files to verdicts: where AE_DATA_MIRROR says where the files are."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

MIRROR = os.environ.get("AE_DATA_MIRROR")
if MIRROR and "://" not in MIRROR:
    MIRROR = str(Path(MIRROR).resolve())
pytestmark = pytest.mark.skipif(not MIRROR, reason="AE_DATA_MIRROR is not set")


@pytest.fixture(scope="module")
def project(made_once):
    def with_mirror(project):
        shutil.copy("tests/real.yaml", project.folder)
        return project

    command = ["snakemake", "--cores", "2", "--resources", "gpu=2", "--configfile", "real.yaml"]
    return made_once("real", command, with_mirror, AE_DATA_MIRROR=MIRROR).folder


@pytest.fixture(scope="module")
def metrics(project):
    return pd.read_csv(project / "results/real/tables/metrics.csv", keep_default_na=False, na_values=[""]).set_index(
        "noise"
    )


@pytest.fixture(scope="module")
def baselines(project):
    return pd.read_csv(project / "results/real/tables/baselines.csv", keep_default_na=False, na_values=[""])


def test_data_are_those_of_the_data_set(project):
    train, test = (np.load(project / f"resources/data/mnist/{part}_images.npy") for part in ("train", "test"))
    assert train.shape == (60_000, 1, 28, 28) and test.shape == (10_000, 1, 28, 28)
    assert train.mean() / 255 == pytest.approx(0.1307, abs=1e-4)  # as everyone normalises MNIST
    labels = np.load(project / "resources/data/mnist/test_labels.npy")
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    about = json.loads((project / "resources/data/mnist/dataset.json").read_text())
    assert about["licence"]


def test_networks_learn(metrics, baselines):
    pca = baselines.query("baseline == 'pca' and latent == 15 and noise == 'none'")["psnr"].item()
    assert metrics.loc["none", "psnr"] > pca  # the best that a linear autoencoder of this size can do
    assert metrics.loc["gaussian", "gain_db"] > 4


def test_noise_is_what_it_should_be(metrics):
    """Clipped noise of variance 0.2 on images that are mostly zeros: about 10 dB."""
    assert metrics.loc["gaussian", "psnr_noisy"] == pytest.approx(10.15, abs=0.1)


def test_claims_that_the_study_covers_are_judged(project):
    claims = pd.read_csv(project / "results/real/tables/claims.csv", index_col="id")
    assert claims.loc["dense-1a-15", "verdict"] != "not testable"
    assert claims.loc["dense-1c", "verdict"] == "not testable"
    assert not [name for name in claims.index if name.startswith("conv")]  # the study has no experiment of that report
