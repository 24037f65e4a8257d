"""Tools beside the graph, each a verb of `python -m aestudy`; `marks` is shared by those that write documents,
`subjects` and `machine_checks` are parts of `gpu_check`.

A verb defines `add_arguments(parser)` and `run(options)`, which returns the exit status or nothing. May import
everything but driver.
"""
