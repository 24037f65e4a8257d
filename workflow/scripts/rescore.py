"""Score the replicates of one run by another protocol."""

import numpy as np
import pandas as pd

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.scoring import evaluation
from aestudy.scoring.rescoring import rescore

with job(snakemake):
    hardware.prepare(snakemake.threads)
    device = hardware.select_device(snakemake.config.get("device", "auto"))
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]

    scores = []
    replicates = evaluation.replicates(existing(snakemake.input.weights), noisy, test_images.shape[1:])
    for replicate, model, manifest, inputs in replicates:
        protocol = snakemake.params.protocol
        part = rescore(model, manifest.identity, replicate, train_images, test_images, inputs, protocol, device)
        scores.append(part.assign(replicate=replicate))
    files.write_parquet(snakemake.output[0], pd.concat(scores, ignore_index=True))
