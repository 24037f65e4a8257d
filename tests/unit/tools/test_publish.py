"""Publishing copies what a finished study has, and renews the text between the marks, and nothing else."""

import datetime
from argparse import Namespace

import pandas as pd
import pytest

from aestudy.base import files
from aestudy.tools import publish

CLAIMS = pd.DataFrame(
    [
        ("a-1", "dense", "More is | better.", "> 0", "6.3456", "6.1", "6.6", "0", "reproduced", "so", "dense/fig1"),
        ("a-2", "dense", "About 20.", "20", "25", "", "", "1", "not reproduced", "far off", "metrics"),
        ("a-3", "conv", "Unknown.", "1", "", "", "", "1", "not testable", "no run", "metrics"),
    ],
    columns=[
        *["id", "report", "statement", "expected", "observed", "ci_low", "ci_high", "tolerance"],
        "verdict",
        "reason",
        "evidence",
    ],
)
COST = pd.DataFrame(
    {"replicate": [0, 1], "device": ["abacus", "slide rule"], "threads": [1, 2], "train_seconds": [3_600.0, 5_400.0]}
)


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """A made-up finished study `trial`, and a README with marks."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results/trial"
    for name in publish.PUBLISHED:
        files.write_csv(folder / "tables" / f"{name}.csv", pd.DataFrame({"table": [name]}))
    files.write_csv(folder / "tables/claims.csv", CLAIMS)
    files.write_csv(folder / "tables/cost.csv", COST)
    files.write_csv(folder / "tables/history.csv", pd.DataFrame({"epoch": [1]}))
    for name in ("dense/fig2-1-top", "experiments/own"):
        files.write_bytes(folder / f"figures/{name}.png", name.encode())
        files.write_bytes(folder / f"figures/{name}.svg", b"<svg/>")
    (tmp_path / "README.md").write_text(f"# Above\n\n{publish.BEGIN}\nold\n{publish.END}\n\nbelow\n")
    return tmp_path


def published(folder) -> str:
    """What is between the marks of the README."""
    publish.run(Namespace(study="trial"))
    text = (folder / "README.md").read_text()
    assert text.startswith("# Above\n\n") and text.endswith("\n\nbelow\n")
    return text.partition(publish.BEGIN)[2].partition(publish.END)[0]


def test_tables_and_figures_are_copied(finished):
    publish.run(Namespace(study="trial"))
    places = finished / "docs/results"
    assert {path.name for path in places.iterdir()} == {
        *(f"{name}.csv" for name in publish.PUBLISHED),
        "dense-fig2-1-top.png",
        "experiments-own.png",
    }
    for name in publish.PUBLISHED:
        assert (places / f"{name}.csv").read_bytes() == (finished / f"results/trial/tables/{name}.csv").read_bytes()
    assert (places / "dense-fig2-1-top.png").read_bytes() == b"dense/fig2-1-top"


def test_text_between_the_marks_is_renewed(finished):
    text = published(finished)
    assert "old" not in text
    assert "| **a-1** More is \\| better. | > 0 | 6.35 [6.1, 6.6] | **reproduced** | so |" in text
    assert "| **a-2** About 20. | 20 | 25 | **not reproduced** | far off |" in text
    assert "| **a-3** Unknown. | 1 | – | **not testable** | no run |" in text


def test_summary_counts_networks_hours_and_verdicts(finished):
    text = published(finished)
    assert "2 trained networks, 2 replicate(s) of each run. Trained on abacus, slide rule, 2 thread(s) a run, " in text
    assert f"2.5 h of training in all; published {datetime.date.today().isoformat()}. " in text
    assert "Verdicts: 1 reproduced, 1 not reproduced, 1 not testable." in text
    assert "One replicate" not in text


def test_one_replicate_is_said_to_be_one(finished):
    files.write_csv(finished / "results/trial/tables/cost.csv", COST[:1])
    assert "**One replicate**: intervals cover the choice of test images only." in published(finished)


def test_publishing_again_changes_nothing(finished):
    first = published(finished)
    assert published(finished) == first


def test_a_study_that_is_not_finished_publishes_nothing(finished):
    (finished / "results/trial/tables/claims.csv").unlink()
    before = (finished / "README.md").read_text()
    with pytest.raises(FileNotFoundError):
        publish.run(Namespace(study="trial"))
    assert (finished / "README.md").read_text() == before
