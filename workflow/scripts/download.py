"""Fetch and verify one file of a data set."""

import os

from aestudy.base.job import job
from aestudy.datasets import download
from aestudy.datasets.source import Download

with job(snakemake):
    download.fetch(
        snakemake.wildcards.dataset,
        Download(**snakemake.params.spec),
        snakemake.params.mirrors,
        snakemake.output[0],
        local_mirror=os.environ.get("AE_DATA_MIRROR"),
    )
