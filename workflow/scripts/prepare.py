"""Bring a data set into the one array format."""

from pathlib import Path

from aestudy.datasets import prepare
from aestudy.job import existing, job

with job(snakemake):
    sources = {role: snakemake.input[role] for role in snakemake.params.roles}
    prepare.prepare(
        snakemake.wildcards.dataset,
        snakemake.params.spec,
        {role: Path(found) if isinstance(found, str) else existing(found) for role, found in sources.items()},
        Path(snakemake.output.about).parent,
    )
