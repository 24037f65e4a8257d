"""Which answers are likely: an approximate posterior over the answers to each question.

Prior: question by question, in their order, the priors of the answers are shared out among those that are tried after
the answers so far; that of a reading is the product. So an answer is not the likelier for being tried in more
combinations than another.

Likelihood: each target is one observation with a normal error of half a tolerance, so that two standard deviations are
one tolerance: exp(-2 d^2) for a distance of d tolerances, and all targets count as independent. That is rough: the
tolerances are what a reader would call the same, and targets of one experiment go together. It tells how strongly the
published numbers speak, and is no statement about the authors.
"""

from collections.abc import Sequence

import numpy as np

from aestudy.readings.scored import Scored
from aestudy.study.questions import Readings


def prior(readings: Readings, scored: Sequence[Scored]) -> np.ndarray:
    """Prior of each reading; they sum up to 1."""
    given = [tuple(answer.id for answer in each.answers.values()) for each in scored]
    tried = {answers[:length] for answers in given for length in range(1, len(answers) + 1)}
    weights = np.ones(len(given))
    for place, question in enumerate(readings.questions):
        priors = {answer.id: answer.prior for answer in question.answers}
        for i, answers in enumerate(given):
            before = answers[:place]
            among = sum(share for other, share in priors.items() if (*before, other) in tried)
            weights[i] *= priors[answers[place]] / among
    return weights


def posterior(before: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Posterior of each reading from its prior and its distances (readings, targets) in tolerances; sums up to 1."""
    logarithms = np.log(before) - 2 * np.square(distances).sum(axis=1)
    weights = np.exp(logarithms - logarithms.max())
    return weights / weights.sum()
