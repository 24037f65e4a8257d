"""The verdicts of a study as a table for the terminal."""

import pandas as pd
import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.claims import tables
from aestudy.claims.summary import table
from aestudy.claims.verdicts import judge
from unit.claims.made_up import MNIST, claim, study

FITTING, MISSING = f"psnr({MNIST}, latent=15)", f"psnr({MNIST}, latent=64)"


def verdicts(path, *claims):
    files.write_csv(path, tables.table(judge(claims, study())))
    return table(path)


def test_tells_the_claims_that_could_be_tested_and_counts_all(tmp_path):
    text = verdicts(
        tmp_path / "claims.csv",
        claim(FITTING, 20, 1, id="near"),
        claim(FITTING, 30, 1, id="far"),
        claim(MISSING, 20, 1, id="missing"),
    )
    assert [line.split()[0] for line in text.splitlines()] == ["id", "near", "far", "In"]
    assert text.splitlines()[0].split() == ["id", "expected", "observed", "ci_low", "ci_high", "verdict"]
    assert text.splitlines()[1].endswith(" reproduced")
    last = text.splitlines()[-1]
    assert all(count in last for count in ("1 reproduced", "1 not reproduced", "1 not testable"))


def test_numbers_are_told_as_they_are_in_the_table(tmp_path):
    text = verdicts(tmp_path / "claims.csv", claim(FITTING, 20, 1))
    observed = pd.read_csv(tmp_path / "claims.csv", dtype=str)["observed"][0]
    assert observed in text.splitlines()[1].split()


def test_of_a_study_that_could_test_nothing_the_count_is_left(tmp_path):
    assert verdicts(tmp_path / "claims.csv", claim(MISSING, 20, 1)) == "In all: 1 not testable."


def test_no_table(tmp_path):
    with pytest.raises(UserError, match=r"there is no .*claims\.csv: run the study to its end"):
        table(tmp_path / "claims.csv")
