"""Protocols from end to end on the tiny study: what they make, and what a changed record runs again."""

import re

import pandas as pd
import pytest

TINY, PROTOCOLS = "tests/tiny.yaml", "tests/protocols.yaml"
FURTHER = """
  - id: shorter
    axis: latent size
    change: latent of 8
    reason: To see what another record runs.
    claims: [dense-1a-15]
    run: {latent: 8}
"""


@pytest.fixture(scope="module")
def tried(new_project):
    """A project in which the protocols were tried."""
    project = new_project()
    done = project.snakemake("--cores", "2", "--resources", "gpu=2", "--configfile", TINY, PROTOCOLS)
    assert done.returncode == 0, done.stdout[-3_000:]
    return project


def test_every_protocol_has_a_row_for_every_number_it_is_tried_on(tried):
    table = pd.read_csv(tried.folder / "results/tried/tables/sensitivity.csv").set_index(["claim", "protocol"])
    assert list(table.loc["conv-2"].index) == ["base", "gaussian-window", "weaker-test"]
    assert table.loc[("conv-1", "weaker-test"), "shift_low"] > 0  # less noise, a better picture
    assert table.loc[("dense-1a-15", "pooled"), "shift"] < 0
    together = pd.read_csv(tried.folder / "results/tried/tables/together.csv")
    assert list(together["protocol"]) == ["base", "pooled", "weaker-test", "gaussian-window"]


def test_numbers_are_those_of_the_other_tables(tried):
    folder = tried.folder / "results/tried"
    table = pd.read_csv(folder / "tables/sensitivity.csv").set_index(["claim", "protocol"])["observed"]
    metrics = pd.read_csv(folder / "tables/metrics.csv").set_index("model")
    claims = pd.read_csv(folder / "tables/claims.csv").set_index("id")["observed"]
    assert table["dense-1a-15", "base"] == claims["dense-1a-15"]
    assert table["conv-2", "base"] == claims["conv-2"]
    assert table["dense-1a-15", "pooled"] == pytest.approx(metrics.psnr_pooled["dense3"], abs=1e-4)
    deep = pd.read_csv(folder / "evaluation/digits/dense5/latent-15/metrics.csv")
    assert table["dense-1a-15", "five-layers"] == pytest.approx(deep.psnr[0], abs=1e-4)
    assert list(metrics.index) == ["conv", "dense3"]  # what only a protocol asks for is in no table of the study


def test_the_opening_page_shows_them(tried):
    page = (tried.folder / "results/tried/pages/opening.html").read_text()
    assert "<h2>Published numbers under other protocols</h2>" in page
    assert re.search(r"moved most by: five layers, −[\d.]+ dB", page)


def test_results_are_vouched_for(tried):
    sums = (tried.folder / "results/tried/SHA256SUMS").read_text()
    for name in ("tables/sensitivity.csv", "tables/together.csv", "figures/sensitivity.png"):
        assert name in sums
    assert "protocols/weaker-test/digits/conv/gaussian_once-0.25/scores.parquet" in sums
    assert "runs/digits/dense5/latent-15/replicate-0/weights.safetensors" in sums


def test_running_again_does_nothing(tried):
    assert tried.planned(PROTOCOLS) == {}


def test_words_of_a_record_make_the_tables_again_and_train_nothing(tried):
    with tried.edited(PROTOCOLS, "The depth is not stated.", "The depth may be either."):
        assert tried.planned(PROTOCOLS).keys() <= {"sensitivity_tables", "sensitivity_figure", "page", "opening"}
        assert tried.planned(PROTOCOLS)["sensitivity_tables"] == 1


def test_another_record_trains_what_it_asks_for_and_nothing_else(tried):
    with tried.edited(PROTOCOLS, "    test: {variance: 0.1}\n", "    test: {variance: 0.1}\n" + FURTHER):
        jobs = tried.planned(PROTOCOLS)
    assert (jobs.pop("train"), jobs.pop("evaluate")) == (1, 1)
    assert jobs.keys() == {"sensitivity_tables", "sensitivity_figure", "page", "opening"}


def test_another_way_to_score_scores_that_protocol_again(tried):
    with tried.edited(PROTOCOLS, "score: {ssim: gaussian11}", "score: {ssim: gaussian11_full}"):
        jobs = tried.planned(PROTOCOLS)
    assert jobs.pop("rescore") == 1
    assert jobs.keys() == {"sensitivity_tables", "sensitivity_figure", "page", "opening"}


def test_the_figure_alone_is_drawn_again(tried):
    with tried.edited("workflow/aestudy/figures/protocols.py", "import", "# a change\nimport"):
        assert tried.planned(PROTOCOLS) == {"sensitivity_figure": 1, "opening": 1}


def test_a_study_without_protocols_says_where_they_are(tried):
    done = tried.snakemake("-n", "sensitivity", "--configfile", TINY)
    assert done.returncode != 0
    assert "Study tiny has no protocols: add --configfile workflow/studies/sensitivity.yaml" in done.stdout


def test_a_mistake_in_a_record_is_told_before_anything_runs(tried):
    with tried.edited(PROTOCOLS, "run: {model: dense5}", "run: {model: dense4}"):
        done = tried.snakemake("-n", "--configfile", TINY, PROTOCOLS)
    assert done.returncode != 0
    assert "protocols, five-layers.run.model: no model has the name 'dense4'" in done.stdout


@pytest.mark.parametrize(("study", "trained"), [("sensitivity", 48), ("convergence", 8)])
def test_the_studies_of_the_reports_can_be_planned(tried, study, trained):
    done = tried.snakemake("-n", "--configfile", f"workflow/studies/{study}.yaml")
    assert re.search(rf"^train +{trained}$", done.stdout, re.MULTILINE), done.stdout[-3_000:]
