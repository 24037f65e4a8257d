"""Tools beside the graph, each a verb of `python -m aestudy`; `marks` is shared by those that write documents.

`subjects` and `machine_checks` are parts of `gpu_check`; `crate`, `safe_zip`, `received` and `snakemake_records` of
`archive` and `unarchive`; `chromium` is a browser for `screenshots` and for tests.

A verb defines `add_arguments(parser)` and `run(options)`, which returns the exit status or nothing. May import
everything but driver.
"""
