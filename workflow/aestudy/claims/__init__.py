"""The claims of the rebuilt reports: records in report/claims.yaml, recomputed from a study's tables and judged.

`language` reads expressions, `records` the records, `selection` finds the runs that they mean, `checks` reports
mistakes before any job runs; these import neither pandas nor torch. `evidence` reads a study's numbers, `values`
computes expressions, `parts` splits a claim into what must hold each, `intervals` says how sure a number is,
`decisions` what follows for a part, `verdicts`, `reasons` and `tables` for the whole claim; `summary` counts verdicts.

May import: base.
"""
