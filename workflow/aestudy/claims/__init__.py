"""The claims of the rebuilt reports: records in report/claims.yaml, recomputed from a study's tables and judged.

`language` reads expressions, `records` the records, `selection` finds the runs that they mean, `published` the numbers
that they state, `checks` reports mistakes before any job runs; these import neither pandas nor torch. `evidence` reads
a study's numbers, `values` computes expressions, `intervals` says how sure a number is, `parts` and `decisions` decide
each part of a claim, `verdicts` and `reasons` judge, `tables` and `summary` say what was found.

May import: base.
"""
