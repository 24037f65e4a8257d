"""How often 95 % intervals hold the truth, in simulated studies (see simulation.py)."""

import pytest
import yaml

from aestudy.claims.language import terms
from unit.claims import simulation
from unit.claims.made_up import CLAIMS
from unit.claims.simulation import KINDS, REPLICATES, STUDIES, coverage

LEAST = 0.93
"""At a coverage of 95 % the share among STUDIES studies has a standard error of 0.5 %: this is four of them lower."""
SKEWED = "conv-3"
"""Its quantity cannot be negative and is often exactly 0, which no interval of Student's fits."""


def test_the_limit_is_four_standard_errors_below():
    assert pytest.approx(0.95 - 4 * (0.95 * 0.05 / STUDIES) ** 0.5, abs=0.001) == LEAST


@pytest.mark.parametrize("replicates", REPLICATES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.claim != SKEWED], ids=lambda kind: kind.name)
def test_intervals_hold_the_truth(kind, replicates):
    assert coverage(kind, replicates) >= LEAST


@pytest.mark.parametrize("name", ["a mean", "a paired difference", "a difference of mean differences"])
def test_sums_of_normal_values_are_held_neither_more_nor_less_often(name):
    """Student's interval is exact for them."""
    (kind,) = [kind for kind in KINDS if kind.name == name]
    assert coverage(kind, 3) == pytest.approx(0.95, abs=0.02)


def test_the_one_exception_is_a_quantity_that_is_often_zero():
    (kind,) = [kind for kind in KINDS if kind.claim == SKEWED]
    found = simulation.studies_of(simulation.claim_of(kind), 10)
    values = [value for study in found for value in study.parts[0].values]
    assert min(values) == 0 and sum(value == 0 for value in values) > 0.1 * len(values)
    assert coverage(kind, 3) < coverage(kind, 10) < LEAST


def test_every_table_that_claims_read_is_simulated():
    """generalisation.csv gives plain values and differences, as metrics.csv does."""
    claims = simulation._claims().values()
    read = {term.table for claim in claims for node in claim.nodes.values() for term in terms(node)}
    used = {term.table for kind in KINDS for term in terms(simulation.claim_of(kind).nodes["quantity"])}
    assert read - used == {"generalisation"}
    assert {kind.claim for kind in KINDS} <= {record["id"] for record in yaml.safe_load(CLAIMS.read_text())}
