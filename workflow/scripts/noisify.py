"""Add a condition's noise to the test images."""

import numpy as np
import torch

from aestudy import feed, files
from aestudy.job import job

with job(snakemake):
    clean = feed.to_device(np.load(snakemake.input.images, mmap_mode="r"), torch.device("cpu"))
    condition = {name: snakemake.params[name] for name in ("noise", "variance", "seed")}
    noisy = feed.corrupt(clean, condition, snakemake.wildcards.scheme, "test-noise")
    files.write_array(snakemake.output[0], noisy.numpy())
