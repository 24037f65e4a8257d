"""Lists the GPUs that trainings may use here (see CUDA_VISIBLE_DEVICES)."""

import argparse

from aestudy.base.gpus import visible


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("--count", action="store_true", help="print how many there are, 1 where there is none")


def run(options: argparse.Namespace) -> None:
    """Print the list, or the number to give as `--resources gpu=...`."""
    found = visible()
    if options.count:
        print(max(1, len(found)))
        return
    for gpu in found:
        print(f"{gpu.token}  {gpu.name}  {gpu.uuid}")
    if not found:
        print("No GPU is visible here: trainings run on the cores of this machine.")
