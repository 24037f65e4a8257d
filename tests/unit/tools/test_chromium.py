"""A browser is found among the system's programs, or its lack told."""

import sys

import pytest

from aestudy.base.errors import UserError
from aestudy.tools import chromium


def test_without_a_browser_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="Chromium is not installed: `make browser-setup`"), chromium.started():
        pass


def test_without_the_package_it_says_what_to_do(monkeypatch, tmp_path):
    (tmp_path / "google-chrome").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(UserError, match="playwright is not installed"), chromium.started():
        pass
