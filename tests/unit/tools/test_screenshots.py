"""Pictures of a finished study: what must be there first. tests/browser takes them."""

from pathlib import Path

import pytest

from aestudy.__main__ import main
from aestudy.tools import screenshots


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_study_without_its_report(capsys):
    assert main(["screenshots", "small"]) == 2
    told = capsys.readouterr().err
    assert "results/small/report.html and results/small/pages/playground.html not found" in told
    assert "`snakemake --report results/small/report.html`" in told
    assert not Path("docs").exists()


def test_the_readme_shows_these_pictures():
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    for name in screenshots.SHOWN:
        assert f"({screenshots.FOLDER}/{name}.png)" in readme
