"""Columns of the tables, and other names that several stages share: each is written here and nowhere else."""

from collections.abc import Iterable, Sequence

from aestudy.base import levels
from aestudy.base.run import CONDITION_KEYS, RUN_KEYS, VARIANCE

SSIM_VARIANTS = ("uniform7", "gaussian11", "gaussian11_full")
"""Windows of SSIM (see scoring.scores.ssim)."""

SCORES = ("psnr", "ssim", "mse", "bce")
"""Scores of one image: PSNR in dB, SSIM, mean squared error, binary cross-entropy in nats per pixel."""
NOISY_SCORES = ("psnr_noisy", "ssim_noisy")
"""The same of the noisy image that the network was given; empty without noise."""
CLEAN_INPUT_SCORES = ("psnr_clean_input", "mse_clean_input")
"""PSNR and mean squared error of what the network makes of the clean image; empty without noise."""
IMAGE_SCORES = ("image", *SCORES, *NOISY_SCORES, *CLEAN_INPUT_SCORES)
"""Columns of scores.parquet of a replicate."""

METRIC_VALUES = ("psnr", "psnr_pooled", "ssim", "mse", "bce", *NOISY_SCORES, "gain_db", "sparsity", "latent_mean")
METRIC_VALUES += ("epochs", "psnr_noisy_pooled", "psnr_clean_input", "psnr_clean_input_pooled")
FIRST_IMAGES = ("psnr", "ssim", *NOISY_SCORES, "gain_db")
"""Values that are also taken over the first hundred test images alone, as report `conv` does."""
METRIC_VALUES += tuple(f"{name}_first_100" for name in FIRST_IMAGES)
METRIC_VALUES += ("detail", "latent_average", "sparsity_relative", "hoyer")
METRICS = (*RUN_KEYS, "replicate", *METRIC_VALUES)
"""Columns of metrics.csv."""

AVERAGES = {"per_image": "", "pooled": "_pooled", "own_range": "_own_range"}
"""Ways to take PSNR, and how their columns end: mean over images, of the error over all images, own range of pictures.
"""
TEST_VALUES = tuple(
    f"{name}{end}" for name in ("psnr", "psnr_noisy", "psnr_clean_input", "psnr_first_100") for end in AVERAGES.values()
)
TEST_VALUES += ("bce", *(f"ssim_first_100_{variant}" for variant in SSIM_VARIANTS))
TEST_VALUES += ("sparsity", "latent_mean", "latent_average", "sparsity_relative", "hoyer")
TEST = "test_"
"""Begins the names of the columns that say what a replicate is tested on."""
TEST_KEYS = tuple(TEST + name for name in CONDITION_KEYS)
"""What a trained run is tested on; a study with other levels has a column for each of them beside."""
TRANSFER = (*RUN_KEYS, "replicate", *TEST_KEYS, *TEST_VALUES)
"""Columns of transfer.csv: a trained replicate on a test set, which need not be what it was trained for."""

METRIC_OF_SCORE = {name: name for name in (*SCORES, *NOISY_SCORES, "psnr_clean_input")} | {"gain": "gain_db"}
"""Columns of metrics.csv by the functions of claims that read them."""

GENERALISATION_VALUES = ("psnr_train", "psnr_test", "gap_db")
GENERALISATION = (*RUN_KEYS, "replicate", *GENERALISATION_VALUES)
"""Columns of generalisation.csv."""

COST_VALUES = ("parameters", "train_seconds", "seconds_per_epoch", "images_per_second", "peak_memory_mb")
COST = (*RUN_KEYS, "replicate", *COST_VALUES, "device", "threads", "precision")
"""Columns of cost.csv."""

HISTORY_VALUES = ("train_loss", "validation_loss", "epoch")
"""Numbers of history.csv."""

ARCHITECTURE_KEYS = ("dataset", "model", "latent")
ARCHITECTURE = (*ARCHITECTURE_KEYS, "part", "layer", "output_shape", "parameters")
"""Columns of architecture.csv."""

BASELINE_KEYS = ("baseline", "variant", "latent")
"""What tells the baselines of one condition apart."""
BASELINES = (*CONDITION_KEYS, *BASELINE_KEYS, "psnr", "psnr_pooled", "ssim", "mse", "bce")
BASELINES += ("psnr_first_100", "ssim_first_100")
"""Columns of baselines.csv."""


def level_columns(table: Iterable[str], prefix: str = "") -> list[str]:
    """Those of a table's columns that hold levels of noise: the variance, and others where a study has other noises.

    prefix: `test_` for those of what a replicate is tested on.
    """
    present = set(table)
    return [prefix + name for name in levels.known() if prefix + name in present]


def with_levels(columns: Sequence[str], present: Iterable[str]) -> list[str]:
    """`columns`, with those of the levels that are `present` beside them put after the variance."""
    present, found = set(present), []
    for column in columns:
        found.append(column)
        if column in (VARIANCE, TEST + VARIANCE):
            others = level_columns(present, column.removesuffix(VARIANCE))
            found += [other for other in others if other not in columns]
    return found
