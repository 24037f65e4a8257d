"""Tables of histories and manifests of made-up studies."""

from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base import files
from aestudy.base.identity import Identity, Training
from aestudy.base.run import RUN_KEYS
from aestudy.models import dense
from aestudy.replicates.manifest import Binding, Manifest

RUNS = [("digits", "small", latent, 0.0, "none", 0.0) for latent in (5, 10)] + [
    ("digits", "small", 10, 0.01, "gaussian", 0.2)
]


def finish(
    study: str, replicates: int = 3, seed: int = 1, runs=RUNS, epochs: int = 6, shift: float = 0.0, manifest=True
) -> pd.DataFrame:
    """Put the table of histories and the manifests of a made-up study below the working directory."""
    generator = np.random.default_rng(seed)
    binding = Binding(
        Identity(
            dataset="digits",
            seed=seed,
            latent=5,
            l1=0.0,
            network=dense.Parameters(architecture="dense", hidden=[8]),
            noise=None,
            training=Training(),
        ),
        "code",
        {},
    )
    rows = []
    for index, run in enumerate(runs):
        keys = dict(zip(RUN_KEYS, run, strict=True))
        for replicate in range(replicates):
            speed = 0.3 + 0.01 * generator.standard_normal()
            for epoch in range(1, epochs + 1):
                loss = float(np.exp(-speed * epoch + 0.002 * generator.standard_normal() + shift))
                values = {"train_loss": loss, "validation_loss": 1.1 * loss, "validation_source": "train"}
                rows.append(keys | {"replicate": replicate, "epoch": epoch} | values)
            if manifest:
                folder = Path("results", study, "runs/digits/small", f"run-{index}", f"replicate-{replicate}")
                cost = {"device": "test processor", "precision": "fp32"}
                Manifest(binding, keys, replicate, {"torch": "2.0"}, "0123456789abcdef", cost).write(folder)
    table = pd.DataFrame(rows)
    files.write_csv(Path("results", study, "tables/history.csv"), table)
    return table
