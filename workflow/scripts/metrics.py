"""One table of all metrics, checked against the training-mean image."""

from aestudy import files, tables
from aestudy.job import existing, job

with job(snakemake):
    metrics = tables.concatenate(existing(snakemake.input.metrics))
    tables.check_against_mean_image(metrics, tables.read(snakemake.input.baselines))
    files.write_csv(snakemake.output[0], metrics)
