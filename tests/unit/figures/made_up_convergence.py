"""Made-up tables of networks against epochs, for the tests of the figure and of the finding."""

import itertools

import pandas as pd

from aestudy.base.run import Run

EPOCHS = {"shallow_5": 5, "shallow": 40, "deep_5": 5, "deep": 40}
WIDTHS = {"shallow": ("32", "8"), "deep": ("32", "16", "8")}


def tables() -> dict[str, pd.DataFrame]:
    """Tables of a study in which both depths gain with epochs, the deeper one less and with a larger gap."""
    scores, history, layers = [], [], []
    for dataset, (model, epochs), replicate in itertools.product(("digits", "letters"), EPOCHS.items(), (0, 1)):
        keys = Run(dataset, model, 8, 0.0, "none", 0.0).keys | {"replicate": replicate}
        deep = model.startswith("deep")
        test = 18 + epochs / 10 - deep + replicate / 10
        gap = 0.5 if deep else 0.25
        scores.append(keys | {"epochs": epochs, "psnr_train": test + gap, "psnr_test": test, "gap_db": gap})
        for epoch in range(1, epochs + 1):
            history.append(keys | {"epoch": epoch, "train_loss": 1 / epoch, "validation_loss": 1.5 / epoch})
        for width in WIDTHS[model.partition("_")[0]]:
            layers.append({"dataset": dataset, "model": model, "latent": 8, "layer": "Linear", "output_shape": width})
    return {
        "metrics": pd.DataFrame(scores).drop(columns=["psnr_train", "psnr_test", "gap_db"]),
        "generalisation": pd.DataFrame(scores).drop(columns="epochs"),
        "history": pd.DataFrame(history),
        "architecture": pd.DataFrame(layers),
    }
