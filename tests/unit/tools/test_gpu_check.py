"""The verb `gpu-check`: on a machine with torch and numpy alone, with checks that fail, and what it says."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from aestudy.__main__ import main
from aestudy.tools import gpu_check, machine_checks, subjects
from aestudy.tools.machine_checks import Check, Timing, Trainings
from aestudy.training import adam
from aestudy.training.stack import Stack

WORKFLOW = Path(__file__).parents[3] / "workflow"
CPU = torch.device("cpu")

# What a machine has that has Python, numpy and torch with what torch needs; all else cannot be imported there.
BARE = """
import importlib.metadata, re, runpy, sys

def plain(name):
    return re.sub("[-_.]+", "-", name).lower()

def needed(name, found):
    name = plain(name)
    if name not in found:
        try:
            requirements = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            return
        found.add(name)
        for requirement in requirements:
            if "extra ==" not in requirement:
                needed(re.match(r"[\\w.-]+", requirement)[0], found)

distributions = set()
for name in ("torch", "numpy"):
    needed(name, distributions)
allowed = {"aestudy", "torch", "numpy", *sys.stdlib_module_names, *sys.builtin_module_names}
for module, owners in importlib.metadata.packages_distributions().items():
    if distributions & set(map(plain, owners)):
        allowed.add(module)

class Filtered:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        # The values of sysconfig are in a module whose name depends on the system.
        known = name.partition(".")[0] in allowed or name.startswith("_sysconfigdata")
        return self.finder.find_spec(name, path, target) if known else None

sys.meta_path[:] = map(Filtered, sys.meta_path)
for name in ("pydantic", "pandas", "safetensors", "snakemake", "yaml", "scipy", "sklearn", "skimage", "matplotlib"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    sys.exit(f"{name} can be imported")
sys.argv = ["aestudy", *sys.argv[1:]]
runpy.run_module("aestudy", run_name="__main__")
"""


def test_runs_with_torch_and_numpy_alone(tmp_path):
    """Without a GPU it does what the processor can, and says what it left out."""
    done = subprocess.run(
        [sys.executable, "-c", BARE, "gpu-check", "--quick", "--device", "cpu", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(WORKFLOW)},
        timeout=1_200,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    result = json.loads((tmp_path / "gpu-check.json").read_text())
    assert result["passed"]
    names = {"loss falls", "side by side as alone", "resumed as uninterrupted", "as a plain loop"}
    cases = {(check["name"], check["model"], check["precision"]) for check in result["checks"]}
    assert cases == set(itertools.product(names, subjects.MODELS, ("fp32", "bf16")))
    for check in result["checks"]:
        assert check["passed"] == (check["measured"] <= check["bound"])
    # On a processor a resumed training gives the same bits.
    assert {c["measured"] for c in result["checks"] if c["name"] == "resumed as uninterrupted"} == {0.0}
    timed = {(one["model"], one["way"], one["replicates"]) for one in result["timings"]}
    assert timed == {(model, *way) for model in subjects.MODELS for way in machine_checks.WAYS}
    for one in result["timings"]:
        assert one["seconds"] * one["images_per_second"] == pytest.approx(machine_checks.EPOCH * one["replicates"])
        assert one["peak_memory_mb"] > 1
    assert {(one["model"], one["replicates"]) for one in result["ratios"]} == set(gpu_check.TARGETS)
    machine = result["machine"]
    assert machine["torch"] == torch.__version__
    assert {"device", "cuda", "driver", "python", "date", "commit"} <= set(machine)
    left_out = {one["what"]: one["why"] for one in result["left_out"]}
    assert "only a GPU captures steps" in left_out["captured as eager, in all cases"]
    assert "128 images were timed" in left_out["an epoch of 60,000 images of the dense model"]
    assert done.stdout.startswith((tmp_path / "gpu-check.md").read_text())
    assert "All checks passed." in done.stdout


@pytest.fixture
def checks():
    """Makes the checks of the dense model in fp32, by name."""
    torch.set_num_threads(1)  # as the verb itself has: two wait for each other where other work runs beside
    return lambda: {check.name: check for check in machine_checks.compare("dense", "fp32", CPU, 300)}


def failed(found: dict[str, Check]) -> set[str]:
    return {name for name, check in found.items() if not check.passed}


def test_replicates_that_are_exchanged_are_found(checks, monkeypatch):
    together = Trainings.together.func
    monkeypatch.setattr(Trainings, "together", property(lambda self: together(self)[::-1]))
    assert "side by side as alone" in failed(checks())


def test_a_resumed_training_that_forgets_its_moments_is_found(checks, monkeypatch):
    load = Stack.load

    def forgetful(self, state):
        load(self, state)
        self.optimizer.first.zero_()

    monkeypatch.setattr(Stack, "load", forgetful)
    found = checks()
    assert "resumed as uninterrupted" in failed(found)
    assert found["resumed as uninterrupted"].found.startswith("weights differ by up to ")


def test_an_optimizer_that_errs_is_found(checks, monkeypatch):
    fused = adam.fused_adam

    def faster(*arguments, **settings):
        fused(*arguments, **settings | {"lr": 1.1 * settings["lr"]})

    monkeypatch.setattr(adam, "fused_adam", faster)
    assert failed(checks()) == {"as a plain loop"}


def test_training_that_does_not_train_is_found(checks, monkeypatch):
    monkeypatch.setattr(adam, "fused_adam", lambda *arguments, **settings: None)
    assert {"loss falls", "as a plain loop"} <= failed(checks())


def test_an_error_is_a_failed_check_and_the_others_go_on(checks, monkeypatch):
    def broken(self, identity=None, checkpoints=None):
        raise RuntimeError("CUDA error: no kernel image\nsecond line")

    monkeypatch.setattr(Trainings, "together", property(broken))
    found = checks()
    assert failed(found) == {"side by side as alone"}
    assert found["side by side as alone"].found == "it ended with an error: CUDA error: no kernel image"
    assert found["side by side as alone"].measured is None


@pytest.mark.parametrize(
    ("captured", "difference", "measured", "found"),
    [
        ("yes", 1e-4, 1e-4, "3 steps, as a share"),
        ("no: capture failed (x)", None, float("inf"), "steps were run one by one (no: capture failed (x))"),
    ],
)
def test_steps_that_are_not_captured_are_found(monkeypatch, captured, difference, measured, found):
    """What a GPU would say, of which there may be none here."""

    class Result:
        pass

    Result.captured, Result.capture_difference = captured, difference
    trainings = Trainings("dense", "fp32", CPU, 10)
    trainings.alone = trainings.together = [Result(), Result()]
    value, words = trainings.capture()
    assert value == measured
    assert words.startswith(found)


def test_tf32_has_a_bound_of_its_own(monkeypatch):
    gpu = torch.device("cuda")
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    assert machine_checks.rounding("conv", "fp32", gpu) == machine_checks.ROUNDING["tf32"]
    assert machine_checks.rounding("dense", "fp32", gpu) == machine_checks.ROUNDING["fp32"]
    assert machine_checks.rounding("conv", "bf16", gpu) == machine_checks.ROUNDING["bf16"]
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    assert machine_checks.rounding("conv", "fp32", gpu) == machine_checks.ROUNDING["fp32"]


def test_the_plain_networks_are_those_of_the_study():
    for model in subjects.MODELS:
        plain = subjects.plain_network(model)
        own = machine_checks.create(subjects.identity(model, "fp32", 1), (1, 28, 28), 0)
        assert sum(value.numel() for value in plain.parameters()) == own.parameter_count()
        assert plain(torch.zeros(2, 1, 28, 28)).shape == (2, 1, 28, 28)


def test_images_are_dark_with_bright_spots_and_repeat():
    images = subjects.images(500)
    assert images.shape == (500, 1, 28, 28)
    assert 0.05 < images.mean() / 255 < 0.5
    assert images.max() == 255
    assert (images == subjects.images(500)).all()
    assert (images[:200] != subjects.images(200, seed=1)).any()


def made_up(**changes) -> Check:
    return Check(
        **{"name": "loss falls", "model": "dense", "precision": "fp32", "measured": 0.7, "bound": 0.95} | changes
    )


@pytest.fixture
def replaced(monkeypatch):
    """Lets the verb find made-up checks and times instead of real ones."""

    def replace(check: Check):
        monkeypatch.setattr(machine_checks, "compare", lambda *arguments: [check])

        def timing(model, way, replicates, device, images):
            if way == machine_checks.PLAIN and model == "conv":
                raise RuntimeError("out of memory.\nTried to allocate")
            seconds = 0.12 * replicates if way == machine_checks.ENGINE else 0.6
            return Timing(model, way, replicates, "bf16", images, seconds, replicates * 60_000 / seconds, 123.4, "yes")

        monkeypatch.setattr(machine_checks, "timing", timing)

    return replace


def test_a_check_that_fails_gives_status_1_and_shows(replaced, tmp_path, capsys):
    replaced(made_up(measured=None, passed=False, found="it ended with an error: no kernel"))
    assert main(["gpu-check", "--device", "cpu", "--out", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "4 of 4 checks failed." in text
    assert "| loss falls | dense | fp32 | – | 0.95 | FAILED | it ended with an error: no kernel |" in text
    assert json.loads((tmp_path / "gpu-check.json").read_text())["passed"] is False


def test_the_table_states_times_and_ratios(replaced, tmp_path, capsys):
    replaced(made_up(passed=True, found="from 0.6 to 0.4"))
    assert main(["gpu-check", "--device", "cpu", "--images", "60000", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "gpu-check.md").read_text()
    assert capsys.readouterr().out.startswith(text)
    assert "| loss falls | dense | fp32 | 0.7 | 0.95 | passed | from 0.6 to 0.4 |" in text
    assert "| dense | engine | 10 | bf16 | 0.12 | 500,000 | 123 | yes |" in text
    assert "| dense | plain loop | 1 | bf16 | 0.6 | 100,000 | 123 | yes |" in text
    # 0.6 s of the plain loop over 0.12 s; 0.12 s over the target of 0.06 s, and of 0.01 s.
    assert "| dense | 1 | 5 | 0.060 | 2 |" in text
    assert "| dense | 10 | 5 | 0.010 | 12 |" in text
    # What could not be timed is said, and what follows from it is left empty.
    assert "| conv | 1 | – | 0.150 | 0.8 |" in text
    assert "- the time of the conv model, plain loop, 1 side by side: out of memory." in text
    assert "an epoch of 60,000 images" not in text


def test_other_mistakes(tmp_path, capsys):
    assert main(["gpu-check", "--images", "0", "--out", str(tmp_path)]) == 2
    assert "--images is 0; allowed: a whole number from 1 on" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_make_needs_no_environment(tmp_path):
    """Where there is none, the machine's Python is taken, and nothing is installed."""
    (tmp_path / "Makefile").write_text((WORKFLOW.parent / "Makefile").read_text())
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def planned() -> str:
        command = ["make", "-n", "gpu-check", "PYTHON=python3.12"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout.strip()

    assert planned() == "PYTHONPATH=workflow python3.12 -m aestudy gpu-check"
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    assert planned() == "PYTHONPATH=workflow .venv/bin/python -m aestudy gpu-check"
