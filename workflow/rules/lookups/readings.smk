"""What the joint readings of the reports train and test."""

WEIGHTS, MANIFEST = "weights.safetensors", "manifest.json"
# Replicates beyond the study's own, of runs that are to be repeated.
FURTHER = range(STUDY.replicates, max(PLANNED.repeated.values(), default=STUDY.replicates + 1))

TESTS = {}
for test in PLANNED.tests:
    TESTS.setdefault((test.trained.dataset, test.tested.condition), []).append(test.trained.path)


def replicates_of(run):
    """How many replicates of a run there are: the study's, or more where a reading is repeated."""
    return max(STUDY.replicates, PLANNED.repeated.get(run, 0))


def tested_weights(wildcards):
    """The weights of all replicates that are tested on a test set."""
    return [
        f"<results>/runs/{run}/replicate-{r}/{WEIGHTS}"
        for run in TESTS[wildcards.dataset, wildcards.condition]
        for r in range(replicates_of(run))
    ]


def kinds_of_tested(wildcards):
    """Kinds of the models that are tested on a test set, as entries for `digest`."""
    models = {RUNS[run].model for run in TESTS[wildcards.dataset, wildcards.condition]}
    return sorted({f"models.{STUDY.models[model].network.architecture}.build" for model in models})


def tested_tables():
    """The scores on all test sets that readings ask for."""
    return [f"<results>/tested/{dataset}/{condition}.csv" for dataset, condition in TESTS]
