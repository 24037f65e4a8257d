"""Show a table as a page."""

from pathlib import Path

from aestudy.base import files
from aestudy.base.job import job
from aestudy.pages.table import page
from aestudy.scoring import tables

with job(snakemake):
    csv = Path(snakemake.input.table).read_text(encoding="utf-8")
    table = tables.read(snakemake.input.table)
    files.write_text(snakemake.output[0], page(table, snakemake.params.title, snakemake.params.study, csv))
