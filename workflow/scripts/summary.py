"""Draw one figure of the whole study as SVG and PNG."""

from aestudy.base.job import job
from aestudy.figures import rendering

with job(snakemake):
    rendering.render_summary(
        snakemake.params.summary,
        snakemake.output.svg,
        snakemake.output.png,
        {name: snakemake.input[name] for name in snakemake.params.tables},
        snakemake.params.labels,
    )
