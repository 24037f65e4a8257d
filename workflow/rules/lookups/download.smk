"""Where a data set comes from."""

import functools

from aestudy import pictures
from aestudy.datasets import folder


def source_files(wildcards):
    """The source files of a data set by role: downloaded files, or pictures; none where a library brings the data."""
    source = STUDY.datasets[wildcards.dataset]
    if source.source == "folder":
        return {"pictures": [path.as_posix() for path in pictures.find(source.path)]}
    if source.source != "idx":
        return {}
    files = source.files.model_dump()
    return {
        role: f"<resources>/downloads/{wildcards.dataset}/{entry['file'].removesuffix('.gz')}"
        for role, entry in files.items()
    }


@functools.cache
def folder_content(path):
    """Digest of the pictures in a folder, computed once."""
    return folder.digest(path)


def source_content(wildcards):
    """What tells Snakemake that pictures have changed, whatever their times say; nothing for other sources."""
    source = STUDY.datasets[wildcards.dataset]
    return folder_content(source.path) if source.source == "folder" else None


def downloaded_file(wildcards):
    """The entry of the data-set table that a downloaded file belongs to."""
    files = STUDY.datasets[wildcards.dataset].files.model_dump()
    return next(entry for entry in files.values() if entry["file"].removesuffix(".gz") == wildcards.file)
