"""Train the replicates of one run that are not there yet."""

import numpy as np

from aestudy.base import files
from aestudy.base.identity import Identity
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.replicates.manifest import Binding
from aestudy.replicates.train_missing import train_missing

with job(snakemake):
    shorter = existing(snakemake.input.shorter)
    train_missing(
        folders=[path.parent for path in existing(snakemake.output.manifest)],
        keys=snakemake.params.run,
        binding=Binding(
            identity=Identity.from_params(snakemake.params.identity),
            code=snakemake.params.code,
            data=files.read_json(snakemake.input.about)["array_sha256"],
        ),
        train_images=np.load(snakemake.input.train_images, mmap_mode="r"),
        test_images=np.load(snakemake.input.test_images, mmap_mode="r"),
        device=hardware.select_device(snakemake.config.get("device", "auto")),
        threads=snakemake.threads,
        shorter=(shorter[0].parents[1], snakemake.params.shorter) if shorter else None,
        keep_state=snakemake.params.keep_state,
    )
