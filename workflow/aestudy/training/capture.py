"""A training step as a CUDA graph that is only used if it does what the step itself does.

A captured graph repeats kernels on fixed places in memory. If a library behaves otherwise while it is captured, or a
value is read from a place that is no longer written, training would go on with wrong numbers and say nothing. So a few
captured steps are compared with the same steps run one kernel at a time, from the same state.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import torch

log = logging.getLogger(__name__)

STEPS = 3
"""Steps that are compared: the second and third use what the first one changed."""
BOUND = 0.02
"""Largest difference that is accepted, as a share of how far the steps move the parameters (root mean square).

Rounding in another order changes single updates of Adam, which have the size of the learning rate whatever the size of
the gradient; a step that misses or repeats a part changes all of them."""

State = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Captured:
    """A captured step, or why there is none."""

    replay: Callable[[], None] | None
    reason: str = ""
    difference: float | None = None
    """What `disagreement` found; None where nothing was compared."""


def capture(
    step: Callable[[], None], state: Callable[[], State], load: Callable[[State], None], parameters: torch.Tensor
) -> Captured:
    """Capture `step` on the current CUDA device.

    state: all tensors that a step changes, by name, not copied. load: brings them back to values of the same names,
    which is how they are afterwards. parameters: the part of the state that is compared.
    """
    before = {name: tensor.clone() for name, tensor in state().items()}
    try:
        replay = _captured(step)
        difference = disagreement(step, replay, load, parameters, before)
    except RuntimeError as error:  # what torch raises where an operation cannot be captured
        reason = str(error).partition("\n")[0]
        log.warning("the training step cannot be captured as a GPU graph (%s): steps are run one by one", reason)
        return Captured(None, f"capture failed ({reason})")
    finally:
        load(before)
    if difference > BOUND:
        log.warning(
            "the captured training step differs from the step itself by %.3g of its length (allowed: %g): steps are "
            "run one by one",
            *(difference, BOUND),
        )
        return Captured(None, f"captured steps differed by {difference:.3g} of their length", difference)
    log.info("the captured training step agrees with the step itself (they differ by %.2g of its length)", difference)
    return Captured(replay, difference=difference)


def disagreement(
    step: Callable[[], None],
    replay: Callable[[], None],
    load: Callable[[State], None],
    parameters: torch.Tensor,
    start: State,
) -> float:
    """How far `replay` leads from where `step` leads, both STEPS times from `start`.

    The root mean square of the difference of the parameters, as a share of that of the change by `step`; infinite where
    one of them is no finite number.
    """
    load(start)
    origin = parameters.clone()
    ends = []
    for function in (step, replay):
        load(start)
        for _ in range(STEPS):
            function()
        ends.append(parameters.clone())
    eager, replayed = ends
    moved = (eager - origin).square().mean().sqrt().item()
    apart = (replayed - eager).square().mean().sqrt().item()
    if not moved > 0:
        return 0.0 if apart == 0 else float("inf")
    ratio = apart / moved
    return ratio if ratio == ratio else float("inf")  # NaN differs from itself


def _captured(step: Callable[[], None]) -> Callable[[], None]:
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):  # libraries choose their algorithms and workspaces, which a capture must not see
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
