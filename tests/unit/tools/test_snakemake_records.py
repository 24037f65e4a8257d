"""Snakemake's records of results, taken from one folder into another."""

import pytest

from aestudy.base.errors import UserError
from aestudy.tools import snakemake_records

RECORD = {"rule": "train", "input": ["a.npy"], "params": ["'x'", "1"], "starttime": 1.5, "endtime": 2.5, "log": ["l"]}


def test_what_is_written_is_read(tmp_path):
    snakemake_records.write({"results/a/b.csv": RECORD}, tmp_path)
    read = snakemake_records.read(["results/a/b.csv"], tmp_path)
    assert RECORD.items() <= read["results/a/b.csv"].items()
    snakemake_records.write(read, tmp_path / "other")
    assert snakemake_records.read(["results/a/b.csv"], tmp_path / "other") == read


def test_files_without_a_record_are_named(tmp_path):
    snakemake_records.write({"a": RECORD}, tmp_path)
    with pytest.raises(UserError, match="no record of how 2 of 3 files were made, such as b") as caught:
        snakemake_records.read(["a", "b", "c"], tmp_path)
    assert f"{tmp_path}/metadata" in str(caught.value)


def test_what_is_no_record_is_refused(tmp_path):
    with pytest.raises(UserError, match="record of a is none of its records"):
        snakemake_records.write({"a": {"params": {"not": "a list"}, "starttime": "yesterday"}}, tmp_path)
