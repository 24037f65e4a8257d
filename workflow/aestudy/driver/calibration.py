"""Measures this machine while the first jobs of a study run: a few seconds, in a process of its own (training.pace).

Only what no earlier training here tells is measured: a network of each kind, the one with the most epochs to train
first. On a cluster nothing is: its nodes are other machines.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable

from aestudy.base.run import Run
from aestudy.driver.costs import Costs, network_key
from aestudy.driver.trainings import Work
from aestudy.study.plan import identity

SECONDS = 5.0
"""To spend on all networks together."""
MODULE = "aestudy.training.pace"


def request(costs: Costs, trainings: Iterable[tuple[Run, Work]]) -> tuple[list[tuple], dict]:
    """Which networks to measure, by `network_key`, and the request that training.pace takes."""
    found: dict[tuple, tuple[int, Run]] = {}
    for run, work in trainings:
        if not costs.known(run):
            key = network_key(costs.study, run)
            epochs, _ = found.get(key, (0, run))
            found[key] = epochs + work.all_epochs - work.done, run
    found = dict(sorted(found.items(), key=lambda item: -item[1][0]))
    networks = [
        {
            "identity": identity(costs.study, run).as_params(),
            "shape": costs.study.datasets[run.dataset].image_shape,
            "replicates": costs.study.replicates,
        }
        for _, run in found.values()
    ]
    return list(found), {"device": costs.study.device, "seconds": SECONDS, "networks": networks}


class Calibration:
    """Tells `costs` the answers as they come; without torch in this environment there are none."""

    def __init__(self, costs: Costs, trainings: Iterable[tuple[Run, Work]]):
        self._costs = costs
        self._keys, self._request = request(costs, trainings)
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Begin, in the background, if there is anything to measure."""
        if not self._keys:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), name="calibration", daemon=True).start()

    def stop(self) -> None:
        """End it, if it still runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _listen(self, process: subprocess.Popen) -> None:
        try:
            with process.stdin:
                json.dump(self._request, process.stdin)
        except BrokenPipeError:  # it could not be started, or is stopped already
            return
        for line in process.stdout:
            self.take(json.loads(line))

    def take(self, answer: dict) -> None:
        """One line of its answers."""
        if "parse" in answer:
            self._costs.take_parse(answer["parse"])
        else:
            self._costs.take_pace(self._keys[answer["network"]], answer["seconds_per_image"])
