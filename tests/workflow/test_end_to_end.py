"""A finished study: what it leaves, that it repeats, and that the report is built from it."""

import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

from aestudy.base import gpus
from aestudy.claims.records import VERDICTS
from aestudy.driver import trainings

METRICS = (
    "dataset,model,latent,l1,noise,variance,replicate,psnr,psnr_pooled,ssim,mse,bce,psnr_noisy,ssim_noisy,gain_db,"
    "sparsity,latent_mean,epochs,psnr_noisy_pooled,psnr_clean_input,psnr_clean_input_pooled,psnr_first_100,"
    "ssim_first_100,psnr_noisy_first_100,ssim_noisy_first_100,gain_db_first_100,detail,latent_average,"
    "sparsity_relative,hoyer"
)
COST = (
    "dataset,model,latent,l1,noise,variance,replicate,parameters,train_seconds,seconds_per_epoch,images_per_second,"
    "peak_memory_mb,device,threads,precision"
)
CLAIMS = "id,report,statement,expected,observed,ci_low,ci_high,tolerance,verdict,reason,evidence,"
CLAIMS += "exploratory,read_as,unit,scale"
CERTAINTY = (
    "id,part,replicates,observed,deviation,ci_low,ci_high,state,p,p_holm,power_3,power_10,power_30,replicates_80"
)


@pytest.fixture
def results(finished):
    return finished.folder / "results/tiny"


@pytest.mark.parametrize(
    ("table", "header"), [("metrics", METRICS), ("cost", COST), ("claims", CLAIMS), ("certainty", CERTAINTY)]
)
def test_tables_have_the_columns_agreed_on(results, table, header):
    assert (results / "tables" / f"{table}.csv").read_text().splitlines()[0] == header


def test_metrics_have_a_row_per_run_and_replicate(results):
    table = pd.read_csv(results / "tables/metrics.csv", keep_default_na=False, na_values=[""])
    assert len(table) == 5 * 2
    assert not table.duplicated(["dataset", "model", "latent", "l1", "noise", "variance", "replicate"]).any()
    clean = table["noise"] == "none"
    assert table.loc[clean, ["psnr_noisy", "gain_db"]].isna().all(axis=None)
    noisy = table[~clean]
    assert np.allclose(noisy["gain_db"], noisy["psnr"] - noisy["psnr_noisy"])
    # Both replicates of all models on a condition are scored on the same noisy images.
    assert (noisy.groupby(["dataset", "noise", "variance"])["psnr_noisy"].nunique() == 1).all()


def test_metrics_can_be_traced_to_scores_per_image(results):
    table = pd.read_csv(results / "tables/metrics.csv").set_index(["model", "noise", "l1", "replicate"])
    scores = pd.read_parquet(results / "evaluation/digits/conv/gaussian_once-0.25/scores.parquet")
    for replicate, rows in scores.groupby("replicate"):
        row = table.loc[("conv", "gaussian_once", 0.0, replicate)]
        assert row["psnr"] == pytest.approx(rows["psnr"].mean())
        assert row["psnr_pooled"] == pytest.approx(-10 * np.log10(rows["mse"].mean()))
        assert row["ssim"] == pytest.approx(rows["ssim"].mean())
        assert row["psnr_first_100"] == pytest.approx(rows["psnr"][:100].mean())
        assert row["psnr_clean_input"] == pytest.approx(rows["psnr_clean_input"].mean())


def test_every_claim_has_a_verdict_and_a_reason(results):
    claims = pd.read_csv(results / "tables/claims.csv", dtype=str, keep_default_na=False)
    assert len(claims) >= 14
    assert set(claims["verdict"]) <= set(VERDICTS)
    assert (claims["reason"].str.len() > 20).all()


def test_every_claim_that_could_be_tested_says_how_sure_it_is(results):
    claims = pd.read_csv(results / "tables/claims.csv", dtype=str, keep_default_na=False)
    certainty = pd.read_csv(results / "tables/certainty.csv")
    assert set(certainty["id"]) == set(claims.loc[claims["verdict"] != "not testable", "id"])
    assert (certainty["replicates"] == 2).all()
    assert (certainty["p_holm"] >= certainty["p"]).all()
    held = certainty.groupby("id").agg(p=("p", "max"), all_hold=("state", lambda states: set(states) == {"holds"}))
    assert (held["all_hold"] == (held["p"] < 0.05)).all()


def test_each_run_leaves_three_files_of_its_evaluation(results):
    folders = [path.parent for path in (results / "evaluation").rglob("summary.json")]
    assert len(folders) == 5
    for folder in folders:
        shown = {path.name for path in folder.iterdir() if not path.name.startswith(".")}  # hashes are hidden
        assert shown == {"scores.parquet", "pictures.npy", "summary.json"}
        assert np.load(folder / "pictures.npy").shape == (3, 10 + 3, 1, 28, 28)


def test_manifest_names_everything_that_made_the_weights(results):
    manifest = json.loads((results / "runs/digits/dense3/latent-15/replicate-1/manifest.json").read_text())
    about = json.loads((results / "../../resources/data/digits/dataset.json").read_text())
    assert manifest["binding"]["data"] == about["array_sha256"]
    assert manifest["binding"]["identity"]["training"]["epochs"] == 15
    assert manifest["replicate"] == 1
    assert {"torch", "python"} <= manifest["software"].keys()
    assert manifest["commit"] and manifest["cost"]["device"]


def test_every_job_logged_and_trainings_were_measured(results):
    assert len(list((results / "logs/train").rglob("*.log"))) == 5
    assert len(list((results / "benchmarks/train").rglob("*.tsv"))) == 5
    log = (results / "logs/train/digits/conv/gaussian_once-0.25.log").read_text()
    assert "replicate 1 epoch 8: train loss" in log


def test_progress_is_read_from_the_logs(results):
    log = (results / "logs/train/digits/conv/gaussian_once-0.25.log").read_text()
    found = trainings.position(log, epochs=8)
    assert found.epochs == 2 * 8
    assert float(found.loss) > 0


def test_banner_and_end_say_what_is_where(finished):
    assert "Study tiny: 5 runs x 2 replicates, 0 of the runs trained." in finished.output
    assert "results: results/tiny/" in finished.output
    assert finished.output.index("Verdicts of study tiny:") > finished.output.index("steps (100%) done")


@pytest.mark.skipif(bool(gpus.visible()), reason="with a GPU, gpu=1 means one training at a time")
def test_two_cores_without_a_gpu_train_two_runs_at_once(finished):
    """Although one GPU is offered: without one, a training asks for none."""
    running, most = set(), 0
    steps = re.findall(
        r"^(localrule|rule) train:\n(?: .*\n)*? +jobid: (\d+)|^Finished jobid: (\d+)", finished.output, re.M
    )
    for _, begun, ended in steps:
        running = running | {begun} if begun else running - {ended}
        most = max(most, len(running))
    assert most == 2 and not running


def test_an_added_replicate_leaves_the_others_alone(finished, new_project):
    """The first replicates of a study with more of them are those of the smaller study."""
    manifests = "results/tiny/runs/digits/dense3/latent-15/replicate-{}/manifest.json"
    before = (finished.folder / manifests.format(0)).read_bytes()
    target = manifests.format(2)
    done = finished.snakemake("--cores", "1", target, "--configfile", "tests/tiny.yaml", "--config", "replicates=3")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert (finished.folder / target).exists()
    assert (finished.folder / manifests.format(0)).read_bytes() == before


def test_report_is_built(report, results):
    text = report.read_text()
    assert len(text) < 15e6
    for name in ("claims.html", "explore.html", "fig3.png", "penalties.png", "verdicts.png"):
        assert name in text
    with zipfile.ZipFile(report.with_suffix(".zip")) as archive:
        assert any(name.endswith("explore.html") for name in archive.namelist())
    # The report's own place for a caption shows what the opening page shows.
    caption = (results / "captions/conv/fig2.rst").read_text()
    assert "conv-1: The denoised first 100 test images" in caption and "Published: 20.38" in caption
    assert "conv-1: The denoised first 100 test images" in text
