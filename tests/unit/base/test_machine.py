"""The machine that a process runs on."""

from pathlib import Path

import pytest

from aestudy.base.machine import memory_mb


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="no Linux")
def test_memory_is_what_the_kernel_says():
    told = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    assert memory_mb() == pytest.approx(int(told.split()[1]) * 1024 / 1e6, rel=0.01)
