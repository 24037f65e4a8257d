"""Make the page to explore."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.base.run import Run
from aestudy.figures.data import Labels
from aestudy.pages import explore
from aestudy.scoring import tables

with job(snakemake):
    parts = [existing(snakemake.input[name]) for name in ("scores", "pictures")]
    document = explore.page(
        study=snakemake.params.study,
        runs=[Run(**keys) for keys in snakemake.params.runs],
        files=[explore.Files(*paths) for paths in zip(*parts, strict=True)],
        metrics=tables.read(snakemake.input.metrics),
        baselines=tables.read(snakemake.input.baselines),
        label=Labels(snakemake.params.labels),
    )
    files.write_text(snakemake.output[0], document)
