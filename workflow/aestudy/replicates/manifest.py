"""The manifest of a trained replicate: what defines it, what it was made with, and what that cost."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.base.identity import Identity

NAME = "manifest.json"
WEIGHTS, HISTORY = "weights.safetensors", "history.csv"
"""The other files of a replicate."""


@dataclass(frozen=True)
class Binding:
    """What a replicate is bound to: if any of it differs, it is trained again."""

    identity: Identity
    code: str
    """Digest of the statements that decide the numbers of a training (see driver.digest)."""
    data: dict[str, str]
    """SHA-256 of the arrays of the data set, by file name."""

    def with_epochs(self, epochs: int) -> "Binding":
        """That of the same training after another number of epochs."""
        training = self.identity.training.model_copy(update={"epochs": epochs})
        return replace(self, identity=self.identity.model_copy(update={"training": training}))

    def as_json(self) -> dict:
        """What JSON can hold; equal bindings give equal dictionaries."""
        return {"identity": self.identity.as_params(), "code": self.code, "data": self.data}


@dataclass(frozen=True)
class Manifest:
    """Contents of manifest.json."""

    binding: Binding
    keys: dict[str, Any]
    """The columns that name the run in tables, with the size of the latent that the network turned out to have."""
    replicate: int
    software: dict[str, str]
    """Versions by package."""
    commit: str
    cost: dict[str, Any]
    """The numbers of cost.csv, device (its name), gpu (its UUID), captured (see training.loop.Result), threads,
    precision."""
    sha256: dict[str, str] = field(default_factory=dict)
    """Hashes of the files beside it, by name."""

    @property
    def identity(self) -> Identity:
        """What defines the weights."""
        return self.binding.identity

    def write(self, folder: Path) -> None:
        """Write it into the folder of the replicate."""
        files.write_json(folder / NAME, vars(self) | {"binding": self.binding.as_json()})


def read(path: str | Path) -> Manifest:
    """The manifest at `path`. Raises UserError for a file that is none, FileNotFoundError where there is no file."""
    document = files.read_json_or_none(path)
    try:
        binding = document["binding"]
        identity = Identity.from_params(binding["identity"])
        return Manifest(**document | {"binding": Binding(identity, binding["code"], binding["data"])})
    except (ValueError, KeyError, TypeError, AttributeError, ModuleNotFoundError):
        raise UserError(f"{path} is not a manifest of this project, or is one of an older version") from None
