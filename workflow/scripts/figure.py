"""Draw one figure as SVG and PNG."""

from aestudy.base.job import existing, job
from aestudy.figures import rendering

with job(snakemake):
    rendering.render(
        snakemake.params.drawing,
        snakemake.output.svg,
        snakemake.output.png,
        runs=snakemake.params.runs,
        shown=snakemake.params.shown,
        tables={name: snakemake.input[name] for name in snakemake.params.tables},
        examples=existing(snakemake.input.examples),
        published=snakemake.params.published,
        labels=snakemake.params.labels,
        stand_ins=snakemake.params.stand_ins,
        sparsity_threshold=snakemake.params.sparsity_threshold,
    )
