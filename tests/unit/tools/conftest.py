"""A working directory for made-up studies whose references of loss curves are their own."""

import pytest

from aestudy.tools import references


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working directory, and a folder of references of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(references, "REFERENCES", tmp_path / "references")
    return tmp_path
