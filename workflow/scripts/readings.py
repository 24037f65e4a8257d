"""Hold every joint reading against the reports."""

import pandas as pd

from aestudy.base import files
from aestudy.base.job import job
from aestudy.claims.records import load_claims
from aestudy.readings import tables
from aestudy.readings.scored import score
from aestudy.study.config import Study
from aestudy.study.plan import Plan
from aestudy.study.readings import Planner

with job(snakemake):
    study = Study.model_validate(snakemake.params.study)
    plan, claims = Plan.of(study), load_claims(snakemake.input.claims)
    scores = pd.read_csv(snakemake.input.scores, keep_default_na=False, na_values=[""])
    found = []
    for readings in study.readings:
        scored = score(Planner(study, plan, readings), readings, claims, scores)
        found.append(tables.Table(readings, claims, scored, study.seed))
    for name, table in tables.of_all(found).items():
        files.write_csv(snakemake.output[name], table)
