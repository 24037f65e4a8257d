"""How the benchmark talks to a contender: a process that waits, and on each line it reads trains once and answers.

Contenders stay alive between their turns, so that turns can be interleaved without paying for a start each time.
Nothing of the project is imported here: a contender may live in another environment.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def answer(train: Callable[[], int]) -> None:
    """Serve turns: `train` trains for one turn and returns the number of images it has seen."""
    train()  # libraries load, threads start, algorithms are chosen
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        images = train()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "images": images, "peak_memory_mb": _peak_memory_mb()}), flush=True)


def _peak_memory_mb() -> float:
    """Largest resident memory of this process (Linux). getrusage would count that of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
