"""Protocols: what they leave out stays as it is, and what they change decides what is scored anew."""

import pytest
from pydantic import ValidationError

from aestudy.claims.protocols import Protocol


def protocol(**parts) -> Protocol:
    record = {"id": "another", "axis": "an axis", "change": "a change", "reason": "why not", "claims": ["dense-1"]}
    return Protocol.model_validate(record | parts)


@pytest.mark.parametrize(
    ("parts", "rescored"),
    [
        ({}, False),
        ({"run": {"model": "deep", "noise": "gaussian", "variance": 0.1}}, False),
        ({"score": {"average": "pooled"}}, False),
        ({"test": {"images": "first_100"}}, False),
        ({"test": {"images": "training"}}, True),
        ({"test": {"noise": "gaussian"}}, True),
        ({"test": {"variance": 0.1}}, True),
        ({"score": {"ssim": "gaussian11"}}, True),
        ({"score": {"reference": "input"}}, True),
        ({"score": {"data_range": "signed"}}, True),
    ],
)
def test_images_are_scored_anew_where_stored_scores_lack_what_is_averaged(parts, rescored):
    assert protocol(**parts).rescored == rescored


def test_how_images_are_scored_anew():
    plain = {"images": "test", "ssim": "uniform7", "reference": "clean", "data_range": "unit"}
    assert protocol().rescoring("uniform7") == plain
    assert protocol(test={"images": "training"}).rescoring("uniform7") == plain | {"images": "training"}
    changed = {"ssim": "gaussian11", "reference": "input", "data_range": "picture"}
    assert protocol(score=changed | {"average": "pooled"}).rescoring("uniform7") == plain | changed


@pytest.mark.parametrize("name", ["Another", "a--b", "-a", "a-", "a_b", "", "-".join("abcdefghijk")])
def test_ids_become_part_of_paths(name):
    assert protocol(id="0-a-b").id == "0-a-b"
    with pytest.raises(ValidationError):
        protocol(id=name)
