"""Templates: filled as they ask, and refused where something is missing."""

import jinja2
import pytest

from aestudy.pages import rendering


@pytest.fixture
def template(tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path)

    def write(text):
        (tmp_path / "a.html").write_text(text)
        return "a.html"

    return write


def test_values_are_escaped_and_numbers_are_for_people(template):
    name = template("{{ text }} {{ value | number }}\n")
    assert rendering.render(name, text="a<b & c", value=-0.35501) == "a&lt;b &amp; c −0.355\n"


def test_a_value_that_is_asked_for_must_be_there(template):
    with pytest.raises(jinja2.UndefinedError, match="text"):
        rendering.render(template("{{ text }}"))


def test_every_template_that_pages_use_is_there():
    names = {path.name for path in rendering.TEMPLATES.iterdir()}
    assert {"table.html", "opening.html", "explore.html", "explore.js", "style.css"} <= names
