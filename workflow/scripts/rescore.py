"""Score the replicates of one run by another protocol."""

from pathlib import Path

import numpy as np
import pandas as pd

from aestudy import files, hardware, rescoring, runs
from aestudy.job import existing, job

with job(snakemake):
    hardware.prepare(snakemake.threads)
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]

    scores = []
    for replicate, weights in enumerate(existing(snakemake.input.weights)):
        model, manifest = runs.load_model(Path(weights).parent, tuple(test_images.shape[1:]))
        identity = manifest["binding"]["identity"]
        inputs = noisy[min(replicate, len(noisy) - 1)] if noisy else None
        part = rescoring.rescore(
            model, identity, replicate, train_images, test_images, inputs, snakemake.params.protocol
        )
        scores.append(part.assign(replicate=replicate))
    files.write_parquet(snakemake.output[0], pd.concat(scores, ignore_index=True))
