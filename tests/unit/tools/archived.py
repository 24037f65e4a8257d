"""A finished study made up of a few small files, and its archive."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from aestudy.base import files, integrity
from aestudy.tools import crate, snakemake_records, verify
from aestudy.tools.archive import archive

ROOT = Path(__file__).parents[3]
RESULTS = Path("results/small")
WEIGHTS = "results/small/runs/digits/dense3/latent-15/replicate-0/weights.safetensors"
STUDY = {
    "study": "small",
    "claims": "mine/claims.yaml",
    "experiments": [
        {"name": "a", "title": "A", "dataset": ["digits"], "model": ["dense3"], "latent": [15]},
    ],
}
MADE = {
    "results/small/configuration.yaml": None,
    WEIGHTS: "weights",
    "results/small/tables/metrics.csv": "psnr\n20\n",
    "results/small/tables/software.json": json.dumps(
        {"torch": ["2.15.0"], "commit of the workflow": ["abc123"], "device": ["cpu"]}
    ),
    "results/small/pages/opening.html": "<html>",
    "resources/data/digits/test_images.npy": "images",
    "resources/data/digits/dataset.json": json.dumps(
        {"name": "digits", "licence": "CC BY 4.0", "homepage": "https://example.org/digits"}
    ),
}


def lay_out() -> None:
    """Put the study into the working directory, as if it had run there."""
    for name in ("config.yaml", "CITATION.cff", "LICENSE", "README.md", "requirements.lock"):
        files.write_text(Path(name), (ROOT / name).read_text(encoding="utf-8"))
    files.write_text(Path("Snakefile"), "rule all:\n")
    files.write_text(Path("workflow/rules/a.smk"), "rule a:\n")
    files.write_text(Path("workflow/__pycache__/a.pyc"), "not wanted")
    files.write_text(Path("report/workflow.rst"), "A study.\n")
    files.write_text(Path("mine/claims.yaml"), "claims: []\n")
    configuration = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")) | STUDY
    for name, text in MADE.items():
        files.write_text(Path(name), yaml.safe_dump(configuration) if text is None else text)
        integrity.record([name])
    files.write_text(RESULTS / verify.SUMS, verify.checksums(MADE))
    snakemake_records.write(
        {name: {"rule": Path(name).stem, "params": ["'x'"], "starttime": 1.0, "endtime": 60.0} for name in MADE}
    )


def make(out: Path = Path("small.crate.zip")) -> Path:
    """The archive of the study that is laid out."""
    archive("small", out)
    return out


def changed(path: Path, entries: Mapping[str, bytes | None], described: bool = False) -> Path:
    """A copy of an archive in which some entries have other bytes, are new, or (None) are lacking.

    described: their hashes in the metadata are those of the new bytes, as a forger would make them.
    """
    out = path.with_name("changed.crate.zip")
    with zipfile.ZipFile(path) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    contents |= entries
    contents = {name: content for name, content in contents.items() if content is not None}
    if described:
        document = json.loads(contents[crate.METADATA])
        known = {entity["@id"]: entity for entity in document["@graph"]}
        for name, content in entries.items():
            if content is None:
                document["@graph"].remove(known[name])
                continue
            if name not in known:
                known[name] = {"@id": name, "@type": "File"}
                document["@graph"].append(known[name])
            scratch = out.with_name("scratch")
            scratch.write_bytes(content)
            known[name]["sha256"] = files.sha256(scratch)
        contents[crate.METADATA] = json.dumps(document).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return out
