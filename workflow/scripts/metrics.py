"""One table of all metrics, checked against the training-mean image."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.scoring import tables

with job(snakemake):
    metrics = tables.concatenate(existing(snakemake.input.metrics))
    tables.refuse_worse_than_mean_image(metrics, tables.read(snakemake.input.baselines))
    files.write_csv(snakemake.output[0], metrics)
