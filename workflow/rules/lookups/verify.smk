"""What a study consists of."""


def every_result():
    """The files that the study consists of, with the data that it was made from; logs and benchmarks are none."""
    data = ["train_images.npy", "train_labels.npy", "test_images.npy", "test_labels.npy", "dataset.json"]
    tables = ["metrics.csv", "generalisation.csv", "architecture.csv", "extremes.csv"]
    scores = [*tables, "scores.parquet", "examples.npy", "extremes.npy"]
    tested = dict.fromkeys([*CONDITIONS, *((v.trained.dataset, v.condition) for v in VARIATIONS)])
    evaluated = [
        *PLAN.runs,
        *dict.fromkeys(v.trained.path for v in VARIATIONS if v.trained.path in BESIDE and not v.rescored),
    ]
    return [
        *expand("<resources>/data/{dataset}/{file}", dataset=sorted({dataset for dataset, _ in tested}), file=data),
        *[path for dataset, condition in tested for path in noisy_test_images(dataset, condition)],
        *[
            f"<results>/baselines/{dataset}/{condition}/{file}"
            for dataset, condition in CONDITIONS
            for file in ("scores.parquet", "parameters.csv", "baselines.csv")
        ],
        *all_runs("<results>/runs/{run}/replicate-{replicate}/weights.safetensors", RUNS),
        *all_runs("<results>/runs/{run}/replicate-{replicate}/history.csv", RUNS),
        *all_runs("<results>/runs/{run}/replicate-{replicate}/manifest.json", RUNS),
        *expand("<results>/evaluation/{run}/{file}", run=evaluated, file=scores),
        *[f"<results>/{v.scores}" for v in VARIATIONS if v.rescored],
        *expand("<results>/tables/{table}.csv", table=[*PAGES, "history"]),
        *expand("<results>/figures/{figure}.{format}", figure=[*FIGURES, *SENSITIVITY], format=["svg", "png"]),
        *expand("<results>/pages/{page}.html", page=[*PAGES, "explore", "opening"]),
        *expand("<results>/captions/{figure}.rst", figure=[*FIGURES, *SENSITIVITY]),
    ]
