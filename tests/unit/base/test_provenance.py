"""Where a result comes from: versions, commit, device."""

import platform
import subprocess

import numpy as np
import pytest
import torch

from aestudy.base import provenance


def test_versions_are_those_installed():
    assert provenance.versions(["numpy"]) == {"python": platform.python_version(), "numpy": np.__version__}
    assert provenance.versions().keys() == {"python", "torch", "numpy", "safetensors"}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository with one committed file, in which the library pretends to be."""
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    (tmp_path / "a.py").write_text("x = 1\n")
    for arguments in (
        ["init", "--quiet"],
        ["add", "a.py"],
        ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--message", "first"],
    ):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def test_commit_tells_whether_files_differ_from_it(checkout):
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True)
    assert provenance.commit() == head.stdout.strip()
    (checkout / "results.csv").write_text("a file that git does not know")
    assert provenance.commit() == head.stdout.strip()
    (checkout / "a.py").write_text("x = 2\n")
    assert provenance.commit() == f"{head.stdout.strip()}+changes"


def test_commit_outside_a_repository(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert provenance.commit() == "unknown"


def test_commit_without_git(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance.commit() == "unknown"


def test_device_has_a_name():
    name = provenance.device_name(torch.device("cpu"))
    assert name.strip() and name != "cpu"


def test_a_commit_is_shown_short_with_what_follows_it():
    digits = "0123456789abcdef0123456789abcdef01234567"
    assert provenance.short(digits) == "0123456789ab"
    assert provenance.short(f"{digits}+changes") == "0123456789ab+changes"
    assert provenance.short("unknown") == "unknown"
