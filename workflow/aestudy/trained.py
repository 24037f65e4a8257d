"""A trained replicate as others use it: found on disk, or exported, with all that is needed to load and describe it."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aestudy import files
from aestudy.errors import UserError

DATASET = "dataset.json"
MANIFEST, WEIGHTS = "manifest.json", "weights.safetensors"
COLOURS = {1: "grey", 3: "rgb"}
EXAMPLE = "results/<study>/runs/<data set>/<model>/<variant>/replicate-0"


@dataclass(frozen=True)
class Trained:
    """The folder of a replicate and what its JSON files say."""

    folder: Path
    manifest: dict
    dataset: dict
    """What it was trained on: contents of the data set's dataset.json."""

    @property
    def identity(self) -> dict:
        """What defines the weights (see plan.identity)."""
        return self.manifest["binding"]["identity"]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the images that it was trained on."""
        return self.dataset["channels"], self.dataset["height"], self.dataset["width"]

    @property
    def name(self) -> str:
        """Data set, model and variant, as in paths."""
        keys = self.manifest["keys"]
        parts = [f"latent {keys['latent']}"]
        if keys["l1"]:
            parts.append(f"l1 {keys['l1']:g}")
        if self.identity["noise"]:
            parts.append(f"{keys['noise']} noise of variance {keys['variance']:g}")
        return f"{keys['dataset']}/{keys['model']} ({', '.join(parts)}), replicate {self.manifest['replicate']}"

    @property
    def study_folder(self) -> Path | None:
        """results/<study> that the replicate lies in; None for an exported model."""
        parents = self.folder.resolve().parents
        return parents[4] if len(parents) > 4 and parents[3].name == "runs" else None

    def load(self, shape: tuple[int, int, int] | None = None):
        """The model, ready to use, for images of `shape`; that of its training images unless given.

        Raises UserError where weights and manifest do not belong together, or the weights are not for such images.
        """
        from aestudy import runs

        try:
            model, _ = runs.load_model(self.folder, shape or self.shape)
        except RuntimeError:  # torch's word for weights of another size
            raise UserError(
                f"the weights in {self.folder} do not fit images of {size_text(shape or self.shape)}; "
                f"they were trained on {size_text(self.shape)}"
            ) from None
        return model


def find(folder: str | Path) -> Trained:
    """The replicate in `folder`: that of a run in a study, or an exported one. Raises UserError where there is none."""
    folder = Path(folder)
    for name in (MANIFEST, WEIGHTS):
        if not (folder / name).is_file():
            raise UserError(f"{folder} holds no trained replicate: there is no {name} in it. {_instead(folder)}")
    try:
        manifest = files.read_json(folder / MANIFEST)
        name, arrays = manifest["binding"]["identity"]["dataset"], manifest["binding"]["data"]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{folder / MANIFEST} is not a manifest of this project. {_instead(folder)}") from None
    # Beside the weights in an exported model; in a study, where its data lie.
    places = [folder / DATASET]
    places += [parent / "resources/data" / name / DATASET for parent in folder.resolve().parents]
    for place in filter(Path.is_file, places):
        dataset = files.read_json(place)
        if dataset["array_sha256"] == arrays:
            return Trained(folder, manifest, dataset)
    raise UserError(
        f"{folder} was trained on data set {name}, and no resources/data/{name}/{DATASET} with these data lies in the "
        "folders around it. Prepare the data set again with the study that the run is from, or export the model there."
    )


def _instead(folder: Path) -> str:
    """What to give instead of a folder without a replicate."""
    inside = sorted(path.parent for path in folder.rglob(MANIFEST)) if folder.is_dir() else []
    if inside:
        more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
        return f"Give one of those inside it: {', '.join(map(str, inside[:3]))}{more}."
    return f"Give the folder of one, such as {EXAMPLE}."


def size_text(shape: tuple[int, int, int]) -> str:
    """A shape as text: 28 x 28 grey."""
    return f"{shape[1]} x {shape[2]} {COLOURS.get(shape[0], f'with {shape[0]} channels')}"


@contextlib.contextmanager
def mistakes_as_sentences() -> Iterator[None]:
    """End the program with a sentence, not with a traceback, at a user's mistake."""
    try:
        yield
    except UserError as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        if error.errno is None:
            raise
        sys.exit(f"error: {error.strerror}: {error.filename}")
