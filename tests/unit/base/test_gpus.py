"""GPUs: found and named as NVIDIA does, and one for each process, with made-up lists and real processes."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from faults import tried

from aestudy.base import gpus
from aestudy.base.gpus import Gpu

LISTED = """GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-61afd7a4-0a1b-4d6c-a1b9-2f5b0a9e3c11)
  MIG 3g.40gb     Device  0: (UUID: MIG-c7384736-a75d-5afc-978f-d2f1294409fd)
  MIG 1g.10gb     Device  1: (UUID: MIG-a28ad590-3fda-56dd-84fc-0a0b96edc58d)
GPU 2: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-ffff-c3f3-1b07-005d5ae1dc3f)
"""


def made_up(count: int) -> list[Gpu]:
    return [Gpu(f"GPU-{i:04d}-made-up", "NVIDIA made up", f"GPU-{i:04d}-made-up") for i in range(count)]


class TestVisible:
    def test_split_gpus_are_their_instances(self):
        found = gpus.listed(LISTED)
        assert [gpu.uuid[:8] for gpu in found] == ["GPU-5c89", "MIG-c738", "MIG-a28a", "GPU-5c89"]
        assert found[1].name == "NVIDIA H100 80GB HBM3 MIG 3g.40gb"

    @pytest.mark.parametrize(
        ("variable", "chosen"),
        [
            (None, [0, 1, 2, 3]),
            ("2,3", [2, 3]),
            ("3, 2", [3, 2]),
            ("", []),
            ("-1", []),
            ("0,-1,1", [0]),
            ("1,7,2", [1]),
            ("GPU-0002-made-up,GPU-0000-made-up", [2, 0]),
            ("GPU-0003", [3]),
            ("GPU-000", []),  # fits several
            ("NoDevFiles", []),
        ],
    )
    def test_names_mean_what_they_mean_to_cuda(self, variable, chosen):
        environment = {} if variable is None else {gpus.VISIBLE: variable}
        found = gpus.visible(environment, made_up(4))
        assert [gpu.uuid for gpu in found] == [f"GPU-{i:04d}-made-up" for i in chosen]
        if variable is not None:
            assert [gpu.token for gpu in found] == variable.replace(" ", "").split(",")[: len(chosen)]

    def test_mig_names_of_both_kinds(self):
        old = "MIG-GPU-61afd7a4-0a1b-4d6c-a1b9-2f5b0a9e3c11/1/0"
        found = gpus.visible({gpus.VISIBLE: f"MIG-a28ad590,{old}"}, gpus.listed(LISTED))
        assert [gpu.token for gpu in found] == ["MIG-a28ad590", old]
        assert found[0].uuid == "MIG-a28ad590-3fda-56dd-84fc-0a0b96edc58d"

    def test_machines_without_nvidia_have_none(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        assert gpus.present() == []

    def test_a_driver_that_fails_has_none(self, monkeypatch, tmp_path):
        fake = tmp_path / "nvidia-smi"
        fake.write_text(
            "#!/bin/sh\necho 'NVIDIA-SMI has failed because it could not communicate with the driver'\nexit 9\n"
        )
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        assert gpus.present() == []


class TestTake:
    def test_nothing_to_take(self, tmp_path):
        environment = {}
        assert gpus.take(environment, [], tmp_path) is None
        assert environment == {}

    def test_cuda_sees_the_taken_one_alone_under_the_name_that_was_given(self, tmp_path):
        environment = {gpus.VISIBLE: "3,2"}
        assert gpus.take(environment, made_up(4), tmp_path).uuid == "GPU-0003-made-up"
        assert environment == {gpus.VISIBLE: "3"}

    def test_slurms_choice_is_left_as_it_is(self, tmp_path):
        environment = {"SLURM_JOB_ID": "7", gpus.VISIBLE: "1,2"}
        before = dict(environment)
        assert gpus.take(environment, made_up(4), tmp_path).uuid == "GPU-0001-made-up"
        assert environment == before
        assert list(tmp_path.iterdir()) == []


HOLDER = """
import sys, time
from pathlib import Path
from aestudy.base import gpus
from aestudy.base.gpus import Gpu
fakes = [Gpu(f"GPU-{i:04d}-made-up", "made up", f"GPU-{i:04d}-made-up") for i in range(int(sys.argv[1]))]
gpu = gpus.take({}, fakes, Path(sys.argv[2]))
print(gpu.uuid if gpu else "none", flush=True)
time.sleep(600)
"""


class Holders:
    """Processes that each take a GPU and keep it until they are killed."""

    def __init__(self, count: int, folder):
        self.count, self.folder = count, folder
        self.running: dict[subprocess.Popen, str] = {}

    def start(self, count: int) -> None:
        """Start processes at the same time, and wait until each has one."""
        command = [sys.executable, "-c", HOLDER, str(self.count), str(self.folder)]
        new = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        self.running |= {process: process.stdout.readline().strip() for process in new}

    def kill(self, process: subprocess.Popen) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        del self.running[process]

    def load(self) -> list[int]:
        """Processes on each GPU."""
        counts = Counter(self.running.values())
        return [counts[f"GPU-{i:04d}-made-up"] for i in range(self.count)]


@pytest.fixture
def holders(tmp_path, monkeypatch, request):
    library = os.pathsep.join(filter(None, [str(request.config.rootpath / "workflow"), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", library)
    made = []

    def make(count: int) -> Holders:
        made.append(Holders(count, tmp_path))
        return made[-1]

    yield make
    for each in made:
        for process in list(each.running):
            each.kill(process)


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_no_gpu_has_two_while_another_is_free_whatever_is_killed(holders, count):
    """As many processes as GPUs, and after each kill as many again: each has a GPU of its own."""
    chance = random.Random(count)
    group = holders(count)
    group.start(count)
    assert group.load() == [1] * count
    for _ in range(4):
        killed = chance.sample(list(group.running), chance.randint(1, count))
        for process in killed:
            group.kill(process)
        assert max(group.load(), default=0) <= 1
        group.start(len(killed))
        assert group.load() == [1] * count
        tried("kills of a process that holds a GPU", len(killed))


@pytest.mark.parametrize(("count", "processes"), [(2, 5), (4, 10)])
def test_more_processes_than_gpus_share_evenly(holders, count, processes):
    group = holders(count)
    group.start(processes)
    assert max(group.load()) - min(group.load()) <= 1
    emptied = f"GPU-{count - 1:04d}-made-up"
    for process in [process for process, gpu in group.running.items() if gpu == emptied]:
        group.kill(process)
    group.start(1)
    assert group.load()[count - 1] == 1  # the free one, and not a shared one


def test_no_gpu_is_taken_where_there_is_none(holders):
    group = holders(0)
    group.start(2)
    assert list(group.running.values()) == ["none", "none"]


def test_two_studies_side_by_side_do_not_collide(holders):
    """They are different programs that share the machine's folder alone."""
    one, other = holders(2), holders(2)
    one.start(1)
    other.start(1)
    assert {*one.running.values()} != {*other.running.values()}


def test_locks_are_free_at_once_when_a_process_is_killed(holders):
    group = holders(1)
    group.start(1)
    start = time.monotonic()
    group.kill(next(iter(group.running)))
    group.start(1)
    assert group.load() == [1]
    assert time.monotonic() - start < 30
