"""The checksums of a finished study."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.tools import verify

with job(snakemake):
    files.write_text(snakemake.output[0], verify.checksums(existing(snakemake.input.results)))
