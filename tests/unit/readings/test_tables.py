"""Tables of joint readings, by hand."""

import math

import pytest

from aestudy.readings.tables import ANSWERS, CHANCE, HEAD, Table, of_all
from unit.readings.made_up import CLAIMS, READINGS, scored


@pytest.fixture(scope="module")
def tables():
    return of_all([Table(READINGS, CLAIMS, scored(), seed=3)])


# prior times exp(-2 d^2) summed over both targets
WEIGHTS = {
    "narrow-image": 1 / 8 * math.exp(-2 * 0.5**2),
    "narrow-pooled": 1 / 8 * math.exp(-2 * (2**2 + 0.5**2)),
    "wide-image": 3 / 8 * math.exp(-2 * (4**2 + 0.5**2)),
    "wide-pooled": 3 / 8 * math.exp(-2 * 1),
}
POSTERIOR = {name: weight / sum(WEIGHTS.values()) for name, weight in WEIGHTS.items()}


def test_readings_are_ranked_by_their_worst_distance(tables):
    found = tables["readings"]
    assert list(found) == [
        *HEAD,
        *("width", "average", "toy-number", "toy-number:tolerances", "toy-gain", "toy-gain:tolerances"),
    ]
    assert found["reading"].tolist() == ["narrow-image", "wide-pooled", "narrow-pooled", "wide-image"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["worst"].tolist() == [0.5, 1, 2, 4]
    assert found["changes"].tolist() == [0, 2, 1, 1]
    assert found["furthest"].tolist() == ["toy-number"] * 4
    assert found["fits"].tolist() == ["yes", "yes", "no", "no"]
    assert found["toy-gain"].tolist() == [3, 6, -1, -1]
    assert found["posterior"].tolist() == pytest.approx([POSTERIOR[name] for name in found["reading"]], rel=1e-4)


def test_answers_have_the_sums_of_their_readings(tables):
    found = tables["answers"]
    assert list(found) == list(ANSWERS)
    assert found["answer"].tolist() == ["narrow", "wide", "image", "pooled"]
    assert found["readings"].tolist() == [2, 2, 2, 2]
    assert found["prior"].tolist() == [0.25, 0.75, 0.5, 0.5]
    sums = [sum(POSTERIOR[name] for name in POSTERIOR if part in name) for part in found["answer"]]
    assert found["posterior"].tolist() == pytest.approx(sums, rel=1e-4)
    assert found["nearest"].tolist() == [0.5, 1, 0.5, 1]


def test_chance_says_what_one_experiment_tells_of_the_other(tables):
    found = tables["chance"]
    assert list(found) == list(CHANCE)
    values = found.set_index("quantity")["value"]
    assert values["readings"] == 4
    assert values["readings that fit everything"] == 2
    assert values["readings that fit plain"] == 2
    assert values["those of them that fit noisy too"] == 2
    assert values["share of all readings that fit noisy"] == 0.5
    assert values["readings that come nearest in plain alike"] == 1
    assert values["least distance in noisy of those nearest in plain"] == 0
    assert values["share of all choices by plain that come as near in noisy"] == 0.5
    assert values["median distance in noisy of all readings"] == 0.25
    assert 0 < values["share of random reports that a reading fits"] < 1
    assert values["worst distance of the nearest reading"] == 0.5
    assert 0 < values["share of random reports to which a reading comes as near"] < 1


def test_reports_stand_below_each_other_with_their_own_claims():
    other = READINGS.model_copy(update={"report": "other", "targets": READINGS.targets[:1]})
    shorter = [type(each)(each.id, each.answers, each.parts[:1], each.distances[:1]) for each in scored()]
    found = of_all([Table(READINGS, CLAIMS, scored(), seed=3), Table(other, CLAIMS, shorter, seed=3)])["readings"]
    assert found["report"].tolist() == ["toy"] * 4 + ["other"] * 4
    assert found.loc[found["report"] == "other", "toy-gain"].isna().all()
