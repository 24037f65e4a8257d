"""The typed configuration: the studies of the project are valid, and the schema says what the model says."""

from pathlib import Path

import jsonschema
import pytest
import yaml
from snakemake.utils import update_config

from aestudy.study import config, loading, readings
from aestudy.tools import schemas
from unit.study.valid import DELETE, changed

ROOT = Path(__file__).parents[3]
STUDIES = sorted((ROOT / "workflow/studies").glob("*.yaml"))
CONV = "{label: x, network: {architecture: conv, filters: [4]}}"


def objects(document: dict) -> list[dict]:
    return [node for node in (document, *document["$defs"].values()) if "properties" in node]


class TestStudies:
    """The configurations that come with the project."""

    def test_there_are_some(self):
        assert [file.stem for file in STUDIES] == [
            *("beyond", "convergence", "demo", "former", "keras-example", "precision", "quick", "readings", "variance"),
        ]

    @pytest.mark.parametrize("overlay", [None, *STUDIES], ids=lambda file: file.stem if file else "paper")
    def test_is_valid(self, overlay):
        files = [ROOT / "config.yaml", *filter(None, [overlay])]
        raw = {}
        for file in files:
            update_config(raw, yaml.safe_load(file.read_text()))
        study, plan, claims = loading.load(raw, files, ROOT)
        assert study.study == (overlay.stem.replace("-", "_") if overlay else "paper")
        assert plan.runs
        assert bool(claims) == (overlay is None or overlay.stem != "variance")  # which is of no report
        readings.planned(study, plan, claims)

    @pytest.mark.parametrize("file", [ROOT / "config.yaml", *STUDIES], ids=lambda file: file.stem)
    def test_agrees_with_the_schema(self, file):
        jsonschema.validate(yaml.safe_load(file.read_text()), config.schema())

    @pytest.mark.parametrize("file", [ROOT / "config.yaml", *STUDIES], ids=lambda file: file.stem)
    def test_tells_editors_its_schema(self, file):
        first, _ = file.read_text().split("\n", 1)
        path = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / path).resolve() == schemas.FOLDER / "config.schema.json"


class TestSchema:
    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(config.schema())

    def test_every_key_is_described(self):
        document = config.schema()
        for node in objects(document):
            for key, part in node["properties"].items():
                target = document["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else {}
                assert part.get("description") or target.get("description"), f"{node['title']}.{key}"

    def test_descriptions_are_the_docstrings(self):
        assert config.schema()["properties"]["study"]["description"] == "Results go to results/<study>."

    @pytest.mark.parametrize(
        ("place", "text"),
        [
            ("seed", "-1"),
            ("seed", "'1'"),
            ("devise", "cpu"),
            ("study", "Paper"),
            ("models.My Model", CONV),
            ("models.conv.network.architecture", "cnov"),
            ("models.conv.network.hidden", "[3]"),
            ("models.conv.training.epohcs", "5"),
            ("datasets.digits.mirrors", "[a]"),
            ("experiments.0.name", DELETE),
            ("experiments.0.latent", "[]"),
            ("training.learning_rate", "1e-3"),
        ],
    )
    def test_an_editor_shows_the_mistake(self, place, text):
        jsonschema.validate(changed(), config.schema())
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed((place, text)), config.schema())

    def test_an_overlay_may_give_a_part(self):
        jsonschema.validate({"models": {"conv": {"training": {"epochs": 1}}}}, config.schema())
        jsonschema.validate({"datasets": {"mnist": {"mirrors": ["/data"]}}}, config.schema())
