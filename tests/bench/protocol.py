"""How the benchmark talks to a contender: a process that waits, and on each line it reads trains once and answers.

Contenders stay alive between their turns, so that turns can be interleaved without paying for a start each time.
Nothing of the project is imported here: a contender may live in another environment.
"""

import json
import resource
import sys
import time
from collections.abc import Callable


def answer(train: Callable[[], int]) -> None:
    """Serve turns: `train` trains for one turn and returns the number of images it has seen."""
    train()  # libraries load, threads start, algorithms are chosen
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        images = train()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "images": images, "peak_memory_mb": peak}), flush=True)
