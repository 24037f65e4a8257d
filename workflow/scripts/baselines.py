"""Fit the sanity rungs of one data set and condition on training images, then score them on the test images."""

import numpy as np
import pandas as pd
import torch

from aestudy import baselines, files, registry, seeds, tables
from aestudy.job import existing, job

with job(snakemake):
    torch.set_num_threads(snakemake.threads)
    noise, condition = snakemake.params.noise, snakemake.params.condition

    def add_noise(images, seed):
        """The condition's noise on float images, as the networks' own training images get it."""
        generator = torch.Generator().manual_seed(seed)
        module = registry.load("noise", noise["kind"])
        return module.add(torch.from_numpy(images), condition["variance"], noise, generator).numpy()

    seed = seeds.key(snakemake.params.seed, "shared", "baselines")
    fitted, chosen = baselines.fit_rungs(
        np.load(snakemake.input.train_images), add_noise if noise else None, snakemake.params.latents, seed
    )
    test_images = np.load(snakemake.input.test_images)
    inputs = [np.load(path) for path in existing(snakemake.input.noisy)] or [None]
    scores = [baselines.score_rungs(fitted, test_images, noisy, snakemake.params.ssim) for noisy in inputs]
    # Where each replicate has noisy test images of its own, a rung's score of an image is the mean over them.
    keys = ["rung", "variant", "latent", "image"]
    scores = scores[0] if len(scores) == 1 else pd.concat(scores).groupby(keys, sort=False).mean().reset_index()

    files.write_parquet(snakemake.output.scores, scores)
    files.write_csv(snakemake.output.chosen, chosen)
    files.write_csv(snakemake.output.table, tables.baselines(scores, snakemake.wildcards.dataset, condition))
