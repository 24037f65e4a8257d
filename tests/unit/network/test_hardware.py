"""Device, precision and threads of a job."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from aestudy.base.errors import UserError
from aestudy.network import hardware

CPU = torch.device("cpu")


def test_auto_precision_asks_the_processor(monkeypatch):
    for has, expected in ((True, "bf16"), (False, "fp32")):
        monkeypatch.setattr(hardware, "has_bf16", lambda has=has: has)
        assert hardware.select_precision("auto", CPU) == expected
        assert hardware.select_precision("fp32", CPU) == "fp32"
        assert hardware.select_precision("bf16", CPU) == "bf16"


@pytest.mark.parametrize(
    ("lines", "has"),
    [
        ("flags\t\t: fpu avx512_bf16 sse\n", True),
        ("flags\t\t: fpu amx_bf16\n", True),
        ("Features\t: fp asimd bf16\n", True),
        ("flags\t\t: fpu avx512f\nmodel name\t: an avx512_bf16 processor\n", False),
    ],
)
def test_bf16_is_a_flag_of_the_processor(lines, has, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: lines)
    assert hardware.has_bf16() == has


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a GPU")
def test_cuda_without_a_gpu_is_a_sentence():
    with pytest.raises(UserError, match="device: auto"):
        hardware.select_device("cuda")


def test_auto_finds_a_device():
    assert hardware.select_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert hardware.select_device("cpu") == CPU


def test_a_job_is_prepared():
    """In a process of its own, since these settings stay."""
    code = (
        "import torch; from aestudy.network import hardware; hardware.prepare(1); "
        "print(torch.get_num_threads(), (torch.tensor([1e-38]) * 1e-3).item())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.split() == ["1", "0.0"]
