"""Exports a trained replicate as a folder that stands by itself: weights, manifest, model card, and a torch program.

python -m aestudy export --run results/demo/runs/digits/dense3/latent-15/replicate-0 --out exported
"""

import argparse
import shutil
from pathlib import Path

import pandas as pd

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.replicates import replicate
from aestudy.replicates.manifest import NAME as MANIFEST
from aestudy.replicates.manifest import WEIGHTS
from aestudy.replicates.replicate import DATASET, Replicate, noise_text, size_text

PROGRAM = "model.pt2"
CARD = "README.md"
STRENGTHS = """
`strengths` is the standard deviation of the noise on each image, float32 (n,), in units of the range [0, 1].
"""
LOSSES = {"bce": "binary cross-entropy", "mse": "mean squared error", "l1": "mean absolute error"}


def export(run: Replicate, out: Path) -> None:
    """Write weights.safetensors, manifest.json, dataset.json, model.pt2 and README.md into `out`.

    Raises UserError where the study has not scored the replicate yet, or `out` is the run's own folder.
    """
    if out.resolve() == run.folder.resolve():
        raise UserError(f"{out} is the folder that is to be exported; choose another --out")
    scores = _scores(run)
    model = run.load()
    out.mkdir(parents=True, exist_ok=True)
    for name in (WEIGHTS, MANIFEST):
        shutil.copyfile(run.folder / name, out / name)
    files.write_json(out / DATASET, run.dataset)
    with files.replacing(out / PROGRAM) as temporary:
        _save_program(model, run.shape, temporary)
    files.write_text(out / CARD, card(run, scores))


def _scores(run: Replicate) -> dict:
    """The replicate's row of the metrics of its run."""
    if run.study_folder is None:
        raise UserError(f"{run.folder} is not in a study (as {replicate.EXAMPLE} does), so its scores are not known")
    variant = run.folder.resolve().parent.relative_to(run.study_folder / "runs")
    path = run.study_folder / "evaluation" / variant / "summary.json"
    if not path.exists():
        raise UserError(f"there is no {path}: the replicate is not scored yet. Finish the study, then export.")
    rows = {row["replicate"]: row for row in files.read_json(path)["metrics"]}
    return rows[run.manifest.replicate]


def _save_program(model, shape: tuple[int, int, int], path: Path) -> None:
    """The model as a torch program that runs without this project: (n, c, h, w) in [0, 1] -> restored, the same.

    A network that is told the strength of the noise takes it as (n,) beside the images.
    """
    import torch

    class Restorer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, images, *strengths):
            return self.model.image(self.model(images, *strengths)[0])

    batch = {0: torch.export.Dim("images", min=1)}
    inputs, sizes = [torch.zeros(2, *shape)], [batch]
    if model.takes_level:
        inputs.append(torch.zeros(2))
        sizes.append((batch,))
    shapes = tuple(sizes)
    torch.export.save(torch.export.export(Restorer().eval(), tuple(inputs), dynamic_shapes=shapes), path)


def card(run: Replicate, scores: dict) -> str:
    """A short model card in Markdown, made from the manifest and the scores alone."""
    identity, cost = run.identity, run.manifest.cost
    training, noise = identity.training, identity.noise
    task = f"removes {noise_text(noise, scores['noise'])} from" if noise else "reconstructs"
    about = {
        "network": _listed(identity.network),
        "latent size": scores["latent"],
        "parameters": f"{cost['parameters']:,}",
        "training images": f"{run.dataset['train']:,} of data set {run.dataset['name']} "
        f"(licence: {run.dataset['licence']})",
        "training": f"{training.epochs} epochs, batches of {training.batch_size}, Adam at "
        f"{training.learning_rate:g}, loss: {LOSSES[training.loss]}"
        + (" against a second noisy copy" if training.target == "noisy_copy" else "")
        + (f" plus an L1 penalty of {identity.l1:g} on the latent" if identity.l1 else ""),
        "noise": ", ".join(f"{key} {value}" for key, value in noise.parameters.model_dump().items())
        if noise
        else "none",
        "seed, replicate": f"{identity.seed}, {run.manifest.replicate}",
        "trained on": f"{cost['device']}, {cost['train_seconds']:g} s",
        "software": ", ".join(f"{name} {version}" for name, version in run.manifest.software.items()),
        "commit": run.manifest.commit,
    }
    shown = ("psnr", "psnr_pooled", "ssim", "mse", "bce", "psnr_noisy", "ssim_noisy", "gain_db", "sparsity")
    measured = {name: f"{scores[name]:.4g}" for name in shown if not pd.isna(scores[name])}
    name = f"{scores['dataset']}/{scores['model']}"
    told = getattr(identity.network, "takes_level", False)
    return f"""# Autoencoder {name}

A small autoencoder that {task} images of {size_text(run.shape)} pixels with values from 0 (black) to 1.
It was made to check published results, and knows nothing but images like those that it was trained on.

## What it is

{_table("", about)}

## Scores

Means over the {run.dataset["test"]:,} test images; PSNR and gain in dB, BCE in nats per pixel.

{_table("score", measured)}

## Use

With torch alone:

```python
import torch

model = torch.export.load("{PROGRAM}").module()
restored = model(images{", strengths" if told else ""})  # float32 (n, {", ".join(map(str, run.shape))}) in [0, 1]
```
{STRENGTHS if told else ""}
In the project that it is from, on a folder of pictures:
`python -m aestudy restore --run <this folder> --images <folder> --out <folder>`.

`{WEIGHTS}` holds the weights by layer (SHA-256 {run.manifest.sha256[WEIGHTS]}), `{MANIFEST}` all
parameters, `{DATASET}` the hashes of the data.
"""


def _listed(parameters) -> str:
    return ", ".join(f"{key} {value}" for key, value in parameters.model_dump().items())


def _table(head: str, rows: dict) -> str:
    lines = [f"| {head} | |", "| --- | --- |", *(f"| {key} | {value} |" for key, value in rows.items())]
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("--run", type=Path, required=True, help=f"folder of a trained replicate: {replicate.EXAMPLE}")
    parser.add_argument("--out", type=Path, required=True, help="folder for the exported model")


def run(options: argparse.Namespace) -> None:
    """Export the replicate and say where it is."""
    trained = replicate.find(options.run)
    export(trained, options.out)
    print(f"Exported {trained.name}: {options.out}/ (start with {options.out / CARD})")
