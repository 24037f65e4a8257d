"""Publishing copies what a finished study has into a folder of its own, and renews the README's line for one study."""

import datetime
import gzip
from argparse import Namespace
from pathlib import Path

import pandas as pd
import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.tools import publish

COLUMNS = ["id", "report", "statement", "expected", "observed", "ci_low", "ci_high", "tolerance", "verdict", "reason"]
COLUMNS += ["evidence", "exploratory", "read_as"]
CLAIMS = pd.DataFrame(
    [
        ("a-1", "dense", "More is | better.", "> 0", "-6.3456", "-6.6", "-6.1", "0", "reproduced", "so", "x", "", ""),
        ("a-2", "dense", "About 20.", "20", "25", "", "", "1", "not reproduced", "far off", "x", "yes", "On MNIST."),
        ("a-3", "conv", "Unknown.", "1", "", "", "", "1", "not testable", "no run", "x", "", ""),
    ],
    columns=COLUMNS,
).assign(unit=["dB", "", "dB"])
COST = pd.DataFrame(
    {"replicate": [0, 1], "device": ["abacus", "slide rule"], "threads": [1, 2], "train_seconds": [3_600.0, 5_400.0]}
)
SOFTWARE = {"torch": ["2.9"], "commit of the workflow": ["0123456789abcdef", "fedcba9876543210+changes"]}
README = f"# Above\n\n{publish.BEGIN}\nold\n{publish.END}\n\nbelow\n"
TOLD = "3 claims: 1 reproduced, 1 not reproduced, 1 not testable."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with a README with marks."""
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text(README)


def published(study: str = "trial", claims: pd.DataFrame = CLAIMS) -> Path:
    """Make up a finished study and publish it; returns the folder."""
    folder = Path("results", study)
    files.write_csv(folder / "tables/claims.csv", claims)
    files.write_csv(folder / "tables/cost.csv", COST)
    files.write_csv(folder / "tables/history.csv", pd.DataFrame({"epoch": range(publish.LARGEST)}))
    files.write_json(folder / "tables/software.json", SOFTWARE)
    for name in ("dense/fig2-1-top", "verdicts"):
        files.write_bytes(folder / f"figures/{name}.png", name.encode())
        files.write_bytes(folder / f"figures/{name}.svg", b"<svg/>")
    files.write_text(folder / "SHA256SUMS", "")
    publish.run(Namespace(study=study))
    return Path("docs/results", study)


def test_tables_and_figures_are_copied_and_large_tables_compressed():
    folder = published()
    assert {path.name for path in folder.iterdir()} == {
        *("README.md", "claims.csv", "cost.csv", "history.csv.gz", "dense-fig2-1-top.png", "verdicts.png")
    }
    assert (folder / "claims.csv").read_bytes() == Path("results/trial/tables/claims.csv").read_bytes()
    assert (
        gzip.decompress((folder / "history.csv.gz").read_bytes())
        == Path("results/trial/tables/history.csv").read_bytes()
    )
    assert (folder / "dense-fig2-1-top.png").read_bytes() == b"dense/fig2-1-top"


def test_the_folder_says_how_the_study_was_made_and_what_was_found():
    text = (published() / "README.md").read_text()
    assert "2 trained networks (2 replicates) on abacus, slide rule, 4.0 core-hours of training; torch 2.9; " in text
    assert (
        f"trained at commit 0123456789ab, fedcba987654+changes; published {datetime.date.today().isoformat()}." in text
    )
    assert TOLD in text
    assert "| **a-1** More is \\| better. | > 0 | −6.35 dB [−6.6, −6.1] | **reproduced** | so |" in text
    told = "**a-2** About 20. Read as: On MNIST. (Written after results had been seen.)"
    assert f"| {told} | 20 | 25 | **not reproduced** | far off |" in text
    assert "| **a-3** Unknown. | 1 | – | **not testable** | no run |" in text


def test_a_study_without_claims_has_no_table_of_them():
    text = (published(claims=CLAIMS[:0]) / "README.md").read_text()
    assert "trained networks" in text and "claims" not in text


def test_only_the_main_study_renews_the_readme():
    published()
    assert Path("README.md").read_text() == README
    published(publish.MAIN)
    text = Path("README.md").read_text()
    assert text.startswith("# Above\n\n") and text.endswith("\n\nbelow\n")
    assert "old" not in text and TOLD in text and "torch 2.9" in text


def test_publishing_again_leaves_nothing_of_before():
    folder = published()
    (folder / "old.csv").touch()
    before = (folder / "README.md").read_text()
    assert (published() / "README.md").read_text() == before
    assert not (folder / "old.csv").exists()


def test_a_study_that_is_not_finished_publishes_nothing():
    with pytest.raises(UserError, match="results/other holds no finished study"):
        publish.run(Namespace(study="other"))
    assert not Path("docs").exists() and Path("README.md").read_text() == README
