"""A study: its configuration, the plan of its runs and figures, and all checks before anything runs.

`config` is the typed configuration, `loading` reads it with the claims, `consistency` and `messages` report mistakes,
`plan` makes runs from grids, `figures` lists the figures; `questions` and `readings` plan joint readings of the
reports, `tests` what runs are scored on beside their own noise. May import: base, the kinds (datasets, noise, models),
claims (records), figures (catalogue); neither torch nor pandas at import.
"""
