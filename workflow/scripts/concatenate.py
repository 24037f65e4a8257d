"""One table from the small tables of all runs."""

from aestudy import files, tables
from aestudy.job import existing, job

with job(snakemake):
    files.write_csv(snakemake.output[0], tables.concatenate(existing(snakemake.input.tables)))
