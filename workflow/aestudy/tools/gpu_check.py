"""Checks that training works on the device of this machine, and how fast it is, without data and with torch alone.

Writes gpu-check.json and gpu-check.md into a folder and prints the latter. The exit status is 1 if a check fails;
times never fail. Needs Python, torch and numpy: no Snakemake and none of the other packages. docs/gpu-check.md explains
the lines.
"""

import argparse
import datetime
import itertools
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from aestudy.base import files, provenance
from aestudy.base.errors import UserError
from aestudy.network import hardware
from aestudy.tools import machine_checks, marks, subjects
from aestudy.tools.machine_checks import EPOCH, SIDE_BY_SIDE, Check, Timing

TARGET_DEVICE = "H100"
TARGETS = {
    ("dense", 1): 0.060,
    ("dense", SIDE_BY_SIDE): 0.010,
    ("conv", 1): 0.150,
    ("conv", SIDE_BY_SIDE): 0.060,
}
"""Seconds per replicate for an epoch of 60,000 images that are aimed at on an H100, by model and by how many replicates
are trained side by side. They were set before anything was measured there."""

COMPARED = 1_000
"""Images of the trainings that are compared: eight steps an epoch, the last of them shorter."""
TIMED = {"cuda": {"dense": EPOCH, "conv": EPOCH}, "cpu": {"dense": 6_400, "conv": 512}}
"""Images of an epoch that is timed, by device and model: on a CPU fifty steps and four stand for the epoch."""
QUICK_COMPARED, QUICK_TIMED = 400, 128

NO_GPU = "torch finds no GPU that it can use"
NO_TARGET = f"the targets are those of an {TARGET_DEVICE}: the ratios to them say nothing about this device"


def machine(device: torch.device) -> dict:
    """What the check ran on."""
    return {
        "device": provenance.device_name(device),
        "device_type": device.type,
        "driver": driver(),
        "cuda": torch.version.cuda,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
        "commit": provenance.commit(),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def driver() -> str | None:
    """Version of NVIDIA's driver; None where nvidia-smi does not tell it."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return next(iter(done.stdout.split()), None)


def left_out(device: torch.device, precisions: Sequence[str], timed: dict[str, int]) -> list[dict[str, str]]:
    """What the check does not look at here, and why."""
    found = []
    if device.type != "cuda":
        found.append({"what": "captured as eager, in all cases", "why": f"{NO_GPU}, and only a GPU captures steps"})
    if "bf16" not in precisions:
        found.append({"what": "all checks in bf16", "why": "this GPU has no arithmetic for bf16"})
    for model, images in timed.items():
        if images < EPOCH:
            why = f"{images:,} images were timed and stand for them in proportion"
            found.append({"what": f"an epoch of {EPOCH:,} images of the {model} model", "why": why})
    if TARGET_DEVICE not in provenance.device_name(device):
        found.append({"what": "a comparison with targets for this device", "why": NO_TARGET})
    return found


def precisions(device: torch.device) -> list[str]:
    """Those that are checked: bf16 too unless it is a GPU that only imitates it; a CPU is fast enough at imitating."""
    known = device.type == "cpu" or hardware.select_precision("auto", device) == "bf16"
    return ["fp32", "bf16"] if known else ["fp32"]


def ratios(timings: Sequence[Timing]) -> list[dict]:
    """Each time of the engine beside the plain loop, which trains replicates one after another, and the target.

    times_as_fast: seconds of the plain loop over ours. of_target: our seconds per replicate over those aimed at, so
    that 1 is the target and less is faster.
    """
    plain = {timing.model: timing.seconds for timing in timings if timing.way == machine_checks.PLAIN}
    found = []
    for timing in timings:
        if timing.way == machine_checks.PLAIN:
            continue
        each = timing.seconds / timing.replicates
        target = TARGETS[timing.model, timing.replicates]
        found.append(
            {
                "model": timing.model,
                "replicates": timing.replicates,
                "seconds_per_replicate": each,
                "times_as_fast": plain[timing.model] / each if timing.model in plain else None,
                "target_seconds_per_replicate": target,
                "of_target": each / target,
            }
        )
    return found


def document(result: dict) -> str:
    """The result as Markdown: machine, checks, times, ratios, and what was left out."""
    about = result["machine"]
    failed = [check for check in result["checks"] if not check["passed"]]
    verdict = f"{len(failed)} of {len(result['checks'])} checks failed." if failed else "All checks passed."
    gpu = f", driver {about['driver'] or 'unknown'}, CUDA {about['cuda']}" if about["device_type"] == "cuda" else ""
    lines = [
        "# gpu-check",
        "",
        f"{verdict} {about['device']}{gpu}, torch {about['torch']}, Python {about['python']}, {about['date']}.",
        "",
        "## Checks",
        "",
        marks.table([_check_row(check) for check in result["checks"]]),
    ]
    if result["timings"]:
        rows = [_timing_row(timing) for timing in result["timings"]]
        lines += ["", f"## Seconds for {EPOCH:,} images", "", marks.table(rows)]
    if result["ratios"]:
        rows = [_ratio_row(ratio) for ratio in result["ratios"]]
        lines += ["", f"## Ratios (targets: {TARGET_DEVICE})", "", marks.table(rows)]
    if result["left_out"]:
        lines += ["", "## Left out", "", *(f"- {one['what']}: {one['why']}." for one in result["left_out"])]
    return "\n".join(lines) + "\n"


def _check_row(check: dict) -> dict[str, str]:
    return {
        "check": check["name"],
        "model": check["model"],
        "precision": check["precision"],
        "measured": "–" if check["measured"] is None else f"{check['measured']:.2g}",
        "bound": f"{check['bound']:.2g}",
        "": "passed" if check["passed"] else "FAILED",
        "found": check["found"],
    }


def _timing_row(timing: dict) -> dict[str, str]:
    return {
        "model": timing["model"],
        "way": timing["way"],
        "side by side": str(timing["replicates"]),
        "precision": timing["precision"],
        "s per replicate": f"{timing['seconds'] / timing['replicates']:.3g}",
        "images per s": f"{timing['images_per_second']:,.0f}",
        "peak MB": f"{timing['peak_memory_mb']:,.0f}",
        "captured": timing["captured"],
    }


def _ratio_row(ratio: dict) -> dict[str, str]:
    return {
        "model": ratio["model"],
        "side by side": str(ratio["replicates"]),
        "times as fast as the plain loop": "–" if ratio["times_as_fast"] is None else f"{ratio['times_as_fast']:.2g}",
        "target, s per replicate": f"{ratio['target_seconds_per_replicate']:.3f}",
        "measured / target": f"{ratio['of_target']:.2g}",
    }


def check(device: torch.device, compared: int, timed: dict[str, int]) -> dict:
    """Run all checks and timings; what JSON can hold. compared, timed: images of an epoch, the latter by model."""
    kinds = precisions(device)
    checks: list[Check] = []
    timings: list[Timing] = []
    for model in subjects.MODELS:
        for precision in kinds:
            checks += machine_checks.compare(model, precision, device, compared)
    missing = left_out(device, kinds, timed)
    for model, (way, replicates) in itertools.product(subjects.MODELS, machine_checks.WAYS):
        try:
            timings.append(machine_checks.timing(model, way, replicates, device, timed[model]))
        except RuntimeError as error:  # too little memory, most likely: the checks are worth keeping
            what = f"the time of the {model} model, {way}, {replicates} side by side"
            missing.append({"what": what, "why": str(error).partition("\n")[0].rstrip(".")})
    return {
        "machine": machine(device),
        "passed": all(check.passed for check in checks),
        "checks": [asdict(check) for check in checks],
        "timings": [asdict(timing) for timing in timings],
        "ratios": ratios(timings),
        "left_out": missing,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder of gpu-check.json and .md (results)")
    parser.add_argument(
        "--device", choices=["auto", "cpu", "cuda"], default="auto", help="a GPU if there is one (auto)"
    )
    parser.add_argument(
        "--images",
        type=int,
        help=f"images of an epoch that is timed (on a GPU {EPOCH:,}; on a CPU {TIMED['cpu']['dense']:,} of the dense "
        f"model and {TIMED['cpu']['conv']:,} of the convolutional one)",
    )
    parser.add_argument("--quick", action="store_true", help="few images: whether it works, and not how fast it is")


def run(options: argparse.Namespace) -> int:
    """Check, write and print; the exit status is 1 if a check failed."""
    if options.images is not None and options.images < 1:
        raise UserError(f"--images is {options.images}; allowed: a whole number from 1 on, such as {EPOCH}")
    device = hardware.select_device(options.device)
    # As a training of a study has: more threads gain little, and wait for each other where other work runs beside.
    hardware.prepare(threads=1)
    timed = dict(TIMED[device.type])
    if options.quick:
        timed = dict.fromkeys(timed, QUICK_TIMED)
    if options.images is not None:
        timed = dict.fromkeys(timed, options.images)
    result = check(device, QUICK_COMPARED if options.quick else COMPARED, timed)
    text = document(result)
    files.write_json(options.out / "gpu-check.json", result)
    files.write_text(options.out / "gpu-check.md", text)
    print(text)
    print(f"Written to {options.out / 'gpu-check.json'} and {options.out / 'gpu-check.md'}.")
    return 0 if result["passed"] else 1
