"""The parts of the documentation that follow from the code."""

import pytest

from aestudy.study.config import Study
from aestudy.tools import documentation


@pytest.fixture(scope="module")
def reference() -> str:
    return documentation.reference()


def test_every_key_of_a_study_has_a_row(reference):
    section = reference.partition("\n## Study\n")[2].partition("\n## ")[0]
    for key in Study.model_fields:
        assert f"| `{key}` |" in section


def test_every_kind_has_a_section(reference):
    for heading in ("Dataset digits", "Dataset folder", "Dataset idx", "Model conv", "Model dense", "Noise gaussian"):
        assert f"\n## {heading}\n" in reference


def test_links_lead_to_sections(reference):
    headings = {
        line.removeprefix("## ").lower().replace(" ", "-") for line in reference.splitlines() if line.startswith("## ")
    }
    targets = {part.partition(")")[0] for part in reference.split("](#")[1:]}
    assert targets and targets <= headings


def test_allowed_values_and_defaults_are_told(reference):
    assert "| `epochs` | a whole number, at least 1, at most 100,000 | `20` |" in reference
    assert "| `initialisation` | pytorch, keras | `pytorch` |" in reference
    assert "| `seed` | a whole number, at least 0" in reference and "| required |" in reference


def test_a_graph_is_put_between_the_marks_of_its_name():
    text = "a\n<!-- graph: written by `make docs` -->\nold\n<!-- end of graph -->\nb\n"
    written = documentation.with_graph(text, "graph", "flowchart LR")
    assert "```mermaid\nflowchart LR\n```" in written and "old" not in written
    assert written.startswith("a\n<!-- graph") and written.endswith("<!-- end of graph -->\nb\n")
    assert documentation.with_graph(text, "packages", "flowchart TD") == text


def test_arrows_that_others_imply_are_left_out():
    graph = documentation.package_graph({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    assert graph.splitlines() == ["flowchart TD", "    a --> b", "    b --> c"]
