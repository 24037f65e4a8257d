"""Score the replicates of one run on every test image."""

import numpy as np
import pandas as pd

from aestudy.base import columns, files
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.network.autoencoder import layer_table
from aestudy.scoring import evaluation

with job(snakemake):
    hardware.prepare(snakemake.threads)
    device = hardware.select_device(snakemake.config.get("device", "auto"))
    train_images = np.load(snakemake.input.train_images, mmap_mode="r")
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]
    settings = dict(snakemake.params.settings)
    count = settings.pop("examples")

    scores, metrics, generalisation, examples = [], [], [], None
    replicates = evaluation.replicates(existing(snakemake.input.weights), noisy, test_images.shape[1:])
    for replicate, model, manifest, inputs in replicates:
        if examples is None:
            layers = pd.DataFrame(layer_table(model, tuple(test_images.shape[1:]))).assign(**manifest.keys)
        result = evaluation.evaluate(
            model, manifest.identity, replicate, train_images, test_images, inputs, device=device, **settings
        )
        row = manifest.keys | {"replicate": replicate}
        scores.append(result.scores.assign(replicate=replicate))
        metrics.append(row | result.metrics | {"epochs": manifest.identity.training.epochs})
        generalisation.append(row | result.generalisation)
        if examples is None:
            examples = evaluation.examples(test_images, inputs, result.restored, count)
            ranked, extremes = evaluation.extremes(test_images, inputs, result.restored, result.scores)

    files.write_parquet(snakemake.output.scores, pd.concat(scores, ignore_index=True))
    files.write_csv(snakemake.output.metrics, pd.DataFrame(metrics)[list(columns.METRICS)])
    files.write_csv(snakemake.output.generalisation, pd.DataFrame(generalisation)[list(columns.GENERALISATION)])
    files.write_csv(snakemake.output.architecture, layers[list(columns.ARCHITECTURE)])
    files.write_array(snakemake.output.examples, examples)
    files.write_array(snakemake.output.extremes, extremes)
    files.write_csv(snakemake.output.ranked, ranked)
