"""The language of claims: arithmetic over the tables of a study.

Expressions look like Python and are read with Python's parser, but nothing is ever executed: only what is listed here
is understood. An expression is made of numbers, `+ - * /`, the functions of `READERS`, which read means from the
study, and those of `FUNCTIONS`. A reader's filter may be `each` (every value there is) or `between(low, high)`
(inclusive); it then gives several values, labelled by the filtered columns. Arithmetic pairs values with the same
label; `min`, `max` and `mean` make one value of several; `steps` takes the differences of neighbours. Around a whole
expression may stand `all`: what is expected must then hold of each of its values.
"""

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from aestudy.base import levels
from aestudy.base.columns import (
    BASELINE_KEYS,
    COST_VALUES,
    FIRST_IMAGES,
    GENERALISATION_VALUES,
    HISTORY_VALUES,
    METRIC_OF_SCORE,
    METRIC_VALUES,
    SCORES,
    TEST,
    TEST_KEYS,
    TEST_VALUES,
    with_levels,
)
from aestudy.base.errors import UserError
from aestudy.base.run import CONDITION_KEYS, NUMERIC_KEYS, RUN_KEYS, VARIANCE
from aestudy.base.wording import unknown

LEVELS = tuple(levels.known())
"""What the levels of noises are called, the variance first."""
TEST_LEVELS = tuple(TEST + name for name in LEVELS)
RUN_FILTERS = tuple(with_levels(RUN_KEYS, LEVELS))
TEST_FILTERS = tuple(with_levels(TEST_KEYS, TEST_LEVELS))
CONDITION_FILTERS = tuple(with_levels(CONDITION_KEYS, LEVELS))
BASELINE_FILTERS = (*CONDITION_FILTERS, *BASELINE_KEYS)
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
NUMBERS = (*with_levels(NUMERIC_KEYS, LEVELS), *TEST_LEVELS)
AGGREGATES = ("min", "max", "mean", "all")
FUNCTIONS = (*AGGREGATES, "abs", "decibel", "steps")
LONGEST = 2000  # characters, far beyond any sensible claim


@dataclass(frozen=True)
class Reader:
    """What a function of the language reads: a table, which columns, and which keywords it takes."""

    table: str
    columns: tuple[str, ...]  # what the first argument may name; empty where the function's name is the column
    keywords: tuple[str, ...]
    required: tuple[str, ...] = ("dataset", "model")


READERS = {name: Reader("metrics", (), (*RUN_FILTERS, "first")) for name in METRIC_OF_SCORE}
READERS |= {
    "metric": Reader("metrics", METRIC_VALUES, RUN_FILTERS),
    "cost": Reader("cost", COST_VALUES, RUN_FILTERS),
    "generalisation": Reader("generalisation", GENERALISATION_VALUES, RUN_FILTERS),
    "transfer": Reader("transfer", TEST_VALUES, (*RUN_FILTERS, *TEST_FILTERS)),
    "history": Reader("history", HISTORY_VALUES, (*RUN_FILTERS, "epoch")),
    "baseline": Reader("baselines", SCORES, (*BASELINE_FILTERS, "first"), ("dataset",)),
    "best_baseline": Reader("baselines", SCORES, (*CONDITION_FILTERS, "first"), ("dataset",)),
}


@dataclass(frozen=True)
class Each:
    """Filter that takes every value there is."""

    def __str__(self) -> str:
        return "each"


@dataclass(frozen=True)
class Between:
    """Filter that takes every value from `low` to `high`, both included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"between({self.low:g}, {self.high:g})"


@dataclass(frozen=True)
class Own:
    """Filter of a test: the same as what the network was trained on."""

    def __str__(self) -> str:
        return "its own"


@dataclass(frozen=True)
class Number:
    """A number written in an expression."""

    value: float


@dataclass(frozen=True)
class Term:
    """What one reader reads: the means of `column` over the runs (or baselines) that pass `filters`."""

    table: str
    column: str
    filters: tuple[tuple[str, str | float | Each | Between | Own], ...]
    epoch: int | str | None = None  # of the history: counted from 1, from the end if negative, or "best"

    @property
    def free(self) -> tuple[str, ...]:
        """The columns that label the values: those whose filter takes several."""
        return tuple(column for column, wanted in self.filters if isinstance(wanted, Each | Between))

    @property
    def dataset(self) -> str:
        """The data set that is read."""
        return dict(self.filters)["dataset"]

    def __str__(self) -> str:
        return ", ".join(f"{k}={v:g}" if isinstance(v, int | float) else f"{k}={v}" for k, v in self.filters)


@dataclass(frozen=True)
class Call:
    """An operation on values: a sign such as "+" or a name such as "min"."""

    function: str
    arguments: tuple["Node", ...]


Node = Number | Term | Call


def parse(text: str) -> Node:
    """The expression written in `text`; it has one value. Raises UserError with what is wrong and what is allowed."""
    if len(text) > LONGEST:
        raise UserError(f"the expression has {len(text)} characters; at most {LONGEST} are allowed")
    try:
        node = _whole(ast.parse(" ".join(text.split()), mode="eval").body)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        raise UserError(f"'{text}' is not an expression: {getattr(error, 'msg', None) or error}") from None
    if left := labelling(node):
        _fail(f"'{text}' has several values, one for each {' and '.join(left)}: put them into all, min, max or mean")
    if not any(terms(node)):
        _fail(f"'{text}' reads nothing from the study; what reads: {', '.join(READERS)}")
    return node


def labelling(node: Node) -> tuple[str, ...]:
    """The columns that label an expression's values; empty where it has one value."""
    if isinstance(node, Call) and node.function in AGGREGATES:
        return ()
    if isinstance(node, Call):
        return max(map(labelling, node.arguments))
    return node.free if isinstance(node, Term) else ()


def terms(node: Node) -> Iterator[Term]:
    """All terms of an expression, in the order in which they are written."""
    if isinstance(node, Term):
        yield node
    for argument in getattr(node, "arguments", ()):
        yield from terms(argument)


def _whole(syntax: ast.expr) -> Node:
    match syntax:
        case ast.Call(func=ast.Name(id="all"), args=arguments, keywords=[]) if arguments:
            return Call("all", tuple(map(_node, arguments)))
    return _node(syntax)


def _node(syntax: ast.expr) -> Node:
    match syntax:
        case ast.Call(func=ast.Name(id="all")):
            _fail(f"all stands around a whole expression, with one argument or more; found it in {ast.unparse(syntax)}")
        case ast.Constant(value=value) if _is_number(value):
            return Number(float(value))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return _call(SIGNS[type(sign)], (_node(left), _node(right)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Call("-", (_node(operand),))
        case ast.Call(func=ast.Name(id=name)) if name in READERS:
            return _term(name, syntax)
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            if syntax.keywords:
                _fail(f"{name} takes no keywords, found {syntax.keywords[0].arg}")
            return _call(name, tuple(_node(argument) for argument in arguments))
        case ast.Call(func=ast.Name(id=name)):
            _fail(unknown("function", name, [*READERS, *FUNCTIONS]))
        case _:
            _fail(f"'{ast.unparse(syntax)}' is not part of the language: allowed are numbers, + - * / and functions")


def _call(function: str, arguments: tuple[Node, ...]) -> Call:
    node = Call(function, arguments)
    wanted = {"abs": 1, "decibel": 1, "steps": 1}.get(function)
    if not arguments or (wanted and len(arguments) != wanted):
        _fail(f"{function} takes {wanted or 'at least one'} argument, found {len(arguments)}")
    labels = {free for argument in arguments if (free := labelling(argument))}
    if function in SIGNS.values() and len(labels) > 1:
        found = " and one for each ".join(" and ".join(free) for free in sorted(labels))
        _fail(f"'{function}' cannot pair one value for each {found}: use the same filters on both sides")
    if function == "steps" and not (len(labels) == 1 and len(free := labels.pop()) == 1 and free[0] in NUMBERS):
        _fail(f"steps takes values along one of {', '.join(NUMBERS)}: give it each or between(low, high)")
    return node


def _term(name: str, syntax: ast.Call) -> Node:
    reader = READERS[name]
    column = METRIC_OF_SCORE.get(name, name)
    if reader.columns:
        if len(syntax.args) != 1:
            _fail(f'{name} takes one column, such as {name}("{reader.columns[0]}", ...), found {len(syntax.args)}')
        column = _literal(syntax.args[0])
        if column not in reader.columns:
            _fail(unknown(f"column of {name}", column, reader.columns))
    elif syntax.args:
        _fail(f'{name} takes keywords only, such as {name}(dataset="mnist", ...), found {ast.unparse(syntax.args[0])}')
    given = {}
    for keyword in syntax.keywords:
        if keyword.arg not in reader.keywords:
            _fail(unknown(f"argument of {name}", keyword.arg, reader.keywords))
        given[keyword.arg] = _filter(name, keyword.arg, keyword.value)
    if missing := [key for key in reader.required if key not in given]:
        _fail(f"{name} needs {' and '.join(missing)}")
    if "noise" not in given:
        if stray := [level for level in LEVELS if given.get(level)]:
            _fail(f"{name} has a {levels.text(stray[0])} but no noise; without noise=... plain reconstruction is meant")
        given |= {"noise": "none", VARIANCE: 0.0}
    keys = BASELINE_FILTERS if reader.table == "baselines" else RUN_FILTERS
    if reader.table == "transfer":
        keys = (*RUN_FILTERS, *TEST_FILTERS)
        given = _test(given)
    if "l1" in keys:
        given.setdefault("l1", 0.0)
    if name == "best_baseline":
        given |= {"baseline": Each(), "variant": Each(), "latent": Each()}
    filters = tuple((key, given[key]) for key in keys if key in given)
    best = "max" if column in ("psnr", "ssim") else "min"
    if "first" in given:
        if column not in FIRST_IMAGES:
            over = [score for score, metric in METRIC_OF_SCORE.items() if metric in FIRST_IMAGES]
            _fail(f"first=100 is there for {', '.join(over)} and not for {column}")
        column += "_first_100"
    term = Term(reader.table, column, filters, given.get("epoch", -1) if name == "history" else None)
    return Call(best, (term,)) if name == "best_baseline" else term


def _test(given: dict) -> dict:
    """Filters of a test with those that are left out: it is then on what the network was trained on."""
    own = dict.fromkeys(TEST_KEYS, Own()) | {TEST + level: Own() for level in LEVELS if level in given}
    if given.get("test_noise") == "none":
        own["test_variance"] = 0.0
    if any(level in given for level in TEST_LEVELS):
        own = {key: wanted for key, wanted in own.items() if key not in TEST_LEVELS}
    return own | given


def _filter(name: str, key: str, syntax: ast.expr):
    match syntax:
        case ast.Name(id="each") if key not in ("dataset", "first", "epoch"):
            return Each()
        case ast.Call(func=ast.Name(id="between"), args=[low, high], keywords=[]) if key in NUMBERS:
            ends = _literal(low), _literal(high)
            if not all(map(_is_number, ends)) or ends[0] >= ends[1]:
                _fail(f"{key} in {name}: between takes a lower and a higher number, found {ast.unparse(syntax)}")
            return Between(*map(float, ends))
    value = _literal(syntax)
    if key in NUMBERS:
        right, allowed = _is_number(value), "a number, each or between(low, high)"
    elif key == "first":
        right, allowed = value == 100, "100: scores over the first hundred test images are all that is kept of a part"
    elif key == "epoch":
        right, allowed = (type(value) is int and value != 0) or value == "best", 'a whole number but 0, or "best"'
    else:
        right, allowed = isinstance(value, str), "a name in quotes" + (" or each" if key != "dataset" else "")
    if not right:
        _fail(f"{key} in {name} must be {allowed}, found {ast.unparse(syntax)}")
    return float(value) if key in NUMBERS else value


def _literal(syntax: ast.expr):
    try:
        return ast.literal_eval(syntax)
    except (ValueError, TypeError):
        return None


def _is_number(value) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _fail(message: str) -> NoReturn:
    raise UserError(message)
