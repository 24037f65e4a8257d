"""Draw what each protocol makes of each published number."""

from aestudy.base.job import job
from aestudy.figures import protocols, style
from aestudy.scoring import tables

with job(snakemake):
    with style.applied():
        figure = protocols.draw(tables.read(snakemake.input.table))
    style.save(figure, snakemake.output.svg, snakemake.output.png)
