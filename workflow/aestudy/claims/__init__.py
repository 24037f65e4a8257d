"""The claims of the rebuilt reports: records in report/claims.yaml, recomputed from a study's tables and judged."""

from aestudy.claims.evidence import Evidence, check_selections
from aestudy.claims.records import VERDICTS, Claim, claims_schema, load_claims
from aestudy.claims.verdicts import judge

__all__ = ["VERDICTS", "Claim", "Evidence", "check_selections", "claims_schema", "judge", "load_claims"]
