"""The opening page of a study that judges claims of its own, and no published report."""

import pandas as pd
import pytest

from aestudy.pages import opening
from unit.pages.made_up import BASELINES, LABEL, METRICS, claim

COST = {"dataset": "mnist", "model": "dense3", "replicate": 0, "parameters": 1_000, "seconds_per_epoch": 1.0}
COST |= {"images_per_second": 1000.0, "peak_memory_mb": 900.0, "train_seconds": 30.0, "device": "cpu"}
COST |= {"precision": "fp32", "threads": 1}


def page(*reports: str) -> str:
    """With a claim of each of these reports, of which `dense` is a published one."""
    claims = [claim(report=report, read_as="", exploratory="", unit="dB", scale="1") for report in reports]
    columns = list(claim(read_as="", exploratory=""))
    return opening.page(
        study="trial",
        tables=opening.Tables(pd.DataFrame(claims, columns=columns), METRICS, BASELINES, pd.DataFrame([COST])),
        reports={"dense": "Dense networks"},
        sections=[],
        figures=[],
        captions={},
        images={},
        summaries=[],
        datasets=[],
        software={},
        configuration={"study": "trial", "stand_ins": {}},
        label=LABEL,
    )


def test_says_that_verdicts_on_the_reports_need_another_study():
    found = page("demo")
    assert "Verdicts on the published reports need <code>make study</code>." in found
    assert ">Expected</th>" in found and "Published" not in found


@pytest.mark.parametrize("reports", [("dense",), ("demo", "dense")])
def test_does_not_where_a_published_report_is_judged(reports):
    found = page(*reports)
    assert "make study" not in found
    assert ">Published</th>" in found


def test_a_study_without_claims_has_no_table_of_them():
    assert "make study" not in page() and 'aria-label="Verdicts' not in page()
