"""Fetch and verify one file of a data set."""

import os

from aestudy.datasets import download
from aestudy.job import job

with job(snakemake):
    download.fetch(
        snakemake.wildcards.dataset,
        snakemake.params.spec,
        snakemake.params.mirrors,
        snakemake.output[0],
        local_mirror=os.environ.get("AE_DATA_MIRROR"),
    )
