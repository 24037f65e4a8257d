"""What a failed job tells: a sentence with the remedy for what a user can mend, a traceback for what we have to."""

import errno
import logging
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from faults import tried

from aestudy.base.errors import UserError
from aestudy.base.job import explanation, job


def unallocatable():
    with pytest.raises(RuntimeError) as error:
        torch.empty(10**15)
    return error.value


def numpys():
    with pytest.raises(MemoryError) as error:
        np.empty((10**7, 10**7))
    return error.value


CUDA = (
    "CUDA out of memory. Tried to allocate 17.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which 3.81 MiB is "
    "free. Process 1 has 139 GiB memory in use. If reserved but unallocated memory is large try setting X."
)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: UserError("The loss is nan."), ["The loss is nan."]),
        (lambda: OSError(errno.ENOSPC, "x", "results/a.npy"), ["No space left on device: results/a.npy", "Make room"]),
        (lambda: OSError(errno.EROFS, "ro", "results/a.npy"), ["Read-only file system: results/a.npy", "writable"]),
        (lambda: PermissionError(errno.EACCES, "no", "results"), ["Permission denied: results", "chmod"]),
        (lambda: OSError(errno.EDQUOT, "quota"), ["Disk quota exceeded", "make room"]),
        (lambda: OSError(errno.EIO, "x", "a"), ["Input/output error: a", "the disk or the network drive"]),
        (lambda: torch.OutOfMemoryError(CUDA), ["memory of the GPU is full (CUDA out of memory. Tried to allocate "
                                                "17.00 GiB)", "training.batch_size", "device: cpu"]),
        (unallocatable, ["memory is full (can't allocate memory: you tried to allocate", "training.batch_size"]),
        (numpys, ["memory is full (Unable to allocate 728. TiB for an array", "--cores"]),
        (MemoryError, ["memory is full", "--cores"]),
    ],
)  # fmt: skip
def test_what_a_user_can_mend(make, words):
    text = explanation(make())
    for part in words:
        assert part.lower() in text.lower(), text
    assert "\n" not in text
    tried("faults of resources (messages)")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("shapes differ"),
        RuntimeError("CUDA error: illegal access"),
        OSError("truncated"),
        KeyError(1),
    ],
)
def test_what_only_we_can_mend(error):
    assert explanation(error) is None


@pytest.mark.skipif("not __import__('torch').cuda.is_available()", reason="has no GPU")
def test_a_full_gpu():
    with pytest.raises(torch.OutOfMemoryError) as error:
        torch.empty(2**50, dtype=torch.uint8, device="cuda")
    assert "The memory of the GPU is full" in explanation(error.value)


def snakemake(log):
    return SimpleNamespace(rule="train", wildcards=["digits", "conv"], log=[str(log)], input=[], output=[])


def test_a_users_mistake_ends_with_a_sentence_that_names_the_run(tmp_path):
    with pytest.raises(SystemExit) as ended, job(snakemake(tmp_path / "log")):
        raise MemoryError
    assert ended.value.code == 1
    log = (tmp_path / "log").read_text()
    assert "ERROR train/digits/conv: The memory is full" in log
    assert "Traceback" not in log


def test_our_own_mistake_keeps_its_traceback(tmp_path):
    with pytest.raises(ZeroDivisionError), job(snakemake(tmp_path / "log")):
        _ = 1 / 0
    assert "ZeroDivisionError" in (tmp_path / "log").read_text()


@pytest.mark.skipif("not __import__('os').path.exists('/dev/full')", reason="has no /dev/full")
def test_where_the_log_cannot_be_written_the_terminal_tells(capsys):
    with pytest.raises(SystemExit), job(snakemake("/dev/full")):
        raise UserError("The loss is nan.")
    assert "train/digits/conv: The loss is nan." in capsys.readouterr().err
    logging.getLogger().handlers.clear()


def test_where_there_is_no_log_the_terminal_tells(tmp_path, capsys):
    with pytest.raises(SystemExit), job(snakemake(tmp_path / "nowhere/log")):
        raise UserError("The loss is nan.")
    assert "train/digits/conv: The loss is nan." in capsys.readouterr().err
