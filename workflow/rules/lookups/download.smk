"""Where a data set comes from."""

import dataclasses


def source_files(wildcards):
    """The source files of a data set by role: downloaded files, and those of the user's own (role `local`)."""
    source = STUDY.datasets[wildcards.dataset]
    files = {
        role: f"<resources>/downloads/{wildcards.dataset}/{download.name}"
        for role, download in source.downloads().items()
    }
    if archive := source.members():
        files["members"] = f"<resources>/members/{wildcards.dataset}/{archive.name}"
    local = [path.as_posix() for path in source.local_files()]
    return files | ({"local": local} if local else {})


def downloaded_file(wildcards):
    """What is known of a file before it is downloaded."""
    downloads = STUDY.datasets[wildcards.dataset].downloads().values()
    return next(download for download in downloads if download.name == wildcards.file)


def archive_of(wildcards):
    """What is known of an archive before it is downloaded, as plain values."""
    return dataclasses.asdict(STUDY.datasets[wildcards.dataset].members())
