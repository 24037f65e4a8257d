"""The demo is judged by claims that it can test, and by no number that a report publishes about other data."""

import copy
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from aestudy.claims.checks import untestable
from aestudy.study import loading

ROOT = Path(__file__).parents[2]
COMMON = yaml.safe_load((ROOT / "config.yaml").read_text())
NO_REPORT = {
    "study": "mine",
    "experiments": [{"name": "own", "title": "Own", "dataset": ["digits"], "model": ["dense3"], "latent": [4]}],
}


def load(own: dict) -> loading.Loaded:
    raw = copy.deepcopy(COMMON)
    update_config(raw, own)
    return loading.load(raw, project=ROOT)


@pytest.fixture(scope="module")
def demo() -> loading.Loaded:
    return load(yaml.safe_load((ROOT / "workflow/studies/demo.yaml").read_text()))


def test_no_published_number_is_judged_on_stand_in_data(demo):
    assert demo.claims
    assert {claim.report for claim in demo.claims}.isdisjoint(demo.study.reports)
    assert {claim.expectation.relation for claim in demo.claims} <= {">", ">=", "<", "<="}


def test_all_its_claims_can_be_tested(demo):
    planned = loading.planned_by(demo.study, demo.plan)
    assert not untestable(demo.claims, planned, demo.study.stand_ins)


def test_its_latents_are_well_below_the_64_pixels_that_the_digits_had(demo):
    assert max(run.latent for run in demo.plan.runs.values() if run.latent) <= 32


def test_it_has_all_figures_of_both_reports(demo):
    made = {experiment.name for experiment in demo.study.experiments}
    assert all(figure.experiment in made for each in demo.study.reports.values() for figure in each.figures.values())


MINE = """
- id: mine-1
  report: mine
  source: a test
  statement: A latent of 4 gives 10 dB.
  quantity: psnr(dataset="digits", model="dense3", latent=4)
  expected: 10
  tolerance: 1
  tolerance_reason: none
  evidence: [metrics]
"""


def test_a_study_of_ones_own_is_judged_by_its_own_claims_only(tmp_path):
    assert load(NO_REPORT).claims == []
    (tmp_path / "claims.yaml").write_text(MINE)
    assert [claim.id for claim in load(NO_REPORT | {"claims": str(tmp_path / "claims.yaml")}).claims] == ["mine-1"]
