"""A trained replicate as tools use it: found in a study or exported, with all that is needed to load it."""

from dataclasses import dataclass
from pathlib import Path

from aestudy.base import files, levels, pictures
from aestudy.base.errors import UserError
from aestudy.base.identity import Identity, Noise
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import WEIGHTS, Manifest

DATASET = "dataset.json"
EXAMPLE = "results/<study>/runs/<data set>/<model>/<variant>/replicate-0"


@dataclass(frozen=True)
class Replicate:
    """The folder of a replicate and what its JSON files say."""

    folder: Path
    manifest: Manifest
    dataset: dict
    """What it was trained on: contents of the data set's dataset.json."""

    @property
    def identity(self) -> Identity:
        """What defines the weights."""
        return self.manifest.identity

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the images that it was trained on."""
        return self.dataset["channels"], self.dataset["height"], self.dataset["width"]

    @property
    def name(self) -> str:
        """Data set, model and variant, as in paths."""
        keys = self.manifest.keys
        parts = [f"latent {keys['latent']}"]
        if keys["l1"]:
            parts.append(f"l1 {keys['l1']:g}")
        if self.identity.noise:
            parts.append(noise_text(self.identity.noise, keys["noise"]))
        return f"{keys['dataset']}/{keys['model']} ({', '.join(parts)}), replicate {self.manifest.replicate}"

    @property
    def study_folder(self) -> Path | None:
        """results/<study> that the replicate is in; None for an exported model."""
        parents = self.folder.resolve().parents
        return parents[4] if len(parents) > 4 and parents[3].name == "runs" else None

    def load(self, shape: tuple[int, int, int] | None = None):
        """The model, ready to use, for images of `shape`; that of its training images unless given.

        Raises UserError where weights and manifest do not belong together, or the weights are not for such images.
        """
        from aestudy.replicates import store

        try:
            model, _ = store.load_model(self.folder, shape or self.shape)
        except RuntimeError:  # what torch raises for weights of another size
            raise UserError(
                f"the weights in {self.folder} do not fit images of {size_text(shape or self.shape)}; "
                f"they were trained on {size_text(self.shape)}"
            ) from None
        return model


def noise_text(noise: Noise, name: str) -> str:
    """A noise of a study with its level in words: gaussian noise of variance 0.1."""
    return (
        f"{name.replace('_', ' ')} noise of {levels.text(levels.of_kind(noise.parameters.kind).name)} {noise.level:g}"
    )


def find(folder: str | Path) -> Replicate:
    """The replicate in `folder`: that of a run in a study, or an exported one. Raises UserError where there is none."""
    folder = Path(folder)
    for name in (manifests.NAME, WEIGHTS):
        if not (folder / name).is_file():
            raise UserError(f"{folder} holds no trained replicate: there is no {name} in it. {_instead(folder)}")
    try:
        manifest = manifests.read(folder / manifests.NAME)
    except UserError as error:
        raise UserError(f"{error}. {_instead(folder)}") from None
    name, arrays = manifest.identity.dataset, manifest.binding.data
    # Beside the weights in an exported model; in a study, where its data are.
    places = [folder / DATASET]
    places += [parent / "resources/data" / name / DATASET for parent in folder.resolve().parents]
    for place in filter(Path.is_file, places):
        dataset = files.read_json(place)
        if dataset["array_sha256"] == arrays:
            return Replicate(folder, manifest, dataset)
    raise UserError(
        f"{folder} was trained on data set {name}, and no resources/data/{name}/{DATASET} with these data is in the "
        "folders around it. Prepare the data set again with the study that the run is from, or export the model there."
    )


def _instead(folder: Path) -> str:
    """What to give instead of a folder without a replicate."""
    inside = sorted(path.parent for path in folder.rglob(manifests.NAME)) if folder.is_dir() else []
    if inside:
        more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
        return f"Give one of those inside it: {', '.join(map(str, inside[:3]))}{more}."
    return f"Give the folder of one, such as {EXAMPLE}."


def size_text(shape: tuple[int, int, int]) -> str:
    """A shape as text: 28 x 28 grey."""
    return f"{shape[1]} x {shape[2]} {pictures.COLOURS.get(shape[0], f'with {shape[0]} channels')}"
