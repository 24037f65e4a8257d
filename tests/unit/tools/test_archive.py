"""Archives of finished studies: what is in them, and what is refused."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.tools import archive, verify
from unit.tools import archived


@pytest.fixture(autouse=True)
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    archived.lay_out()


def test_it_holds_what_was_made_what_it_was_made_by_and_from(tmp_path):
    with zipfile.ZipFile(archived.make()) as made:
        names = set(made.namelist())
        for name in archived.MADE:
            assert made.read(name) == Path(name).read_bytes()
    assert names == {
        *archived.MADE,
        *("results/small/SHA256SUMS", "provenance/snakemake.json", "ro-crate-metadata.json", "mine/claims.yaml"),
        *("Snakefile", "config.yaml", "workflow/rules/a.smk", "report/workflow.rst"),
        *("LICENSE", "CITATION.cff", "README.md", "requirements.lock"),
    }


def test_the_verb_writes_a_checksum_that_sha256sum_reads_and_names_the_licences_of_the_data(capsys):
    archive.run(type("Options", (), {"study": "small", "out": None}))
    done = subprocess.run(
        ["sha256sum", "--check", "small.crate.zip.sha256"], cwd="results", capture_output=True, text=True
    )
    assert done.stdout == "small.crate.zip: OK\n"
    told = capsys.readouterr().out
    assert "results/small.crate.zip: 0." in told and "digits (CC BY 4.0)" in told


def test_a_changed_result_is_not_archived():
    Path(archived.WEIGHTS).write_text("others")
    with pytest.raises(UserError, match=f"study small is not as it was made.*{archived.WEIGHTS}: changed"):
        archived.make()
    assert not Path("small.crate.zip").exists()


def test_all_changed_results_are_counted():
    for name in list(archived.MADE)[1:4]:
        Path(name).unlink()
    with pytest.raises(UserError, match=r"missing \(2 more: `make verify STUDY=small`\)"):
        archived.make()


def test_a_study_that_has_not_run_to_its_end():
    with pytest.raises(UserError, match=r"results/other/SHA256SUMS is not there: a study has it once it has run"):
        archive.archive("other", Path("a.zip"))


def test_results_whose_making_snakemake_does_not_know():
    files.write_text(Path("results/small/tables/more.csv"), "a\n")
    files.write_text(
        archived.RESULTS / verify.SUMS, verify.checksums([*archived.MADE, "results/small/tables/more.csv"])
    )
    with pytest.raises(UserError, match=r"no record of how 1 of 8 files were made, such as results/small/tables/more"):
        archived.make()


@pytest.mark.parametrize("place", ["/somewhere/claims.yaml", "../claims.yaml"])
def test_a_file_of_the_user_s_outside_of_the_folder(place):
    configuration = archived.RESULTS / archive.CONFIGURATION
    text = configuration.read_text().replace("mine/claims.yaml", place)
    configuration.write_text(text)
    with pytest.raises(UserError, match=f"study small uses {place}, and an archive holds only what"):
        list(archive.own_files(configuration))


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("results/small/tables/claims.csv", True),
        ("results/small/figures/dense/fig2-1-top.svg", True),
        ("results/small/SHA256SUMS", True),
        ("results/small/runs/digits/dense3/latent-15/replicate-0/weights.safetensors", False),
        ("results/small/evaluation/digits/conv/gaussian-0.25/scores.parquet", False),
        ("resources/data/digits/dataset.json", False),
    ],
)
def test_what_is_made_again(path, again):
    assert archive.is_rebuilt(path) is again


def test_planning_needs_none_of_this():
    """The library of crates is imported when an archive is written, and not with the verbs."""
    code = "import sys; import aestudy.tools.archive, aestudy.tools.unarchive; sys.exit('rocrate' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(archived.ROOT / "workflow")}).returncode
        == 0
    )
