"""How far published numbers move under other protocols, and which of them explain several numbers together."""

import numpy as np
import pandas as pd
import pytest

from aestudy.claims import sensitivity
from unit.claims import made_up_protocols
from unit.claims.made_up_protocols import BASE_PSNR, CLAIMS, PLAIN, PROTOCOLS, scores


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return made_up_protocols.table()


def row_of(table, claim, protocol) -> pd.Series:
    return table.set_index(["claim", "protocol"]).loc[claim, protocol]


def test_has_a_row_per_number_and_protocol_tried_on_it(table):
    pairs = [("plain-1", "base"), ("plain-1", "pooled"), ("plain-1", "better")]
    pairs += [("noise-1", "base"), ("noise-1", "pooled"), ("noise-1", "all")]
    assert list(zip(table["claim"], table["protocol"], strict=True)) == pairs
    assert tuple(table.columns) == sensitivity.COLUMNS


def test_observed_are_the_means_that_protocols_ask_for(table):
    pooled = -10 * np.log10(np.mean(10 ** (-BASE_PSNR / 10)))
    assert row_of(table, "plain-1", "base").observed == pytest.approx(18.5)
    assert row_of(table, "plain-1", "pooled").observed == pytest.approx(pooled, rel=1e-5)
    assert row_of(table, "noise-1", "base").observed == pytest.approx(9)  # of the first two images
    assert row_of(table, "noise-1", "all").observed == pytest.approx(11)
    first = -10 * np.log10((10**-1.8 + 10**-2) / 2) - 10
    assert row_of(table, "noise-1", "pooled").observed == pytest.approx(first, rel=1e-5)


def test_shifts_are_paired_by_image(table):
    better = row_of(table, "plain-1", "better")
    assert [better["shift"], better["shift_low"], better["shift_high"]] == pytest.approx([1, 1, 1])
    assert better["ci_high"] - better["ci_low"] > 0.3
    assert np.isnan(row_of(table, "plain-1", "base")["shift"])


def test_within_is_about_the_tolerance_and_covers_about_the_interval(table):
    base, better = row_of(table, "plain-1", "base"), row_of(table, "plain-1", "better")
    assert (base.within, better.within) == ("no", "yes")  # 18.5 and 19.5, of 20 with a tolerance of 1
    for row in (base, better, row_of(table, "noise-1", "base")):
        assert row.covers == ("yes" if row.ci_low <= row.published <= row.ci_high else "no")
    assert row_of(table, "noise-1", "base").covers == "yes"


def test_what_is_missing_is_said():
    sources = {("base", PLAIN): scores(BASE_PSNR), ("pooled", PLAIN): scores(BASE_PSNR).assign(mse=np.nan)}
    table = sensitivity.table(CLAIMS[:1], PROTOCOLS[:1], sources, stand_ins={"mnist": "digits"})
    assert "there is no mse for every image" in table["change"][1]
    assert (table["within"][1], table["covers"][1]) == ("no", "no")


def test_together_takes_the_base_protocol_where_another_is_not_tried(table):
    found = sensitivity.together(table, [("plain-1", "noise-1")]).set_index("protocol")
    assert list(found.index) == ["base", "pooled", "better", "all"]
    assert found.loc["better", "observed"].startswith("plain-1 19.5 [")
    assert "; noise-1 9 [" in found.loc["better", "observed"]
    assert found.loc["better", "observed"].endswith("] (as configured)")
    assert "as configured" not in found.loc["base", "observed"]
    assert found["within"].to_dict() == {"base": "no", "pooled": "no", "better": "yes", "all": "no"}
    assert found.loc["better", "distance"] == pytest.approx(1)  # noise-1 is 1 dB off, which is its tolerance
    assert found.loc["all", "distance"] == pytest.approx(3)
