"""Show a table as a page."""

from aestudy import files, pages, tables
from aestudy.job import job

with job(snakemake):
    table = tables.read(snakemake.input.table)
    files.write_text(snakemake.output[0], pages.page(table, snakemake.params.title, snakemake.params.study))
