"""Bring a data set into the one array format."""

from pathlib import Path

from aestudy.datasets import prepare
from aestudy.job import job

with job(snakemake):
    prepare.prepare(
        snakemake.wildcards.dataset,
        snakemake.params.spec,
        {role: Path(snakemake.input[role]) for role in snakemake.params.roles},
        Path(snakemake.output.about).parent,
    )
