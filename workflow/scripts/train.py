"""Train the replicates of one run that are not there yet."""

import numpy as np

from aestudy import files, hardware, provenance
from aestudy.job import existing, job
from aestudy.runs import train_missing

with job(snakemake):
    train_missing(
        folders=[path.parent for path in existing(snakemake.output.manifest)],
        keys=snakemake.params.run,
        identity=snakemake.params.identity,
        code=provenance.code_digest(snakemake.input.code),
        dataset=files.read_json(snakemake.input.about),
        train_images=np.load(snakemake.input.train_images, mmap_mode="r"),
        test_images=np.load(snakemake.input.test_images, mmap_mode="r"),
        device=hardware.select_device(snakemake.config.get("device", "auto")),
        threads=snakemake.threads,
    )
