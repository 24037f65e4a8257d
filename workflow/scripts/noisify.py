"""Add a condition's noise to the test images."""

import numpy as np
import torch

from aestudy.base import files, seeds
from aestudy.base.identity import Noise
from aestudy.base.job import job
from aestudy.network.inputs import add_noise, to_device

with job(snakemake):
    clean = to_device(np.load(snakemake.input.images, mmap_mode="r"), torch.device("cpu"))
    seed = seeds.key(snakemake.params.seed, snakemake.wildcards.scheme, "test-noise")
    noisy = add_noise(clean, Noise.from_params(snakemake.params.noise), seed)
    files.write_array(snakemake.output[0], noisy.numpy())
