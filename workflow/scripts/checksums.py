"""The manifest of a finished study."""

from aestudy import files, verify
from aestudy.job import existing, job

with job(snakemake):
    files.write_text(snakemake.output[0], verify.manifest(existing(snakemake.input.results)))
