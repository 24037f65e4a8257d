"""Judge every claim."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.claims import tables
from aestudy.claims.evidence import Evidence
from aestudy.claims.records import load_claims
from aestudy.claims.verdicts import judge

with job(snakemake):
    evidence = Evidence({path.stem: path for path in existing(snakemake.input.tables)})
    claims = [claim for claim in load_claims(snakemake.input.claims) if claim.id in snakemake.params.claims]
    judged = judge(claims, evidence, snakemake.params.stand_ins)
    files.write_csv(snakemake.output.claims, tables.table(judged, snakemake.params.stand_ins))
    files.write_csv(snakemake.output.certainty, tables.certainty(judged))
