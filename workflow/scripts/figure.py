"""Draw one figure as SVG and PNG."""

from aestudy import figures
from aestudy.job import existing, job

with job(snakemake):
    figures.render(
        snakemake.wildcards.figure,
        snakemake.output.svg,
        snakemake.output.png,
        runs=snakemake.params.runs,
        tables={name: snakemake.input[name] for name in snakemake.params.tables},
        examples=existing(snakemake.input.examples),
        labels=snakemake.params.labels,
        stand_ins=snakemake.params.stand_ins,
    )
