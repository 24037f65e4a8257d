"""The schemas for editors are those of the typed models."""

import json
from argparse import Namespace

import pytest

from aestudy.tools import schemas


@pytest.mark.parametrize("name", schemas.documents())
def test_file_agrees_with_the_model(name):
    stored = json.loads((schemas.FOLDER / name).read_text())
    assert stored == schemas.documents()[name], f"{name} is out of date: run `make schemas`"


def test_the_verb_writes_them(tmp_path, monkeypatch):
    names = {path.name for path in schemas.FOLDER.iterdir()}
    monkeypatch.setattr(schemas, "FOLDER", tmp_path)
    schemas.run(Namespace())
    written = {path.name: json.loads(path.read_text()) for path in tmp_path.iterdir()}
    assert written == schemas.documents()
    assert written.keys() == names
