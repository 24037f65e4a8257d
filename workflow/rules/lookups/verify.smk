"""What a study consists of."""

import json


def plain(value):
    """A configuration as plain mappings and lists: Snakemake may have read it into classes of its own."""
    return json.loads(json.dumps(value))


def every_result():
    """The files that the study consists of, with the data that it was made from; logs and benchmarks do not count.

    Of a replicate its manifest stands for all files, of an evaluation its summary: they have the hashes of the others.
    """
    tested = dict.fromkeys([*CONDITIONS, *TEST_SETS])
    return [
        *rules.configuration.output,
        *expand(list(rules.prepare.output), dataset=sorted({dataset for dataset, _ in tested})),
        *[path for dataset, condition in tested for path in noisy_test_images(dataset, condition)],
        *of_conditions(list(rules.baselines.output)),
        *of_runs(rules.train.output.manifest, RUNS),
        *of_runs(rules.evaluate.output.summary),
        *tested_tables(),
        *(["<results>/tables/transfer.csv"] if TESTS and "transfer" not in PAGES else []),
        *expand("<results>/tables/{table}.csv", table=[*PAGES, "history"]),
        "<results>/tables/software.json",
        *rules.portable.output,
        *expand("<results>/figures/{figure}.{format}", figure=[*SUMMARISED, *FIGURES], format=["svg", "png"]),
        *expand("<results>/pages/{page}.html", page=[*PAGES, "explore", "playground", "opening"]),
        *expand("<results>/captions/{figure}.rst", figure=[*FIGURES, *SUMMARISED]),
    ]
