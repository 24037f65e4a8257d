"""Score networks on one test set, which need not be what they were trained for."""

import numpy as np

from aestudy.base import files, seeds
from aestudy.base.identity import Noise
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.replicates import store
from aestudy.scoring import tables
from aestudy.scoring.testing import test_row

with job(snakemake):
    hardware.prepare(snakemake.threads)
    device = hardware.select_device(snakemake.config.get("device", "auto"))
    test_images = np.load(snakemake.input.test_images, mmap_mode="r")
    noisy = [np.load(path, mmap_mode="r") for path in existing(snakemake.input.noisy)]
    schemes = [path.stem for path in existing(snakemake.input.noisy)]
    noise = Noise.from_params(snakemake.params.noise)
    test_set = {"test_dataset": snakemake.wildcards.dataset} | snakemake.params.test

    rows = []
    for path in existing(snakemake.input.weights):
        model, manifest = store.load_model(path.parent, test_images.shape[1:])
        inputs = seed = None
        if noisy:
            place = min(manifest.replicate, len(noisy) - 1)
            inputs, seed = noisy[place], seeds.key(manifest.identity.seed, schemes[place], "test-noise")
        row = test_row(model, test_images, inputs, snakemake.params.sparsity_threshold, device, noise, seed)
        rows.append(manifest.keys | {"replicate": manifest.replicate} | test_set | row)
    files.write_csv(snakemake.output[0], tables.of_tests(rows))
