"""Draw what each protocol makes of each published number."""

from aestudy import tables
from aestudy.figures import protocols, style
from aestudy.job import job

with job(snakemake):
    with style.applied():
        figure = protocols.draw(tables.read(snakemake.input.table))
    style.save(figure, snakemake.output.svg, snakemake.output.png)
