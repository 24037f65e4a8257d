"""Prior and posterior of readings, by hand."""

import math

import numpy as np
import pytest

from aestudy.readings.posterior import posterior, prior
from aestudy.readings.scored import Scored
from aestudy.study.questions import Readings, combinations, reading_id
from unit.readings.made_up import READINGS, scored


def test_priors_are_shared_out_question_by_question():
    """One to three for the width; the two averages are equally plausible."""
    np.testing.assert_allclose(prior(READINGS, scored()), [1 / 8, 1 / 8, 3 / 8, 3 / 8])


def test_an_answer_is_not_the_likelier_for_being_tried_in_more_combinations():
    """The second answer is tried with one window alone, and keeps its half."""
    questions = [
        {"id": "a", "question": "?", "answers": [{"id": "x", "answer": "1"}, {"id": "y", "answer": "2"}]},
        {
            "id": "b",
            "question": "?",
            "answers": [
                {"id": "p", "answer": "1"},
                {"id": "q", "answer": "2", "only_with": {"a": ["x"]}},
                {"id": "r", "answer": "3", "only_with": {"a": ["x"]}, "prior": 2},
            ],
        },
    ]
    about = {"report": "toy", "chosen_by": "one", "targets": [{"claim": "a", "experiment": "one"}]}
    readings = Readings.model_validate(about | {"questions": questions})
    made = [Scored(reading_id(each), each, (), np.zeros(1)) for each in combinations(readings)]
    assert [each.id for each in made] == ["x-p", "x-q", "x-r", "y-p"]
    np.testing.assert_allclose(prior(readings, made), [1 / 8, 1 / 8, 1 / 4, 1 / 2])


def test_posterior_by_hand():
    """exp(-2 d^2) for each target: distances 0.5 and 0; 1 and 0.5."""
    found = posterior(np.array([0.25, 0.75]), np.array([[0.5, 0.0], [1.0, 0.5]]))
    one, other = 0.25 * math.exp(-0.5), 0.75 * math.exp(-2.5)
    np.testing.assert_allclose(found, [one / (one + other), other / (one + other)])


def test_readings_that_are_all_far_away_still_sum_up_to_one():
    """exp(-2 * 100^2) is 0 in binary."""
    found = posterior(np.array([0.5, 0.5]), np.array([[100.0], [101.0]]))
    assert found.sum() == pytest.approx(1) and found[0] == pytest.approx(1)


def test_equal_distances_leave_the_prior():
    before = np.array([0.1, 0.2, 0.7])
    np.testing.assert_allclose(posterior(before, np.full((3, 4), 1.5)), before)
