"""The README's pictures, taken of the tiny study."""

import contextlib

import pytest
from PIL import Image

from aestudy.base.errors import UserError
from aestudy.tools import screenshots


@pytest.fixture
def study(finished, report, browser, tmp_path, monkeypatch):
    """The finished study, where only its pages are copied to; the session's browser takes the pictures."""
    folder = tmp_path / "results/tiny"
    (folder / "pages").mkdir(parents=True)
    (folder / "report.html").write_bytes(report.read_bytes())
    page = finished.folder / "results/tiny/pages/playground.html"
    (folder / "pages/playground.html").write_bytes(page.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(screenshots.chromium, "started", lambda: contextlib.nullcontext(browser))
    return folder


def test_pictures_show_report_and_playground(study, tmp_path):
    taken = screenshots.take("tiny", tmp_path / "images")
    assert [path.name for path in taken] == ["report.png", "playground.png"]
    for path in taken:
        with Image.open(path) as image:
            assert image.size == (1200, 900)
            colours = image.convert("L").getcolors()
        shares = {value: count / (1200 * 900) for count, value in colours}
        assert len(shares) > 30 and max(shares.values()) < 0.95  # neither empty nor of one colour


def test_a_page_on_which_something_is_wrong(study, tmp_path, monkeypatch):
    (study / "pages/playground.html").write_text("<h1>Playground</h1>")
    monkeypatch.setattr(screenshots, "PATIENCE", 500)
    monkeypatch.setattr(screenshots, "SHOWN", {"playground": screenshots.SHOWN["playground"]})
    with pytest.raises(UserError, match=r"pages/playground\.html is not shown as it should be: .*Timeout"):
        screenshots.take("tiny", tmp_path / "images")
