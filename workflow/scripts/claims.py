"""Judge every claim."""

from pathlib import Path

from aestudy import files
from aestudy.claims import Evidence, judge, load_claims
from aestudy.job import existing, job

with job(snakemake):
    runs = [tuple(run) for run in snakemake.params.runs]
    conditions = [tuple(condition) for condition in snakemake.params.conditions]
    evidence = Evidence(
        {path.stem: path for path in existing(snakemake.input.tables)},
        dict(zip(runs, existing(snakemake.input.scores), strict=True)),
        dict(zip(conditions, existing(snakemake.input.baselines), strict=True)),
    )
    claims = load_claims(Path(snakemake.input.claims))
    verdicts = judge(claims, evidence, stand_ins=snakemake.params.stand_ins, seed=snakemake.params.seed)
    files.write_csv(snakemake.output[0], verdicts)
