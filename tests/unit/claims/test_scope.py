"""What the verdicts of a study are said to be about."""

import pandas as pd
import pytest

from aestudy.base import files
from aestudy.claims.scope import scope
from aestudy.claims.summary import table

REPORTS = ("dense", "conv")


@pytest.mark.parametrize("judged", [set(), {"dense"}, {"dense", "mine"}])
def test_nothing_is_said_where_a_published_report_is_judged_or_nothing(judged):
    assert scope(judged, REPORTS) == ""


def test_claims_of_no_published_report_are_the_studys_own():
    assert scope({"mine", "demo"}, REPORTS).endswith("Verdicts on the published reports need `make study`.")


@pytest.fixture
def claims(tmp_path):
    def written(*reports):
        columns = ["id", "report", "expected", "observed", "ci_low", "ci_high", "verdict"]
        rows = [[f"{report}-1", report, "> 0", "1", "0.5", "1.5", "reproduced"] for report in reports]
        files.write_csv(tmp_path / "claims.csv", pd.DataFrame(rows, columns=columns))
        return tmp_path / "claims.csv"

    return written


def test_the_last_line_of_the_table_says_so(claims):
    last = table(claims("demo"), REPORTS).splitlines()[-1]
    assert last.startswith("In all: 1 reproduced. These are the study's own claims.")
    assert table(claims("demo", "dense"), REPORTS).splitlines()[-1] == "In all: 2 reproduced."
    assert table(claims("demo")).splitlines()[-1] == "In all: 1 reproduced."  # which are published is not known


def test_a_study_without_claims_says_how_to_have_some(claims):
    assert "judges no claims" in table(claims(), REPORTS) and "docs/extend.md" in table(claims(), REPORTS)
