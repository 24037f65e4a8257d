"""Losses per epoch and cost of all runs and replicates."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.replicates.manifest import read
from aestudy.scoring import tables

with job(snakemake):
    manifests = [read(path) for path in existing(snakemake.input.manifests)]
    files.write_csv(snakemake.output.history, tables.history(manifests, existing(snakemake.input.history)))
    files.write_csv(snakemake.output.cost, tables.cost(manifests))
    files.write_json(snakemake.output.software, tables.software(manifests))
