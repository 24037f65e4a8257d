"""Speed of training, side by side: `make bench` writes results/bench/bench.json and bench.md.

Contenders take turns (a, b, c, d, a, b, ...), each in a process that waits while another works, and the median of its
turns counts: so that what else the machine does falls on all of them alike. Every ratio comes from one such round.

Each model is raced twice: one training on all threads, and as many trainings as cores, each on one thread and one core
of its own, which is how the study runs without a GPU.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from aestudy.base import provenance
from aestudy.network import hardware

HERE = Path(__file__).parent
IMAGES = {"dense": 60_000, "conv": 6_400}
"""Images of a turn: a whole epoch of the dense model; of the convolutional one, fifty steps stand for the epoch."""
FLOP = {"dense": 5.9e6, "conv": 103e6}
"""Per image, forward and backward, of the network as it is written down: ours upsamples and convolves with less."""


class Contender:
    """Processes that train for a turn when told to (see protocol.py), all at the same time."""

    def __init__(self, python: str, script: str, cores: Sequence[Sequence[int]], **turn):
        """cores: for each process those that it runs on, with a thread for each of them."""
        self.processes = []
        for own in cores:
            process = subprocess.Popen(
                [python, str(HERE / script), json.dumps(turn)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | {"PYTHONPATH": str(HERE.parents[1] / "workflow"), "OMP_NUM_THREADS": str(len(own))},
            )
            os.sched_setaffinity(process.pid, own)  # before the interpreter has started other threads
            self.processes.append(process)
        self._answers()
        self.turns: list[dict] = []

    def take_turn(self) -> None:
        """Train once in every process, and keep what the slowest took."""
        for process in self.processes:
            process.stdin.write("\n")
            process.stdin.flush()
        answers = self._answers()
        self.turns.append({key: max(answer[key] for answer in answers) for key in answers[0]})

    def end(self) -> None:
        """End the processes."""
        for process in self.processes:
            process.stdin.close()
            process.wait()

    def _answers(self) -> list[dict]:
        return [self._answer(process) for process in self.processes]

    @staticmethod
    def _answer(process: subprocess.Popen) -> dict:
        for line in process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit(f"A contender ended early, with exit status {process.wait()}: its message stands above.")

    @property
    def seconds_per_epoch(self) -> float:
        """Median seconds for 60,000 images of each process."""
        return statistics.median(60_000 * turn["seconds"] / turn["images"] for turn in self.turns)

    @property
    def peak_memory_mb(self) -> float:
        """Peak memory of a process in MB."""
        return self.turns[-1]["peak_memory_mb"]


@contextlib.contextmanager
def contenders(makers: dict) -> Iterator[dict[str, Contender]]:
    """Start contenders one after another, and end them all."""
    started = {}
    try:
        for name, make in makers.items():
            started[name] = make()
        yield started
    finally:
        for contender in started.values():
            contender.end()


def interleaved(makers: dict, rounds: int) -> dict[str, Contender]:
    """Let contenders take `rounds` turns each, in turn."""
    with contenders(makers) as field:
        for _ in range(rounds):
            for contender in field.values():
                contender.take_turn()
    return field


def prepare_data(folder: Path) -> tuple[Path, Path]:
    """60,000 images as .npy and as torchvision's MNIST folder: the study's own MNIST where it lies, else stand-ins.

    What an image shows costs nothing; stand-ins have as many zeros as MNIST has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    real = Path("resources/data/mnist/train_images.npy")
    if real.exists():
        images = np.load(real)
    else:
        generator = np.random.default_rng(0)
        images = generator.integers(0, 256, (60_000, 1, 28, 28), np.uint8)
        images *= generator.random(images.shape) < 0.19
    array = folder / "images.npy"
    np.save(array, images)
    raw = folder / "MNIST/raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", len(images)), ("t10k", 1)):
        pixels, labels = images[:count].tobytes(), bytes(count)
        files = {
            f"{name}-images-idx3-ubyte": struct.pack(">4I", 2051, count, 28, 28) + pixels,
            f"{name}-labels-idx1-ubyte": struct.pack(">2I", 2049, count) + labels,
        }
        for file, content in files.items():
            (raw / file).write_bytes(content)
    return array, folder


def race(
    model: str, rounds: int, cores: Sequence[Sequence[int]], keras: str | None, precision: str, folder: Path
) -> list[dict]:
    """Records of the contenders on one model: those of the module's folder, and `fp32`: ours in that precision.

    cores: for each of the trainings that a contender makes at the same time those that it runs on.
    """
    array, root = prepare_data(folder)
    common = {"model": model, "images": IMAGES[model]}
    threads = len(cores[0])

    def ours(precision: str) -> Contender:
        settings = {"data": str(array), "threads": threads, "precision": precision}
        return Contender(sys.executable, "ours.py", cores, **common, **settings)

    makers = {
        "ours": lambda: ours(precision),
        "dataloader": lambda: Contender(sys.executable, "dataloader.py", cores, **common, root=str(root)),
        "limit": lambda: Contender(sys.executable, "limit.py", cores, **common, threads=threads, precision=precision),
    }
    if precision != "fp32":
        makers["fp32"] = lambda: ours("fp32")
    if keras:
        makers["keras"] = lambda: Contender(keras, "keras_fit.py", cores, **common, data=str(array))
    field = interleaved(makers, rounds)
    kind = f"{model}_{len(cores)}x{threads}"
    records = []
    for name, contender in field.items():
        measure = f"{kind}_{name}"
        records.append({"measure": f"{measure}_epoch", "value": contender.seconds_per_epoch, "unit": "s"})
        records.append({"measure": f"{measure}_peak_memory", "value": contender.peak_memory_mb, "unit": "MB"})
        rate = len(cores) * FLOP[model] * 60_000 / contender.seconds_per_epoch / 1e9
        records.append({"measure": f"{measure}_rate", "value": rate, "unit": "GFLOP/s"})
    seconds = {name: contender.seconds_per_epoch for name, contender in field.items()}
    for rival in ("dataloader", "keras", "fp32"):
        if rival in seconds:
            ratio = seconds[rival] / seconds["ours"]
            records.append({"measure": f"{kind}_vs_{rival}", "value": ratio, "unit": "times as fast"})
    fraction = seconds["limit"] / seconds["ours"]
    records.append({"measure": f"{kind}_fraction_of_limit", "value": fraction, "unit": "share"})
    return records


def growth(rounds: int, cores: Sequence[int], precision: str, folder: Path) -> list[dict]:
    """How the cost of the dense model grows with replicates, latent size and images."""
    array, _ = prepare_data(folder)
    records = []

    def measure(name: str, images: int, **turn) -> None:
        def make():
            settings = {"data": str(array), "threads": len(cores), "precision": precision}
            return Contender(sys.executable, "ours.py", [cores], model="dense", images=images, **settings, **turn)

        (contender,) = interleaved({name: make}, rounds).values()
        records.append({"measure": name, "value": contender.seconds_per_epoch, "unit": "s per replicate and epoch"})
        records.append({"measure": f"{name}_peak_memory", "value": contender.peak_memory_mb, "unit": "MB"})

    for replicates in (1, 2, 5, 10, 32):
        measure(f"replicates_{replicates}_one_by_one", 6_400, replicates=replicates)
        measure(f"replicates_{replicates}_stacked", 6_400, replicates=replicates, stacked=True)
    for latent in (15, 50, 100, 200, 400):
        measure(f"latent_{latent}", 12_800, latent=latent)
    for images in (10_000, 20_000, 40_000, 60_000):
        measure(f"images_{images}", images)
    return records


def main() -> None:
    """Run the benchmarks that are asked for and write their records and a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender (5)")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="how many cores are used (all)")
    parser.add_argument("--precision", default="auto", help="precision of ours and of the limit (fp32, bf16, auto)")
    parser.add_argument("--keras", help="Python of the environment that has Keras; left out: not raced")
    parser.add_argument("--only", choices=("dense", "conv", "growth"), action="append", help="some of the parts")
    parser.add_argument("--out", type=Path, default=Path("results/bench"), help="folder for the results")
    given = parser.parse_args()
    parts = given.only or ("dense", "conv", "growth")
    device = hardware.select_device("auto")
    precision = hardware.select_precision(given.precision, device)
    cores = sorted(os.sched_getaffinity(0))[: given.cores]
    ways = [[cores]] if len(cores) == 1 else [[cores], [[core] for core in cores]]
    records = []
    for model in ("dense", "conv"):
        if model in parts:
            for way in ways:
                records += race(model, given.rounds, way, given.keras, precision, given.out / "data")
    if "growth" in parts:
        records += growth(max(3, given.rounds // 2), cores, precision, given.out / "data")
    about = f"{provenance.device_name(device)}, {len(cores)} cores, {precision}, {platform.platform()}"
    for record in records:
        record["device"] = about
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "bench.json").write_text(json.dumps(records, indent=1) + "\n")
    rows = [f"| {record['measure']} | {record['value']:.4g} | {record['unit']} |" for record in records]
    table = "\n".join([f"Measured on {about}.", "", "| measure | value | unit |", "| --- | --- | --- |", *rows, ""])
    (given.out / "bench.md").write_text(table)
    print(table)


if __name__ == "__main__":
    main()
