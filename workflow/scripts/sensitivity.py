"""Try every protocol on every published number."""

from pathlib import Path

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.base.run import Run
from aestudy.claims import sensitivity
from aestudy.claims.protocols import Protocol
from aestudy.claims.records import load_claims

with job(snakemake):
    protocols = [Protocol.model_validate(record) for record in snakemake.params.protocols]
    named = {name for protocol in protocols for name in protocol.claims}
    claims = [claim for claim in load_claims(Path(snakemake.input.claims)) if claim.id in named]
    keys = [(protocol, Run(**run)) for protocol, run in snakemake.params.variations]
    table = sensitivity.table(
        claims,
        protocols,
        dict(zip(keys, existing(snakemake.input.scores), strict=True)),
        stand_ins=snakemake.params.stand_ins,
        seed=snakemake.params.seed,
    )
    files.write_csv(snakemake.output.sensitivity, table)
    files.write_csv(snakemake.output.together, sensitivity.together(table, snakemake.params.together))
