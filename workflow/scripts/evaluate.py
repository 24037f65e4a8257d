"""Score the replicates of one run on every test image."""

import numpy as np
import pandas as pd

from aestudy.base import files, seeds
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.network.autoencoder import layer_table
from aestudy.scoring import evaluation, tables

with job(snakemake):
    hardware.prepare(snakemake.threads)
    device = hardware.select_device(snakemake.config.get("device", "auto"))
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]
    schemes = [path.stem for path in existing(snakemake.input.noisy)]
    settings = dict(snakemake.params.settings)
    count = settings.pop("examples")

    scores, metrics, generalisation = [], [], []
    replicates = evaluation.replicates(existing(snakemake.input.weights), noisy, test_images.shape[1:])
    for replicate, model, manifest, inputs in replicates:
        if replicate == 0:
            layers = [manifest.keys | layer for layer in layer_table(model, test_images.shape[1:])]
        identity, seed = manifest.identity, None
        if schemes:
            seed = seeds.key(identity.seed, schemes[min(replicate, len(schemes) - 1)], "test-noise")
        result = evaluation.evaluate(
            model, identity, replicate, train_images, test_images, inputs, device=device, noise_seed=seed, **settings
        )
        row = manifest.keys | {"replicate": replicate}
        scores.append(result.scores.assign(replicate=replicate))
        metrics.append(row | result.metrics | {"epochs": identity.training.epochs})
        generalisation.append(row | result.generalisation)
        if replicate == 0:
            shown = evaluation.pictures(test_images, inputs, result.restored, result.scores, count)

    files.write_parquet(snakemake.output.scores, pd.concat(scores, ignore_index=True))
    files.write_array(snakemake.output.pictures, shown)
    beside = (snakemake.output.scores, snakemake.output.pictures)
    rows = {"metrics": metrics, "generalisation": generalisation, "architecture": layers}
    tables.write_summary(snakemake.output.summary, beside, **rows)
