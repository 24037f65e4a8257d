"""Fit the baselines of one data set and condition on training images, then score them on the test images."""

import numpy as np
import pandas as pd
import torch

from aestudy.base import files, seeds
from aestudy.base.columns import BASELINE_KEYS
from aestudy.base.identity import Noise
from aestudy.base.job import existing, job
from aestudy.baselines.fitting import fit_all, score_all
from aestudy.network import inputs
from aestudy.scoring import tables

with job(snakemake):
    torch.set_num_threads(snakemake.threads)
    noise = Noise.from_params(snakemake.params.noise)

    def add_noise(images, seed):
        """The condition's noise on float images, as the networks' own training images get it."""
        return inputs.add_noise(torch.from_numpy(images), noise, seed).numpy()

    seed = seeds.key(snakemake.params.seed, "shared", "baselines")
    fitted, chosen = fit_all(
        np.load(snakemake.input.train_images), add_noise if noise else None, snakemake.params.latents, seed
    )
    test_images = np.load(snakemake.input.test_images)
    noisy_tests = [np.load(path) for path in existing(snakemake.input.noisy)] or [None]
    scores = [score_all(fitted, test_images, noisy, snakemake.params.ssim) for noisy in noisy_tests]
    # Where each replicate has noisy test images of its own, a baseline's score of an image is the mean over them.
    keys = [*BASELINE_KEYS, "image"]
    scores = scores[0] if len(scores) == 1 else pd.concat(scores).groupby(keys, sort=False).mean().reset_index()

    files.write_parquet(snakemake.output.scores, scores)
    files.write_csv(snakemake.output.chosen, chosen)
    files.write_csv(snakemake.output.table, tables.baselines(scores, **snakemake.params.condition))
