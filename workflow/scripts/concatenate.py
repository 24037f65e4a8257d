"""One table from the small tables of all runs."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.scoring import tables

with job(snakemake):
    files.write_csv(snakemake.output[0], tables.concatenate(existing(snakemake.input.tables)))
