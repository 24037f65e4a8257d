"""What was judged, as tables."""

import math

import pandas as pd
import pytest

from aestudy.claims import tables
from aestudy.claims.decisions import decided, replicates_for
from aestudy.claims.intervals import holm
from aestudy.claims.verdicts import judge
from unit.claims.made_up import MNIST, RISE, claim, judged, study, values_of_latents

AT_15, MISSING = f"psnr({MNIST}, latent=15)", f"psnr({MNIST}, latent=64)"


def test_a_row_per_claim():
    given = [
        claim(AT_15, 20, 1, id="a", unit="dB"),
        claim(RISE, "> 0", id="b", scale=0.5, exploratory=True, read_as="From 15 to 100."),
        claim(MISSING, 20, 1, id="c"),
    ]
    evidence = values_of_latents([20.0, 20.2, 20.1], [], [], [], [26.0, 26.2, 26.4])
    table = tables.table(judge(given, evidence)).set_index("id")
    columns = "report, statement, expected, observed, ci_low, ci_high, tolerance, verdict, reason, evidence"
    assert list(table.columns) == f"{columns}, exploratory, read_as, unit, scale".split(", ")
    assert table.expected.tolist() == ["20", "> 0", "20"]
    assert table.verdict.tolist() == ["reproduced", "reproduced", "not testable"]
    # mean 20.1, deviation 0.1: half-width 4.302653 x 0.1 / sqrt(3) = 0.248414; six significant digits are kept
    assert table.loc["a", ["observed", "ci_low", "ci_high"]].tolist() == [20.1, 19.8516, 20.3484]
    assert table.exploratory.tolist() == ["", "yes", ""]
    assert (table.unit["a"], table.scale["a"], table.scale["b"]) == ("dB", 1, 0.5)
    assert table.read_as["b"] == "From 15 to 100."
    assert math.isnan(table.observed["c"]) and table.reason["c"].startswith("the study has no run with dataset=mnist")


def test_the_interval_is_of_the_least_part():
    steps = f"all(steps(psnr({MNIST}, latent=each)))"
    found = judged(steps, "> 0", evidence=values_of_latents([20, 20.1], [21, 21.3], [24, 24.1]))
    row = tables.table([found]).iloc[0]
    assert (row.observed, row.ci_low, row.ci_high) == pytest.approx((1.1, *found.interval), abs=1e-4)


class TestCertainty:
    """How sure each verdict is."""

    STEPS = f"all(steps(psnr({MNIST}, latent=each)))"

    @pytest.fixture
    def table(self) -> pd.DataFrame:
        evidence = values_of_latents([20, 20.1, 20.2], [21, 21.3, 21.0], [21.5, 21.7, 21.4])
        given = [
            claim(self.STEPS, "> 0", id="rises"),
            claim(AT_15, 20, 1, id="number"),
            claim(MISSING, 20, 1, id="missing"),
        ]
        self.judged = judge(given, evidence)
        return tables.certainty(self.judged)

    def test_has_a_row_per_part_of_what_could_be_tested(self, table):
        assert list(table.columns) == list(tables.CERTAINTY)
        assert table[["id", "part"]].values.tolist() == [
            ["rises", "latent 30"],
            ["rises", "latent 50"],
            ["number", ""],
        ]
        assert table.replicates.tolist() == [3, 3, 3]

    def test_has_the_interval_of_each_part(self, table):
        for (_, row), part in zip(table.iterrows(), [*self.judged[0].parts, *self.judged[1].parts], strict=True):
            assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(part.interval(), rel=1e-5)
            assert (row.observed, row.deviation) == pytest.approx((part.mean, part.deviation), rel=1e-5)

    def test_has_p_values_corrected_for_the_claims_judged_together(self, table):
        p = [self.judged[0].p, self.judged[1].p]
        assert table.p.tolist() == pytest.approx([p[0], p[0], p[1]], rel=1e-5)
        adjusted = holm(p)
        assert table.p_holm.tolist() == pytest.approx([adjusted[0], adjusted[0], adjusted[1]], rel=1e-5)

    def test_has_the_power_at_three_ten_and_thirty_replicates(self, table):
        parts, aim = self.judged[0].parts, self.judged[0].claim.expectation
        for count in (3, 10, 30):
            assert table[f"power_{count}"][0] == pytest.approx(decided(parts, aim, 0, count), abs=1e-3)
        assert table.power_3[0] < table.power_10[0] <= table.power_30[0]
        assert table.replicates_80[0] == replicates_for(parts, aim, 0)

    def test_of_single_replicates_is_empty_but_for_the_values(self):
        found = tables.certainty([judged(AT_15, 20, 1, evidence=study(replicates=1))]).iloc[0]
        assert (found.replicates, found.state) == (1, "holds")
        assert found[["deviation", "ci_low", "ci_high", "p", "p_holm", "power_3", "replicates_80"]].isna().all()

    def test_of_a_study_that_could_test_nothing_has_no_rows(self):
        assert tables.certainty([judged(MISSING, 20, 1)]).empty
