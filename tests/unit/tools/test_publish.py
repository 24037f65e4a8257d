"""Publishing copies what a finished study has into a folder of its own, and renews the README's line for one study."""

import datetime
import functools
import gzip
from argparse import Namespace
from pathlib import Path

import pandas as pd
import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.replicates.manifest import Binding, Manifest
from aestudy.tools import publish, verify

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
ELSEWHERE = {"commit": "fedcba9876543210+changes", "device": "slide rule"}
README = f"# Above\n\n{publish.BEGIN}\nold\n{publish.END}\n\nbelow\n"
TOLD = "3 claims: 1 reproduced, 1 not reproduced, 1 not testable."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with a README with marks."""
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text(README)


@pytest.fixture
def make_manifest(make_identity):
    """Manifests of replicates of a run, of some epochs, which took some hours on some threads."""

    def make(replicate=0, epochs=10, hours=1.0, threads=1, commit="0123456789abcdef", device="abacus"):
        cost = {"device": device, "threads": threads, "train_seconds": 3600 * hours}
        binding = Binding(make_identity(epochs=epochs), "code", {})
        return Manifest(binding, {"model": f"of_{epochs}_epochs"}, replicate, {"torch": "2.9"}, commit, cost)

    return make


@pytest.fixture
def published(make_manifest):
    return functools.partial(publish_trial, [make_manifest(0), make_manifest(1, hours=1.5, threads=2, **ELSEWHERE)])


def publish_trial(trained: list[Manifest], study: str = "trial", claims: pd.DataFrame = CLAIMS) -> Path:
    """Make up a finished study and publish it; returns the folder."""
    folder = Path("results", study)
    files.write_csv(folder / "tables/claims.csv", claims)
    files.write_csv(folder / "tables/history.csv", pd.DataFrame({"epoch": range(publish.LARGEST)}))
    for number, manifest in enumerate(trained):
        manifest.write(folder / f"runs/{number}")
    for name in ("dense/fig2-1-top", "verdicts"):
        files.write_bytes(folder / f"figures/{name}.png", name.encode())
        files.write_bytes(folder / f"figures/{name}.svg", b"<svg/>")
    files.write_text(folder / verify.SUMS, verify.checksums(sorted(folder.rglob("*.*"))))
    publish.run(Namespace(study=study))
    return Path("docs/results", study)


def test_tables_and_figures_are_copied_and_large_tables_compressed(published):
    folder = published()
    assert {path.name for path in folder.iterdir()} == {
        *("README.md", "claims.csv", "history.csv.gz", "dense-fig2-1-top.png", "verdicts.png")
    }
    assert (folder / "claims.csv").read_bytes() == Path("results/trial/tables/claims.csv").read_bytes()
    assert (
        gzip.decompress((folder / "history.csv.gz").read_bytes())
        == Path("results/trial/tables/history.csv").read_bytes()
    )
    assert (folder / "dense-fig2-1-top.png").read_bytes() == b"dense/fig2-1-top"


def test_the_folder_says_how_the_study_was_made_and_what_was_found(published):
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


def test_core_hours_count_epochs_once_that_a_longer_training_took_over(make_manifest):
    short, long = make_manifest(epochs=5), make_manifest(epochs=20, hours=4)
    again = make_manifest(1, epochs=20, hours=3)
    assert publish.core_seconds([long, again, short]) == 7 * 3600
    assert publish.core_seconds([short, again]) == 4 * 3600  # of different replicates
    assert publish.core_seconds([short, short, long]) == 5 * 3600  # two runs of one network are two trainings
    assert "3 trained networks (1 to 2 replicates) on abacus, 7.0 core-hours" in publish.made([long, again, short])


def test_a_study_without_claims_has_no_table_of_them(published):
    text = (published(claims=CLAIMS[:0]) / "README.md").read_text()
    assert "trained networks" in text and "claims" not in text


def test_only_the_main_study_renews_the_readme(published):
    published()
    assert Path("README.md").read_text() == README
    published(publish.MAIN)
    text = Path("README.md").read_text()
    assert text.startswith("# Above\n\n") and text.endswith("\n\nbelow\n")
    assert "old" not in text and TOLD in text and "torch 2.9" in text


def test_publishing_again_leaves_nothing_of_before(published):
    folder = published()
    (folder / "old.csv").touch()
    before = (folder / "README.md").read_text()
    assert (published() / "README.md").read_text() == before
    assert not (folder / "old.csv").exists()


def test_a_study_that_is_not_finished_publishes_nothing():
    with pytest.raises(UserError, match="results/other holds no finished study"):
        publish.run(Namespace(study="other"))
    assert not Path("docs").exists() and Path("README.md").read_text() == README
