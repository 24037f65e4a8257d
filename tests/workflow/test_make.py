"""Each study has a target of `make` that runs it and writes its report."""

import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STUDIES = sorted((ROOT / "workflow/studies").glob("*.yaml"))


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_study_has_a_target(file):
    name = yaml.safe_load(file.read_text())["study"]
    done = subprocess.run(["make", "--dry-run", file.stem], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    runs = [line for line in done.stdout.splitlines() if "/snakemake " in line]
    assert len(runs) == 1
    assert f"--configfile {file.relative_to(ROOT)} --report results/{name}/report.html" in runs[0]
    assert f"aestudy verdicts {name}\n" in done.stdout
