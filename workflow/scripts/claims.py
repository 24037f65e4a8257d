"""Judge every claim."""

from pathlib import Path

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.base.run import Run
from aestudy.claims.evidence import Evidence
from aestudy.claims.records import load_claims
from aestudy.claims.verdicts import judge

with job(snakemake):
    runs = [Run(**keys) for keys in snakemake.params.runs]
    conditions = [tuple(keys.values()) for keys in snakemake.params.conditions]
    evidence = Evidence(
        {path.stem: path for path in existing(snakemake.input.tables)},
        dict(zip(runs, existing(snakemake.input.scores), strict=True)),
        dict(zip(conditions, existing(snakemake.input.baselines), strict=True)),
    )
    claims = load_claims(Path(snakemake.input.claims))
    verdicts = judge(claims, evidence, stand_ins=snakemake.params.stand_ins, seed=snakemake.params.seed)
    files.write_csv(snakemake.output[0], verdicts)
