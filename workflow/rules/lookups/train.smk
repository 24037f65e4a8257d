"""What a training leaves, and what decides its numbers."""


def replicate_files(name, replicates=REPLICATES):
    """A file of every replicate of a run."""
    return expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/{name}", r=replicates, name=name)


def training_statements(wildcards):
    """Digest of the statements that decide the weights of a run; a manifest keeps it too.

    The script stores what `train` returns: how it does so decides no number, and is left out (see driver.digest).
    """
    return digest("train.py", "training.loop.train", "network.hardware.prepare", *kinds_of_run(wildcards))


# Runs that continue others, which are the same but for fewer epochs. Most studies have none.
CONTINUED = plan.continued(STUDY, RUNS.values())


def shorter_training(wildcards):
    """The manifests of the run that a training continues from, if there is one."""
    shorter = CONTINUED.get(run_of(wildcards).path)
    return [f"<results>/runs/{shorter}/replicate-{r}/manifest.json" for r in REPLICATES] if shorter else []


def epochs_of_shorter(wildcards):
    """How many epochs that run has."""
    shorter = CONTINUED.get(run_of(wildcards).path)
    return plan.training_of(STUDY, RUNS[shorter].model).epochs if shorter else None


# Replicates beyond the study's own, of runs that are to be repeated.
FURTHER = range(STUDY.replicates, max(PLANNED.repeated.values(), default=STUDY.replicates + 1))


def replicates_of(run):
    """How many replicates of a run there are: the study's, or more where a reading is repeated."""
    return max(STUDY.replicates, PLANNED.repeated.get(run, 0))
