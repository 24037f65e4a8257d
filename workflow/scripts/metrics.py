"""The tables of all runs; networks are compared with the training-mean image."""

from aestudy.base import columns, files
from aestudy.base.job import existing, job
from aestudy.scoring import tables

with job(snakemake):
    summaries = [files.read_json(path) for path in existing(snakemake.input.summaries)]
    metrics = tables.of_summaries(summaries, "metrics", columns.METRICS)
    tables.refuse_worse_than_mean_image(metrics, tables.read(snakemake.input.baselines), snakemake.params.may_fail)
    files.write_csv(snakemake.output.metrics, metrics)
    for name, names in (("generalisation", columns.GENERALISATION), ("architecture", columns.ARCHITECTURE)):
        files.write_csv(snakemake.output[name], tables.of_summaries(summaries, name, names))
