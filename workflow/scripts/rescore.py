"""Score the replicates of one run by another protocol."""

import numpy as np
import pandas as pd

from aestudy import evaluation, files, hardware, rescoring
from aestudy.job import existing, job

with job(snakemake):
    hardware.prepare(snakemake.threads)
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]

    scores = []
    replicates = evaluation.replicates(existing(snakemake.input.weights), noisy, test_images.shape[1:])
    for replicate, model, manifest, inputs in replicates:
        identity = manifest["binding"]["identity"]
        part = rescoring.rescore(
            model, identity, replicate, train_images, test_images, inputs, snakemake.params.protocol
        )
        scores.append(part.assign(replicate=replicate))
    files.write_parquet(snakemake.output[0], pd.concat(scores, ignore_index=True))
