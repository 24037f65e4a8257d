"""The parts of a claim: what must hold, each with its value in every replicate."""

from collections.abc import Mapping, Sequence

import numpy as np

from aestudy.claims.evidence import Evidence, aligned
from aestudy.claims.intervals import Part
from aestudy.claims.language import LEVELS, TEST_FILTERS, Call, Node, labelling, terms
from aestudy.claims.records import Expectation
from aestudy.claims.selection import Label, NotTestable, replace_datasets
from aestudy.claims.values import evaluate

NAMED = ("dataset", "model", "noise", *LEVELS, "latent", "l1", *TEST_FILTERS)
"""Filters by which parts are told from each other, in this order."""


def parts_of(node: Node, expected: Expectation, evidence: Evidence, stand_ins: Mapping[str, str]) -> list[Part]:
    """The parts of an expression of which `expected` must hold, with their values.

    Raises NotTestable where the study lacks something, UserError where a term fits several runs.
    """
    arguments = separate(replace_datasets(node, stand_ins), expected)
    names = _names(arguments)
    found = []
    for name, argument in zip(names, arguments, strict=True):
        for label, values in values_of(argument, evidence).items():
            found.append(Part(values, ", ".join([*name, *_labelled(argument, label)])))
    return found


def separate(node: Node, expected: Expectation) -> Sequence[Node]:
    """What must hold each: the arguments of `all`, of `min` above a bound, of `max` below one; else the whole."""
    splitting = {"all", *{">": ["min"], "<": ["max"]}.get(expected.relation[0], [])}
    return node.arguments if isinstance(node, Call) and node.function in splitting else (node,)


def values_of(node: Node, evidence: Evidence) -> dict[Label, np.ndarray]:
    """The values of an expression in each replicate that all its terms have, by label."""
    found = {term: evidence.samples(term) for term in terms(node)}
    values = aligned({(term, label): sample for term, samples in found.items() for label, sample in samples.items()})
    with np.errstate(divide="ignore", invalid="ignore"):
        result = evaluate(node, lambda term: {label: values[term, label] for label in found[term]})
    if not all(np.isfinite(array).all() for array in result.values()):
        raise NotTestable("the quantity is no finite number in every replicate")
    return result


def _names(arguments: Sequence[Node]) -> list[list[str]]:
    """What the arguments read that others do not: data sets, models and so on."""
    read = [{key: _read(argument, key) for key in NAMED} for argument in arguments]
    telling = [key for key in NAMED if len({each[key] for each in read}) > 1]
    return [[each[key] for key in telling if each[key]] for each in read]


def _read(node: Node, key: str) -> str:
    """The values of a filter that an expression reads, as words."""
    values = [dict(term.filters).get(key) for term in terms(node)]
    fixed = dict.fromkeys(value for value in values if isinstance(value, str | float))
    words = [value if isinstance(value, str) else f"{key} {value:g}" for value in fixed]
    return " and ".join(words)


def _labelled(node: Node, label: Label) -> list[str]:
    """A label as words."""
    named = zip(labelling(node), label, strict=True)
    return [f"{key} {value:g}" if isinstance(value, float | int) else value for key, value in named]
