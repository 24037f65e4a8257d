"""Score the replicates of one run on every test image."""

import numpy as np
import pandas as pd
import torch

from aestudy import evaluation, files, hardware, tables
from aestudy.autoencoder import describe
from aestudy.job import existing, job

with job(snakemake):
    hardware.prepare(snakemake.threads)
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]
    settings = snakemake.params.settings

    scores, metrics, generalisation, examples = [], [], [], None
    replicates = evaluation.replicates(existing(snakemake.input.weights), noisy, test_images.shape[1:])
    for replicate, model, manifest, inputs in replicates:
        identity = manifest["binding"]["identity"]
        result = evaluation.evaluate(
            model, identity, replicate, train_images, test_images, inputs, settings, torch.device("cpu")
        )
        row = manifest["keys"] | {"replicate": replicate}
        scores.append(result.scores.assign(replicate=replicate))
        metrics.append(row | result.metrics | {"epochs": identity["training"]["epochs"]})
        generalisation.append(row | result.generalisation)
        if examples is None:
            examples = evaluation.examples(test_images, inputs, result.restored, settings["examples"])
            ranked, extremes = evaluation.extremes(test_images, inputs, result.restored, result.scores)
            layers = pd.DataFrame(describe(model, tuple(test_images.shape[1:]))).assign(**manifest["keys"])

    files.write_parquet(snakemake.output.scores, pd.concat(scores, ignore_index=True))
    files.write_csv(snakemake.output.metrics, pd.DataFrame(metrics)[tables.METRICS])
    files.write_csv(snakemake.output.generalisation, pd.DataFrame(generalisation)[tables.GENERALISATION])
    files.write_csv(snakemake.output.architecture, layers[tables.ARCHITECTURE])
    files.write_array(snakemake.output.examples, examples)
    files.write_array(snakemake.output.extremes, extremes)
    files.write_csv(snakemake.output.ranked, ranked)
