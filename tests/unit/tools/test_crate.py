"""The description of an archive follows the profile that it names."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.tools import crate
from unit.tools import archived


@pytest.fixture(autouse=True)
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    archived.lay_out()


@pytest.fixture
def made() -> Path:
    return archived.make()


@pytest.fixture
def entities(made) -> dict[str, dict]:
    with zipfile.ZipFile(made) as archive:
        return {entity["@id"]: entity for entity in json.loads(archive.read(crate.METADATA))["@graph"]}


@pytest.fixture
def context_at_hand(monkeypatch):
    """The one document that the validator fetches, RO-Crate's terms, is a part of it that lies here."""
    import requests

    terms = Path(__file__).with_name("ro-crate-1.1.jsonld").read_bytes()

    def send(self, request, **options):
        assert re.fullmatch(r"https://w3id\.org/ro/crate/[\d.]+/context", request.url)
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = io.BytesIO(terms)
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)


NOT_FOLLOWED = {
    "The Application SHOULD have a url",  # of packages, that would be the address of a registry
    "The SoftwareApplication id SHOULD be an absolute URI",
    "The organization SHOULD have a URL.",  # CITATION.cff gives none
    "The `publisher` property of a `Root Data Entity` SHOULD be an `Organization`",  # whoever publishes adds it
}
"""Recommendations, and why they are not followed."""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_validator_of_ro_crates_finds_nothing(made, context_at_hand):
    """What RO-Crate and the profile of runs of workflows require is there, and but for a few what they recommend."""
    services = pytest.importorskip("rocrate_validator.services", reason="roc-validator is not installed")
    from rocrate_validator.models import Severity, ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(made),
        profile_identifier="workflow-run-crate",
        requirement_severity=Severity.RECOMMENDED,
        abort_on_first=False,
        skip_availability_check=True,
        no_cache=True,
    )
    result = services.validate(settings)
    assert result.executed_checks
    found = {issue.message: issue.severity for issue in result.get_issues()}
    assert set(found) <= NOT_FOLLOWED, found
    assert set(found.values()) <= {Severity.RECOMMENDED}


def test_another_reader_finds_all_files_and_their_hashes(made):
    from rocrate.rocrate import ROCrate

    read = ROCrate(str(made))
    found = {entity.id: entity["sha256"] for entity in read.data_entities if "sha256" in entity}
    assert set(archived.MADE) < set(found)
    for name in archived.MADE:
        assert found[name] == files.sha256(name)
    assert read.mainEntity.id == "Snakefile"


def test_the_run_says_what_went_in_and_what_came_out(entities):
    run = entities["#run"]
    assert run["instrument"] == {"@id": "Snakefile"}
    assert {"@id": "results/small/configuration.yaml"} in run["object"] and {"@id": "#data-digits"} in run["object"]
    results = {part["@id"] for part in run["result"]}
    assert results == {
        *(name for name in archived.MADE if name.startswith("results/") and "configuration" not in name),
        "results/small/SHA256SUMS",
    }
    assert run["startTime"] == "1970-01-01T00:00:01+00:00" and run["endTime"] == "1970-01-01T00:01:00+00:00"


def test_data_have_their_own_licence_and_the_workflow_its(entities):
    assert entities["#data-digits"]["license"] == "CC BY 4.0"
    assert "https://example.org/digits" in entities["#data-digits"]["description"]
    assert entities["./"]["license"]["@id"].endswith("/MIT")
    assert entities["Snakefile"]["version"] == "abc123"
    assert entities["#torch"]["softwareVersion"] == "2.15.0"


def test_files_are_described_by_type_and_size(entities):
    assert entities["results/small/tables/metrics.csv"]["encodingFormat"] == "text/csv"
    assert entities["results/small/configuration.yaml"]["encodingFormat"] == "application/yaml"
    assert entities[archived.WEIGHTS]["contentSize"] == str(Path(archived.WEIGHTS).stat().st_size)


def test_what_is_described_can_be_read_back(made):
    with zipfile.ZipFile(made) as archive:
        hashes, commit = crate.described(archive.read(crate.METADATA))
        assert set(hashes) == set(archive.namelist()) - {crate.METADATA}
    assert commit == "abc123"
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes.values())


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"@graph": 1}', b'{"@graph": [1]}', b'{"@graph": []}', b"\xff"])
def test_other_descriptions_are_refused(text):
    with pytest.raises(UserError, match="does not describe an archive of this project"):
        crate.described(text)
