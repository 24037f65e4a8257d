"""A user's mistakes end in a sentence: no traceback, nothing run, nothing half-written kept."""

import gzip
import hashlib

import pytest


@pytest.fixture(scope="module")
def project(new_project):
    return new_project()


def run(project, overlay: str, *targets: str, **environment):
    (project.folder / "overlay.yaml").write_text(overlay)
    return project.snakemake("--cores", "1", *targets, "--configfile", "overlay.yaml", **environment)


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ("replicats: 2\n", ["replicats", "unknown key", "replicates"]),
        ("training:\n  learning_rate: 1e-05\n", ["training.learning_rate", "1e-05", "1.0e-5"]),
        ("training:\n  epochs: '3'\n", ["training.epochs", "'3'"]),
        (
            "experiments:\n- {name: a, title: A, dataset: [mnist], model: [dens3], latent: [15]}\n",
            ["experiments[0].model[0]", "dens3", "dense3"],
        ),
        (
            "experiments:\n- {name: a, title: A, dataset: [mnist], model: [dense3], latent: []}\n",
            ["experiments[0].latent", "empty"],
        ),
        ("replicates: 1\nreplicates: 2\n", ["replicates", "twice"]),
    ],
)
def test_configuration(project, overlay, expected):
    done = run(project, overlay)
    assert done.returncode != 0
    for words in expected:
        assert words in done.stdout
    assert "Traceback" not in done.stdout
    assert not (project.folder / "results").exists()


def test_all_mistakes_are_told_at_once(project):
    done = run(project, "replicats: 2\nseed: -1\ntraining:\n  learning_rate: 1e-05\n")
    assert all(words in done.stdout for words in ("replicats", "seed", "1e-05"))


TARGET = "resources/downloads/mnist/t10k-labels-idx1-ubyte"
CLOSED = "mirrors: ['http://127.0.0.1:9/mnist/', '/nowhere/mnist']"


def test_unreachable_mirrors(project):
    done = run(project, f"datasets:\n  mnist:\n    {CLOSED}\n", TARGET)
    assert done.returncode != 0
    assert "no mirror serves t10k-labels-idx1-ubyte.gz" in done.stdout
    assert "http://127.0.0.1:9/mnist/t10k-labels-idx1-ubyte.gz" in done.stdout
    assert "/nowhere/mnist/t10k-labels-idx1-ubyte.gz" in done.stdout
    assert "AE_DATA_MIRROR" in done.stdout
    assert "Traceback" not in done.stdout
    assert not list((project.folder / "resources").rglob("*ubyte*"))


def test_wrong_checksum(project, tmp_path):
    (tmp_path / "mnist").mkdir()
    idx = bytes([0, 0, 8, 1, 0, 0, 39, 16]) + bytes(10_000)
    with gzip.open(tmp_path / "mnist/t10k-labels-idx1-ubyte.gz", "wb") as file:
        file.write(idx)
    done = run(project, f"datasets:\n  mnist:\n    {CLOSED}\n", TARGET, AE_DATA_MIRROR=str(tmp_path))
    assert done.returncode != 0
    assert hashlib.sha256(idx).hexdigest()[:12] in done.stdout
    assert "ff7bcfd416de" in done.stdout
    assert "Traceback" not in done.stdout
    assert not list((project.folder / "resources").rglob("*ubyte*"))


@pytest.mark.skipif("__import__('torch').cuda.is_available()", reason="has a GPU")
def test_cuda_without_a_gpu(finished):
    done = finished.snakemake(
        "results/tiny/runs/digits/dense3/latent-15/replicate-0/manifest.json",
        *("--cores", "1", "--configfile", "tests/tiny.yaml", "--config", "device=cuda", "seed=3"),
    )
    assert done.returncode != 0
    assert "torch finds no usable GPU" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_failed_job_ends_with_its_log_and_the_command_to_go_on(project):
    (project.folder / "broken").mkdir()
    (project.folder / "broken/picture.png").touch()
    dataset = "{source: folder, label: Broken, path: broken, size: [8, 8]}"
    grid = "{name: a, title: A, dataset: [broken], model: [dense3], latent: [2]}"
    target = "resources/data/broken/dataset.json"
    done = run(project, f"datasets:\n  broken: {dataset}\nexperiments:\n- {grid}\n", target)
    assert done.returncode != 0
    end = done.stdout[done.stdout.index("did not finish") :]
    assert "at least 10 of each are needed" in end
    assert f"snakemake --cores 1 {target} --configfile overlay.yaml" in end
    assert "Traceback" not in done.stdout


def test_pictures_that_are_not_there(project):
    dataset = "{source: folder, label: Mine, path: nowhere, size: [30, 30]}"
    grid = "{name: a, title: A, dataset: [mine], model: [conv]}"
    done = run(project, f"datasets:\n  mine: {dataset}\nexperiments:\n- {grid}\n")
    assert "datasets.mine.path: there is no folder nowhere" in done.stdout
    assert "model conv does not fit data set mine" in done.stdout
