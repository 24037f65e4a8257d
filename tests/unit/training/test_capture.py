"""The comparison of a captured step with the step itself, on a processor: with made-up graphs, right and wrong ones."""

import pytest
import torch

from aestudy.training import capture
from aestudy.training.adam import Adam


class Training:
    """A quadratic whose minimum is away from the start, and Adam."""

    def __init__(self):
        generator = torch.Generator().manual_seed(3)
        self.values = torch.zeros(1_000)
        self.minimum = torch.randn(1_000, generator=generator)
        self.gradient = torch.zeros(1_000)
        self.adam = Adam(self.values, self.gradient, None, 1e-3, 1e-8)

    def state(self):
        adam = self.adam
        return {"values": self.values, "first": adam.first, "second": adam.second, "steps": adam.steps}

    def load(self, state):
        for name, tensor in self.state().items():
            tensor.copy_(state[name])

    def step(self):
        self.gradient.copy_(self.values - self.minimum)
        self.adam.step()

    def disagreement(self, replay) -> float:
        start = {name: tensor.clone() for name, tensor in self.state().items()}
        return capture.disagreement(self.step, replay, self.load, self.values, start)


@pytest.fixture
def training():
    return Training()


def test_the_same_step_agrees(training):
    assert training.disagreement(training.step) == 0


def test_another_order_of_summation_is_within_the_bound(training):
    def rounded():
        training.gradient.copy_((training.values - training.minimum) * (1 + 1e-6 * torch.randn(1_000)))
        training.adam.step()

    assert 0 < training.disagreement(rounded) < capture.BOUND


def nothing(training):
    """A graph that was captured empty."""


def stale_gradient(training):
    training.adam.step()  # of whatever gradient is there


def half_of_the_parameters(training):
    training.gradient.copy_(training.values - training.minimum)
    training.gradient[500:] = 0
    training.adam.step()


def twice(training):
    training.step()
    training.step()


def no_number(training):
    training.step()
    training.values[7] = torch.nan


@pytest.mark.parametrize("graph", [nothing, stale_gradient, half_of_the_parameters, twice, no_number])
def test_a_graph_that_errs_is_found(training, graph):
    training.gradient.fill_(1.0)
    assert training.disagreement(lambda: graph(training)) > capture.BOUND


def test_the_first_step_alone_may_agree(training):
    """A graph that reads the parameters as they were when it was captured shows from the second step on."""
    start = training.values.clone()
    training.adam.steps.fill_(100)  # past the bias correction, which would hide it

    def from_the_start():
        training.gradient.copy_(start - training.minimum)
        training.adam.step()

    training.minimum.mul_(1e-3)  # so near that a step changes the gradient by its own size
    assert training.disagreement(from_the_start) > capture.BOUND


@pytest.mark.parametrize(
    ("graph", "reason"), [(nothing, "captured steps differed"), (None, "capture failed (operation not permitted)")]
)
def test_what_is_wrong_is_not_used_and_the_state_is_as_before(training, monkeypatch, caplog, graph, reason):
    def captured(step):
        if graph is None:
            raise RuntimeError("operation not permitted\nsecond line")
        step()  # as the warm-up does
        return lambda: graph(training)

    monkeypatch.setattr(capture, "_captured", captured)
    training.step()
    before = {name: tensor.clone() for name, tensor in training.state().items()}
    found = capture.capture(training.step, training.state, training.load, training.values)
    assert found.replay is None
    assert reason in found.reason
    assert "steps are run one by one" in caplog.text
    assert all(torch.equal(before[name], tensor) for name, tensor in training.state().items())


def test_what_is_right_is_used_and_the_state_is_as_before(training, monkeypatch):
    monkeypatch.setattr(capture, "_captured", lambda step: step)
    before = {name: tensor.clone() for name, tensor in training.state().items()}
    found = capture.capture(training.step, training.state, training.load, training.values)
    assert found.replay == training.step
    assert all(torch.equal(before[name], tensor) for name, tensor in training.state().items())
