"""Real jobs without room, memory or a finite loss, or with damaged inputs: a sentence, no bad result, nothing lost."""

import os
import shutil
import subprocess
import sys

import pytest
from faults import tried

TINY = "tests/tiny.yaml"
RUN = "runs/digits/dense3/latent-15/replicate-0"
ROOT_ONLY = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mount"), reason="only root may mount a small disk"
)
AGAIN = "give the same command again"


@pytest.fixture
def small_disk(finished):
    """Gives the results of a study a disk of their own; returns a function that changes its mount options."""
    folder = finished.folder / "results/cramped"
    folder.mkdir()

    def mount(*options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], check=True, capture_output=True)

    try:
        mount("-o", "size=100k")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"mount: {error.stderr.decode().strip()}")
    yield lambda options: mount("-o", f"remount,{options}")
    subprocess.run(["umount", folder], check=True)


@ROOT_ONLY
def test_no_room_then_a_disk_that_is_read_only_then_both_mended(finished, small_disk):
    def run():
        manifest = f"results/cramped/{RUN}/manifest.json"
        study = ("--configfile", TINY, "--config", "study=cramped", "replicates=1", "device=cpu")
        return finished.snakemake(manifest, "--cores", "1", *study)

    def kept():
        return [path.name for path in (finished.folder / "results/cramped" / RUN).glob("*")]

    done = run()
    assert done.returncode != 0
    assert "train/digits/dense3/latent-15: No space left on device" in done.stdout
    assert AGAIN in done.stdout and "Traceback" not in done.stdout
    assert not {"manifest.json", "weights.safetensors"} & set(kept())
    tried("faults of resources (real jobs)")

    small_disk("ro")
    done = run()
    assert done.returncode != 0
    assert "Study cramped cannot write its results. Read-only file system" in done.stdout
    assert AGAIN in done.stdout and "Traceback" not in done.stdout
    tried("faults of resources (real jobs)")

    small_disk("rw,size=20m")
    done = run()
    assert done.returncode == 0, done.stdout[-3_000:]
    assert {"manifest.json", "weights.safetensors"} <= set(kept())


FAULTY = """
study: faulty
replicates: 1
device: cpu
training: {epochs: 1}
models:
  diverging:
    label: its loss becomes NaN
    network: {architecture: dense, hidden: [WIDTHS], latent_activation: linear}
    training: {learning_rate: 10}
  huge:
    label: its weights take 17 GB
    network: {architecture: dense, hidden: [65536, 65536], latent_activation: linear}
experiments:
  - {name: faulty, title: Faults, dataset: [digits], model: [diverging, huge, dense3], latent: [15]}
""".replace("WIDTHS", ", ".join(["64"] * 20))


def test_a_diverging_and_a_huge_model_leave_the_others_alone(finished):
    """Of three runs two fail, one for want of memory, of which there are 12 GB here; the third is trained."""
    faulty = finished.overlay(FAULTY, "faulty.yaml")
    snakemake = f"snakemake trained --keep-going --cores 2 --resources gpu=2 --configfile {TINY} {faulty}"
    failed = finished.start("bash", "-c", f"ulimit -v 12000000; exec {snakemake}")
    output, _ = failed.communicate(timeout=600)
    assert failed.returncode != 0
    assert "train/digits/diverging/latent-15: The loss of replicate 0 is nan" in output
    assert "training.learning_rate" in output
    assert "train/digits/huge/latent-15: The memory is full (can't allocate memory: you tried to allocate" in output
    assert "training.batch_size" in output
    assert "Traceback" not in output
    trained = {path.parts[-4] for path in (finished.folder / "results/faulty/runs").rglob("weights.safetensors")}
    assert trained == {"dense3"}
    tried("faults of resources (real jobs)", 2)


def flip(path) -> None:
    """Change a bit of a file but not its time, as a failing disk does."""
    times, content = path.stat(), bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_flipped_bits_are_found_and_refused_by_the_stages_that_read_them(finished_copy):
    project = finished_copy()
    verify = [sys.executable, "-m", "aestudy", "verify", "tiny"]
    output, _ = project.start("env", "PYTHONPATH=workflow", *verify).communicate(timeout=60)
    assert "are as the study made them" in output

    damaged = [
        "resources/data/digits/train_images.npy",
        "results/tiny/runs/digits/dense3/latent-15/replicate-1/weights.safetensors",
        "results/tiny/noisy/digits/gaussian_once-0.25/shared.npy",
        "results/tiny/tables/history.csv",
    ]
    for name in damaged:
        flip(project.folder / name)
    output, _ = project.start("env", "PYTHONPATH=workflow", *verify).communicate(timeout=60)
    assert [line.partition(":")[0] for line in output.splitlines() if ": changed" in line] == sorted(damaged)

    study = ("--cores", "2", "--resources", "gpu=2", "--keep-going", "--configfile", TINY)
    made_again = [
        "results/tiny/evaluation/digits/dense3/latent-15/scores.parquet",
        "results/tiny/baselines/digits/gaussian_once-0.25/scores.parquet",
        "results/tiny/figures/conv/fig3.svg",
    ]
    refused = project.snakemake(*made_again, "--forcerun", *made_again, *study)
    untrained = project.snakemake(f"results/other/{RUN}/manifest.json", *study, "--config", "study=other")
    for done, job, names in [
        (refused, "evaluate/digits/dense3/latent-15", damaged[:2]),
        (refused, "baselines/digits/gaussian_once-0.25", [damaged[0], damaged[2]]),
        (refused, "figure/conv/fig3", damaged[3:]),
        (untrained, "train/digits/dense3/latent-15", damaged[:1]),
    ]:
        assert done.returncode != 0
        assert "Traceback" not in done.stdout
        told = done.stdout.partition(f"ERROR {job}: These files are not what was written when they were made")[2]
        told = told.partition("Remove them and give the same command again")[0]
        assert sorted(line.strip().partition(":")[0] for line in told.splitlines()[1:]) == sorted(names)
    tried("changed results", len(damaged))


def test_every_result_stands_in_the_manifest(finished):
    manifest = (finished.folder / "results/tiny/SHA256SUMS").read_text()
    listed = {line.split("  ", 1)[1] for line in manifest.splitlines()}
    results = {
        path.relative_to(finished.folder).as_posix()
        for folder in ("results/tiny", "resources/data")
        for path in (finished.folder / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    others = ("results/tiny/logs/", "results/tiny/benchmarks/", "results/tiny/SHA256SUMS")
    results = {name for name in results if not name.startswith(others) and "replicate-2" not in name}
    assert results <= listed
