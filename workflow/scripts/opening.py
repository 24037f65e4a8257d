"""Make the report's opening page, and the captions of its figures."""

import pandas as pd

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.base.run import Run
from aestudy.figures.data import Labels
from aestudy.pages import captions, opening
from aestudy.scoring import tables

with job(snakemake):
    label = Labels(snakemake.params.labels)
    own = opening.Tables(
        claims=pd.read_csv(snakemake.input.claims, dtype=str, keep_default_na=False),
        **{name: tables.read(snakemake.input[name]) for name in ("metrics", "baselines", "cost")},
    )
    texts = {}
    for figure, description, runs in zip(
        snakemake.params.figures, existing(snakemake.input.descriptions), snakemake.params.runs, strict=True
    ):
        found = captions.found([Run(**keys) for keys in runs], own.metrics, label)
        name = figure["name"]
        texts[name] = captions.caption(description.read_text(encoding="utf-8"), name, own.claims, found)
    images = existing(snakemake.input.images)
    about_summaries = [path.read_text(encoding="utf-8") for path in existing(snakemake.input.about_summaries)]
    for path, text in zip(existing(snakemake.output.captions), [*texts.values(), *about_summaries], strict=True):
        files.write_text(path, text)
    document = opening.page(
        study=snakemake.params.study,
        tables=own,
        reports=snakemake.params.reports,
        sections=snakemake.params.sections,
        figures=snakemake.params.figures,
        captions=texts,
        images=dict(zip(texts, images, strict=True)),
        summaries=[
            opening.SummaryFigure(name, title, caption, image)
            for (name, title), caption, image in zip(
                snakemake.params.summaries.items(),
                about_summaries,
                existing(snakemake.input.summaries),
                strict=True,
            )
        ],
        datasets=[files.read_json(path) for path in existing(snakemake.input.datasets)],
        software=files.read_json(snakemake.input.software),
        configuration=snakemake.params.configuration,
        label=label,
    )
    files.write_text(snakemake.output.page, document)
