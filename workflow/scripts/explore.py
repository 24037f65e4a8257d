"""Make the page to explore."""

from aestudy import files, tables
from aestudy.figures.data import Run, named
from aestudy.job import existing, job
from aestudy.pages import explore

with job(snakemake):
    parts = [existing(snakemake.input[name]) for name in ("scores", "examples", "extremes", "ranked")]
    document = explore.page(
        study=snakemake.params.study,
        runs=[Run(**keys) for keys in snakemake.params.runs],
        files=[explore.Files(*paths) for paths in zip(*parts, strict=True)],
        metrics=tables.read(snakemake.input.metrics),
        baselines=tables.read(snakemake.input.baselines),
        label=named(snakemake.params.labels),
    )
    files.write_text(snakemake.output[0], document)
