"""Which trained networks are tested on what, for readings of the reports and for transfers."""

WEIGHTS, MANIFEST = "weights.safetensors", "manifest.json"

# Networks by test set.
TEST_SETS = {}
for test in TESTS:
    TEST_SETS.setdefault((test.dataset, test.tested.condition), {})[test.trained.path] = None


def tested_weights(wildcards):
    """The weights of all replicates that are tested on a test set."""
    return [
        f"<results>/runs/{run}/replicate-{r}/{WEIGHTS}"
        for run in TEST_SETS[wildcards.dataset, wildcards.condition]
        for r in range(replicates_of(run))
    ]


def kinds_of_tested(wildcards):
    """Kinds of the models that are tested on a test set, as entries for `digest`; and the noise, where they are told it."""
    models = {RUNS[run].model for run in TEST_SETS[wildcards.dataset, wildcards.condition]}
    networks = [STUDY.models[model].network for model in models]
    told = any(getattr(network, "takes_level", False) for network in networks)
    noise = noise_kind(TESTED[wildcards.condition].noise, with_deviation=True) if told else []
    return sorted({f"models.{network.architecture}.build" for network in networks}) + noise


def tested_tables():
    """The scores on all test sets."""
    return [f"<results>/tested/{dataset}/{condition}.csv" for dataset, condition in TEST_SETS]
