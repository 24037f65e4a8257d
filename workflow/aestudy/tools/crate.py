"""A finished study as an RO-Crate: its files, with a description that other programs understand.

The description follows the profile Workflow Run RO-Crate 0.5 (https://w3id.org/ro/wfrun/workflow): the workflow, the
run of it, what the run was given and what it made. Each file has its SHA-256 there.
"""

import datetime
import io
import json
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aestudy.base.errors import UserError

METADATA = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
FORMATS = {".parquet": "application/vnd.apache.parquet", ".yaml": "application/yaml", ".md": "text/markdown"}
"""What mimetypes does not know."""


@dataclass(frozen=True)
class Contents:
    """What goes into the archive of a study. Paths are relative to the folder of the project, with slashes."""

    study: str
    hashes: Mapping[str, str]
    """SHA-256 of each file, by path."""
    written: Mapping[str, str]
    """Files that are made for the archive alone: their text, by path."""
    configuration: str
    """The file of the resolved configuration, one of them."""
    datasets: Mapping[str, Mapping[str, Any]]
    """dataset.json of each data set, by the folder of its files."""
    results: Iterable[str]
    """Files that the run made."""
    software: Mapping[str, str]
    """Versions of what it was made with."""
    commit: str
    started: float
    ended: float
    """When, in seconds since 1970."""
    citation: Mapping[str, Any]
    """CITATION.cff of the project."""


def write(contents: Contents, path: Path) -> None:
    """Write the archive as a zip file."""
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms["sha256"] = SHA256
    _describe_workflow(crate, contents)
    for name, digest in contents.hashes.items():
        if name != WORKFLOW:
            source = io.StringIO(contents.written[name]) if name in contents.written else name
            crate.add_file(source, name, properties=_properties(name, digest, contents))
    _describe_data(crate, contents)
    _describe_run(crate, contents)
    _describe_whole(crate, contents)
    crate.write_zip(path)


def _properties(name: str, digest: str, contents: Contents) -> dict[str, str]:
    text = contents.written.get(name)
    size = Path(name).stat().st_size if text is None else len(text.encode())
    kind = FORMATS.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"name": name, "sha256": digest, "contentSize": str(size), "encodingFormat": kind}


def _describe_workflow(crate, contents: Contents) -> None:
    properties = _properties(WORKFLOW, contents.hashes[WORKFLOW], contents) | {
        "name": contents.citation["title"],
        "version": contents.commit,
        "conformsTo": {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
    }
    version = contents.software.get("snakemake")
    workflow = crate.add_workflow(
        WORKFLOW, WORKFLOW, main=True, lang="snakemake", lang_version=version, properties=properties
    )
    workflow["license"] = _licence(crate, contents.citation["license"])
    workflow["creator"] = _one_or_all(_authors(crate, contents.citation))
    workflow["input"] = crate.add_formal_parameter(
        "configuration", "File", "#configuration", "The study: its data sets, models, noises and experiments", True
    )
    workflow["softwareRequirements"] = [
        crate.add_jsonld({"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": version})
        for name, version in contents.software.items()
    ]


def _describe_data(crate, contents: Contents) -> None:
    """Each data set is a collection of files with a name, a licence and an origin."""
    from rocrate.model.contextentity import ContextEntity

    for folder, about in contents.datasets.items():
        collection = crate.add(ContextEntity(crate, _id(folder), properties={"@type": "Collection"}))
        collection["name"] = f"Data set {about['name']}"
        collection["license"] = about["licence"]
        collection["description"] = f"Images and labels, from {about.get('homepage', 'a source that is not stated')}"
        collection["hasPart"] = [crate.get(name) for name in contents.hashes if name.startswith(f"{folder}/")]
        collection["mainEntity"] = crate.get(f"{folder}/dataset.json")


def _id(folder: str) -> str:
    return f"#data-{Path(folder).name}"


def _describe_run(crate, contents: Contents) -> None:
    configuration = crate.get(contents.configuration)
    configuration["exampleOfWork"] = crate.get("#configuration")
    data = [crate.get(_id(folder)) for folder in contents.datasets]
    action = crate.add_action(
        crate.mainEntity,
        "#run",
        object=[configuration, *data],
        result=[crate.get(name) for name in contents.results],
        properties={
            "name": f"Run of study {contents.study}",
            "description": "From the data of its experiments to trained networks, scores, tables, figures and pages",
            "startTime": _time(contents.started),
            "endTime": _time(contents.ended),
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    action["agent"] = _authors(crate, contents.citation)[0]
    crate.root_dataset["mentions"] = [action, *data]


def _describe_whole(crate, contents: Contents) -> None:
    crate.name = f"Study {contents.study}: {contents.citation['title']}"
    crate.description = (
        "A finished study: configuration, data, trained weights, scores, tables, figures and pages. `make unarchive` "
        f"in a checkout of the workflow ({contents.commit}) rebuilds tables, claims, figures and report from it."
    )
    if readme := crate.get("README.md"):
        readme["about"] = crate.root_dataset
    crate.license = crate.mainEntity["license"]
    crate.root_dataset["author"] = crate.mainEntity["creator"]
    crate.root_dataset["conformsTo"] = [
        crate.add_jsonld({"@id": id_, "@type": "CreativeWork", "name": name, "version": id_.rpartition("/")[2]})
        for id_, name in PROFILES.items()
    ]


def _licence(crate, spdx: str):
    """The licence of the workflow, by its name in SPDX's list."""
    id_ = f"https://spdx.org/licenses/{spdx}"
    return crate.get(id_) or crate.add_jsonld({"@id": id_, "@type": "CreativeWork", "name": spdx, "identifier": id_})


def _authors(crate, citation: Mapping[str, Any]) -> list:
    """The authors of CITATION.cff: people, or a group that has a name of its own."""
    entities = []
    for place, author in enumerate(citation["authors"], start=1):
        name = author.get("name") or f"{author.get('given-names', '')} {author.get('family-names', '')}".strip()
        kind = "Organization" if "name" in author else "Person"
        id_ = author.get("orcid", f"#author-{place}")
        entities.append(crate.get(id_) or crate.add_jsonld({"@id": id_, "@type": kind, "name": name}))
    return entities


def _one_or_all(entities: list):
    """A list of one is written as that one, as RO-Crate recommends."""
    return entities[0] if len(entities) == 1 else entities


def _time(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")


def described(text: bytes) -> tuple[dict[str, str], str]:
    """SHA-256 by path of the files that a metadata file describes, and the commit of its workflow.

    Raises UserError for anything that is not the metadata of an archive of this project.
    """
    try:
        entities = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
        hashes = {unquote(id_): entity["sha256"] for id_, entity in entities.items() if "sha256" in entity}
        commit = entities[WORKFLOW]["version"]
    except (ValueError, KeyError, TypeError):
        raise UserError(
            f"{METADATA} does not describe an archive of this project; `make archive` writes them."
        ) from None
    return hashes, str(commit)
