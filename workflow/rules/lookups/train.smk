"""What a training leaves, and what decides its numbers."""


def replicate_files(name):
    """A file of every replicate of a run."""
    return expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/{name}", r=REPLICATES, name=name)


def training_statements(wildcards):
    """Digest of the statements that decide the weights of a run; a manifest keeps it too.

    The script stores what `train` returns: how it does so decides no number, and is left out (see driver.digest).
    """
    return digest("train.py", "training.loop.train", "network.hardware.prepare", *kinds_of_run(wildcards))
