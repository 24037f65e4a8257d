"""Make the playground."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.base.run import Run
from aestudy.figures.data import Labels
from aestudy.pages import playground
from aestudy.playground.filters import strongest
from aestudy.scoring import tables

with job(snakemake):
    offered = files.read_json(snakemake.input.networks)
    baselines = tables.read(snakemake.input.baselines)
    places = [tuple(place) for place in snakemake.params.conditions]
    chosen = dict(zip(places, map(tables.read, existing(snakemake.input.chosen)), strict=True))
    runs = [Run(**network["run"]) for network in offered["networks"]]
    filters = [strongest(run, baselines, chosen[run.dataset, run.condition], snakemake.params.filters) for run in runs]
    document = playground.page(
        study=snakemake.params.study,
        offered=offered,
        filters=filters,
        ssim=snakemake.params.ssim,
        label=Labels(snakemake.params.labels),
    )
    files.write_text(snakemake.output[0], document)
