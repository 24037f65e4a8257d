"""Which runs (or baselines) of a study the terms of a claim mean; without pandas, so that the plan can ask too."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from aestudy.base.columns import TEST
from aestudy.base.errors import UserError
from aestudy.base.run import VARIANCE, Run
from aestudy.claims.language import Between, Call, Each, Node, Own, Term, terms

Label = tuple[str | float, ...]
"""The values of a term's free columns, which tell apart the values of a term that has several."""


class NotTestable(Exception):
    """The study lacks what an expression asks for; the message says what."""


def keys_of(run: Run) -> dict:
    """The keys of a run; 0 for a latent that follows from the image, which claims need not name.

    Levels that its noise does not have are left out: they pass as 0. The variance is always there, for noise `none`.
    """
    return {**run.keys, "latent": run.latent or 0, VARIANCE: 0.0} | {run.level_name: run.level}


def keys_of_test(trained: Run, tested: Run) -> dict:
    """The keys of a trained run and of what it is tested on."""
    on = {TEST + key: value for key, value in ({VARIANCE: 0.0} | tested.condition_keys).items()}
    return keys_of(trained) | on


class Candidates:
    """Keys of runs (or baselines), with those of one data set found at once: a study may have thousands."""

    def __init__(self, keys: Iterable[Mapping]):
        self.keys = list(keys)
        self._of_dataset: dict[str, list[Mapping]] = {}
        for each in self.keys:
            self._of_dataset.setdefault(each["dataset"], []).append(each)

    def fitting(self, filters: Iterable[tuple]) -> list[Mapping]:
        """Those that pass all filters, pairs of a key and what is wanted there."""
        wanted = dict(filters)
        among = self._of_dataset.get(wanted["dataset"], []) if "dataset" in wanted else self.keys
        return [keys for keys in among if fits(wanted.items(), keys)]


def select(term: Term, candidates: Candidates) -> dict[Label, Mapping]:
    """The runs (or baselines) among `candidates` that a term means, by label and sorted by it.

    Raises NotTestable where there are none, UserError where one label fits several.
    """
    fitting = candidates.fitting(term.filters)
    if not fitting:
        raise NotTestable(f"the study has no {_kind(term)} with {term}{_instead(term, candidates)}")
    chosen = {}
    for candidate in fitting:
        chosen.setdefault(tuple(candidate.get(key, 0.0) for key in term.free), []).append(candidate)
    for same in chosen.values():
        if len(same) > 1:
            names = dict.fromkeys(key for candidate in same for key in candidate)
            values = {key: {candidate.get(key, 0.0) for candidate in same} for key in names}
            differ = {key: sorted(found) for key, found in values.items() if len(found) > 1}
            listed = "; ".join(f"{key} ({', '.join(map(_show, values))})" for key, values in differ.items())
            add = " or ".join(f"{key}=" for key in differ)
            raise UserError(f"ambiguous: {term} fits {len(same)} {_kind(term)}s that differ in {listed}: add {add}")
    return {label: chosen[label][0] for label in sorted(chosen)}


def replace_terms(node: Node, change: Callable[[Term], Node]) -> Node:
    """The expression with another node in the place of each term."""
    if isinstance(node, Term):
        return change(node)
    if isinstance(node, Call):
        return Call(node.function, tuple(replace_terms(argument, change) for argument in node.arguments))
    return node


def replace_datasets(node: Node, stand_ins: Mapping[str, str]) -> Node:
    """The expression with the data sets of the reports replaced by those that stand in for them.

    Raises NotTestable where the difference or ratio of two data sets becomes that of a data set with itself.
    """
    if not stand_ins:
        return node
    if isinstance(node, Term):
        named = ("dataset", "test_dataset")
        return replace(node, filters=tuple((k, stand_ins.get(v, v) if k in named else v) for k, v in node.filters))
    if not isinstance(node, Call):
        return node
    replaced = tuple(replace_datasets(argument, stand_ins) for argument in node.arguments)
    if node.function in ("-", "/") and len(set(replaced)) < len(set(node.arguments)):
        compared, used = (
            sorted({t.dataset for a in arguments for t in terms(a)}) for arguments in (node.arguments, replaced)
        )
        raise NotTestable(f"the claim compares {' with '.join(compared)}, but {used[0]} stands in for both")
    return Call(node.function, replaced)


def _instead(term: Term, candidates: Candidates) -> str:
    """What there is instead, where all filters but one fit."""
    for key, _ in term.filters:
        others = candidates.fitting((k, wanted) for k, wanted in term.filters if k != key)
        if others:
            return f"; there is {key} {', '.join(map(_show, sorted({c.get(key, 0.0) for c in others})))}"
    return ""


def fits(filters: Iterable[tuple], keys: Mapping) -> bool:
    """Whether keys pass all filters, pairs of a key and what is wanted there."""
    return all(_fits(key, wanted, keys) for key, wanted in filters)


def _fits(key: str, wanted, keys: Mapping) -> bool:
    value = keys.get(key, 0.0)  # a level that the noise does not have
    match wanted:
        case Own():
            return value == keys.get(key.removeprefix(TEST), 0.0)
        case Each():
            return True
        case Between(low, high):
            return low * (1 - 1e-9) <= value <= high * (1 + 1e-9)
        case str():
            return wanted == value
    return math.isclose(wanted, value)


def _kind(term: Term) -> str:
    return {"baselines": "baseline", "transfer": "test"}.get(term.table, "run")


def _show(value) -> str:
    return value or "none" if isinstance(value, str) else f"{value:g}"
