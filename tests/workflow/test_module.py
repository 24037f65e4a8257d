"""The workflow as a module of another one, as the documentation says."""

import shutil

import pytest
from test_docs import blocks

RULES = "autoencoders_"


@pytest.fixture(scope="module")
def importing(new_project, tmp_path_factory):
    """A project elsewhere that holds this one in the folder `autoencoders`."""
    project = new_project()
    inner = tmp_path_factory.mktemp("importing") / "autoencoders"
    shutil.move(project.folder, inner)
    project.folder = inner.parent
    for block in blocks("how-it-is-built.md"):
        if block.file:
            (project.folder / block.file).write_text(block.text)
    return project


def test_the_whole_study_is_planned(importing):
    done = importing.snakemake("-n", "--cores", "1")
    assert done.returncode == 0, done.stdout[-3_000:]
    for jobs in ("prepare 1", "train 2", "evaluate 2", "metrics 1"):
        rule, count = jobs.split()
        assert f"\n{RULES}{rule} {count}\n" in "\n".join(" ".join(line.split()) for line in done.stdout.splitlines())
    assert "\nsummary " in done.stdout


def test_claims_are_those_of_the_module(importing):
    done = importing.snakemake("-n", "--cores", "1", "results/mine/tables/claims.csv")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "autoencoders/report/claims.yaml" in done.stdout


def test_a_job_of_the_module_runs(importing):
    target = "resources/data/digits/dataset.json"
    done = importing.snakemake(target, "--cores", "1")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert (importing.folder / target).exists()
    again = importing.snakemake("-n", target, "--cores", "1")
    assert "Nothing to be done" in again.stdout
