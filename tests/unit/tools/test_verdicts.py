"""The verdicts of a finished study in the terminal."""

from argparse import Namespace

import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.tools import verdicts

HEADER = "id,report,statement,expected,observed,ci_low,ci_high,tolerance,verdict,reason,evidence"


def test_the_table_and_where_the_report_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    row = "dense-1,dense,A claim.,20,20.5,20,21,1,reproduced,so,metrics"
    files.write_text("results/trial/tables/claims.csv", f"{HEADER}\n{row}\n")
    verdicts.run(Namespace(study="trial"))
    printed = capsys.readouterr().out
    assert "dense-1" in printed and "In all: 1 reproduced." in printed
    assert printed.endswith("Report: results/trial/report.html\n")


def test_a_study_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"there is no results/trial/tables/claims\.csv"):
        verdicts.run(Namespace(study="trial"))
