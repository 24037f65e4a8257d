"""Losses per epoch and cost of all runs and replicates."""

from aestudy import files, tables
from aestudy.job import existing, job

with job(snakemake):
    manifests = [files.read_json(path) for path in existing(snakemake.input.manifests)]
    files.write_csv(snakemake.output.history, tables.history(manifests, existing(snakemake.input.history)))
    files.write_csv(snakemake.output.cost, tables.cost(manifests))
