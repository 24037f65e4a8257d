"""What every source of data has in common: the keys of its data sets, and what the plan asks of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from aestudy.base.settings import Field, Settings, Text, patterned

Sha256 = patterned(r"^[0-9a-f]{64}$", "64 hexadecimal digits (0-9, a-f)")
FileName = patterned(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$", "a file name of letters, digits, dots, dashes and underscores"
)
Address = patterned(r"^((https?|file)://.+|[^:]+)$", "an address with https://, http:// or file://, or a folder")
Mirrors = Annotated[list[Address], Field(min_length=1)]


@dataclass(frozen=True)
class Download:
    """A file that is fetched from a mirror, decompressed and verified."""

    file: str
    """Its name on every mirror, where it may be compressed with gzip."""
    sha256: str
    """Of the decompressed bytes."""
    size: int
    """Number of decompressed bytes."""

    @property
    def name(self) -> str:
        """Its name once it is decompressed."""
        return self.file.removesuffix(".gz")


@dataclass(frozen=True)
class Archive:
    """Members of a tar archive, which are fetched together and kept one after another in one file."""

    file: str
    """The archive's name on every mirror; it may be compressed with gzip."""
    folder: str
    """The folder of the members in the archive, and on a mirror that holds them unpacked."""
    members: tuple[Download, ...]
    """What is taken of it, in the order in which it is kept."""

    @property
    def name(self) -> str:
        """Name of the file with the members."""
        return f"{self.file.partition('.')[0]}.members"


class Source(Settings):
    """Base of the `Parameters` of every source: the keys of a data set, and what follows from them without its data."""

    label: Text
    """Name in figures and tables."""

    @property
    def image_shape(self) -> tuple[int, int, int] | None:
        """(channels, height, width) of the images; None where the keys contradict each other."""
        raise NotImplementedError

    @property
    def spec(self) -> dict:
        """The keys that decide the arrays, as a plain dictionary: a change of one of them prepares the data again."""
        return self.model_dump(exclude={"label"})

    def downloads(self) -> dict[str, Download]:
        """Files to fetch, by their role; none where the data come from somewhere else."""
        return {}

    def members(self) -> Archive | None:
        """The archive whose members the data are in (role `members` of the source files), if there is one."""
        return None

    def local_files(self) -> list[Path]:
        """Files of the user's that the data are made from."""
        return []

    def content(self) -> str | None:
        """Digest of the local files, so that a change is noticed whatever their times are; None without such files."""
        return None

    def mistakes(self, used: bool) -> Iterator[tuple[str, str]]:
        """Keys that do not go together: pairs of a place below the data set and what is wrong there.

        used: whether an experiment uses the data set, so that its files must be there.
        """
        yield from ()
