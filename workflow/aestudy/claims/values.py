"""What an expression is worth, given what its terms are worth.

A value is a mapping from labels to arrays of shape () or (n,): n means over as many resamplings, say. A label holds
one entry for each column whose filter takes several values; a single value has the empty label.
"""

import functools
import itertools
from collections.abc import Callable

import numpy as np

from aestudy.claims.language import Call, Node, Number, Term
from aestudy.claims.selection import Label, NotTestable

Value = dict[Label, np.ndarray]


def evaluate(node: Node, lookup: Callable[[Term], Value]) -> Value:
    """The value of an expression, given those of its terms. Raises NotTestable where too few of them are there."""
    match node:
        case Number(value):
            return {(): np.float64(value)}
        case Term():
            return lookup(node)
        case Call(function, arguments):
            return _OPERATIONS[function](*(evaluate(argument, lookup) for argument in arguments))


def _arithmetic(operation: np.ufunc) -> Callable[..., Value]:
    """Pairs values with equal labels; a single value goes with every label."""

    def apply(left: Value, right: Value) -> Value:
        if () in left:
            return {label: operation(left[()], value) for label, value in right.items()}
        if () in right:
            return {label: operation(value, right[()]) for label, value in left.items()}
        if not left.keys() & right.keys():
            raise NotTestable("the two sides of the comparison have no grid point in common")
        return {label: operation(value, right[label]) for label, value in left.items() if label in right}

    return apply


def _subtract(left: Value, right: Value | None = None) -> Value:
    if right is None:
        return {label: np.negative(value) for label, value in left.items()}
    return _arithmetic(np.subtract)(left, right)


def _aggregate(reduce: Callable) -> Callable[..., Value]:
    return lambda *values: {(): reduce([array for value in values for array in value.values()])}


def _steps(values: Value) -> Value:
    if len(values) < 2:
        raise NotTestable(f"a trend needs two points or more, and the study has only {next(iter(values))[0]:g}")
    labels = sorted(values)
    return {high: values[high] - values[low] for low, high in itertools.pairwise(labels)}


_OPERATIONS = {
    "+": _arithmetic(np.add),
    "-": _subtract,
    "*": _arithmetic(np.multiply),
    "/": _arithmetic(np.divide),
    "min": _aggregate(functools.partial(functools.reduce, np.minimum)),
    "max": _aggregate(functools.partial(functools.reduce, np.maximum)),
    "mean": _aggregate(lambda arrays: sum(arrays) / len(arrays)),
    "abs": lambda values: {label: np.abs(value) for label, value in values.items()},
    "decibel": lambda values: {label: -10 * np.log10(value) for label, value in values.items()},
    "steps": _steps,
}
