"""Fetch and verify the members of an archive."""

import os

from aestudy.base.job import job
from aestudy.datasets import archive
from aestudy.datasets.source import Archive, Download

with job(snakemake):
    spec = snakemake.params.spec
    archive.fetch(
        snakemake.wildcards.dataset,
        Archive(spec["file"], spec["folder"], tuple(Download(**member) for member in spec["members"])),
        snakemake.params.mirrors,
        snakemake.output[0],
        local_mirror=os.environ.get("AE_DATA_MIRROR"),
    )
