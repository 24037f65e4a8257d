"""The opening page: what it says must be what the tables say."""

import base64

import pandas as pd
import pytest

from aestudy.pages import opening
from unit.pages.made_up import BASELINES, LABEL, METRICS, claim


def test_baselines_are_compared_with_the_best_network():
    found = opening.compared(METRICS, BASELINES, LABEL)
    assert found["heads"] == ["best network", "affine", "mean image", "median", "pca"]
    assert found["rows"] == [
        {"dataset": "MNIST", "condition": "Gaussian, σ² = 0.25", "numbers": ["19.00", "17.70", "–", "15.60", "–"]},
        {"dataset": "MNIST", "condition": "clean", "numbers": ["26.00", "–", "11.70", "–", "20.40"]},
    ]


def test_cost_gives_ranges():
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


def test_markup_of_captions_cannot_bring_in_html():
    assert "<script>" not in opening.html_of(".. raw:: html\n\n   <script>alert(1)</script>\n")


COST = {"dataset": "mnist", "model": "dense3", "replicate": 0, "parameters": 1_000, "seconds_per_epoch": 1.0}
COST |= {"images_per_second": 1000.0, "peak_memory_mb": 900.0, "train_seconds": 30.0, "device": "cpu"}


@pytest.fixture
def page(tmp_path):
    """The page of a study with two figures of a report, one of an experiment of its own, and one of all claims."""
    figures = [
        {"name": "dense/fig1", "title": "Figure 1", "experiment": "latent"},
        {"name": "dense/fig2", "title": "Figure 2", "experiment": "latent"},
        {"name": "experiments/own", "title": "Experiment own", "experiment": "own"},
    ]
    names = [*(figure["name"] for figure in figures), "verdicts"]
    for number, name in enumerate(names):
        (tmp_path / f"{number}.png").write_bytes(name.encode())
    claims = pd.DataFrame([claim(), claim(id="conv-1", verdict="not testable", observed="", ci_low="", ci_high="")])
    cost = pd.DataFrame([COST | {"precision": "fp32", "threads": 1}])
    dataset = {"name": "mnist", "source": "idx", "train": 60_000, "test": 10_000, "channels": 1, "height": 28}
    dataset |= {"width": 28, "licence": "CC BY-SA", "homepage": "https://example.org", "array_sha256": {}}
    return opening.page(
        study="trial",
        tables=opening.Tables(claims, METRICS, BASELINES, cost),
        reports={"dense": "Dense networks", "conv": "A convolutional network"},
        sections=[
            {"name": "own", "title": "A sweep of my own", "report": None},
            {"name": "latent", "title": "Latent size", "report": "dense"},
        ],
        figures=figures,
        captions={name: f"Caption of {name}." for name in names[:-1]},
        images={name: tmp_path / f"{number}.png" for number, name in enumerate(names[:-1])},
        summaries=[opening.SummaryFigure("verdicts", "All claims", "Caption of *verdicts*.", tmp_path / "3.png")],
        datasets=[dataset | {"source_sha256": {"a.gz": "0" * 64}}],
        software={"torch": ["2.14", "2.15"], "commit of the workflow": ["abc"]},
        configuration={"study": "trial", "stand_ins": {"mnist": "digits"}},
        label=LABEL,
    )


def test_page_shows_reports_in_their_order_and_own_experiments_after_them(page):
    places = [page.index(text) for text in ("Dense networks", "Latent size", "Other experiments", "A sweep of my own")]
    assert places == sorted(places)
    assert "A convolutional network" not in page  # the study has no experiment of it


def test_page_shows_every_figure_with_its_caption(page):
    for name, title in (("dense/fig1", "Figure 1"), ("dense/fig2", "Figure 2"), ("experiments/own", "Experiment own")):
        assert title in page and f"Caption of {name}." in page
        assert base64.b64encode(name.encode()).decode() in page
    assert "Caption of <em>verdicts</em>." in page
    assert base64.b64encode(b"verdicts").decode() in page
    assert page.index("Caption of <em>verdicts</em>.") < page.index("Caption of dense/fig1.")


def test_page_tells_the_software_and_where_runs_differ(page):
    assert "2.14, 2.15" in page and "commit of the workflow" in page


def test_page_shows_every_verdict(page):
    for text in ("dense-1a-15", "20.5", "[20.25, 20.75]", "± 1", "reproduced", "conv-1", "not testable"):
        assert text in page
    assert "digits standing in for MNIST" in page


def page_on(*reports: str) -> str:
    """The page of a study with a claim of each of these reports, of which `dense` is a published one."""
    claims = [claim(report=report, read_as="", exploratory="", unit="dB", scale="1") for report in reports]
    columns = list(claim(read_as="", exploratory=""))
    return opening.page(
        study="trial",
        tables=opening.Tables(
            pd.DataFrame(claims, columns=columns),
            METRICS,
            BASELINES,
            pd.DataFrame([COST | {"precision": "fp32", "threads": 1}]),
        ),
        reports={"dense": "Dense networks"},
        sections=[],
        figures=[],
        captions={},
        images={},
        summaries=[],
        datasets=[],
        software={},
        configuration={"study": "trial", "stand_ins": {}},
        label=LABEL,
    )


def test_says_that_verdicts_on_the_reports_need_another_study():
    found = page_on("demo")
    assert "Verdicts on the published reports need <code>make study</code>." in found
    assert ">Expected</th>" in found and "Published" not in found


@pytest.mark.parametrize("reports", [("dense",), ("demo", "dense")])
def test_does_not_where_a_published_report_is_judged(reports):
    found = page_on(*reports)
    assert "make study" not in found
    assert ">Published</th>" in found


def test_a_study_without_claims_has_no_table_of_them():
    assert "make study" not in page_on() and 'aria-label="Verdicts' not in page_on()
