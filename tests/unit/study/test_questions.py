"""Open questions: combinations of their answers, and what they are called."""

import itertools

from aestudy.study import loading
from aestudy.study.questions import Readings, combinations, reading_id
from unit.study.valid import PARSED


def readings(**answers: list[dict]) -> Readings:
    """Readings of a report with these questions."""
    questions = [
        {"id": name, "question": "?", "answers": [{"answer": "one"} | answer for answer in given]}
        for name, given in answers.items()
    ]
    about = {"report": "dense", "targets": [{"claim": "dense-1", "experiment": "one"}], "chosen_by": "one"}
    return Readings.model_validate(about | {"questions": questions})


def ids(*names: str) -> list[dict]:
    return [{"id": name} for name in names]


def test_every_combination_is_a_reading_in_the_order_of_the_answers():
    found = [reading_id(reading) for reading in combinations(readings(a=ids("x", "y"), b=ids("one", "two", "three")))]
    assert found == [f"{a}-{b}" for a, b in itertools.product(("x", "y"), ("one", "two", "three"))]


def test_an_answer_may_be_tried_beside_some_others_only():
    given = readings(a=ids("x", "y"), b=[{"id": "one"}, {"id": "two", "only_with": {"a": ["y"]}}])
    assert [reading_id(reading) for reading in combinations(given)] == ["x-one", "y-one", "y-two"]


def test_a_reading_holds_the_answer_to_each_question():
    (first, *_) = combinations(readings(a=ids("x", "y"), b=ids("one", "two")))
    assert {question: answer.id for question, answer in first.items()} == {"a": "x", "b": "one"}


def test_only_answers_about_networks_and_training_need_networks_of_their_own():
    (about,) = loading.load(PARSED).study.readings
    training = {question.id: [answer.trains for answer in question.answers] for question in about.questions}
    assert training == {"widths": [False, True], "tests": [False, False], "scores": [False, False]}
