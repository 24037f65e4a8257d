"""Bring a data set into the one array format."""

from pathlib import Path

from aestudy.base.job import existing, job
from aestudy.datasets import arrays

with job(snakemake):
    sources = {role: snakemake.input[role] for role in snakemake.params.roles}
    arrays.prepare(
        snakemake.wildcards.dataset,
        snakemake.params.spec,
        {role: Path(found) if isinstance(found, str) else existing(found) for role, found in sources.items()},
        Path(snakemake.output.about).parent,
    )
