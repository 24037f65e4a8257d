"""Checks a configuration before anything is run and reports all of its mistakes at once."""

import functools
from collections.abc import Iterable

import yaml
from pydantic import ValidationError

from aestudy.config import Study
from aestudy.crosscheck import misfits
from aestudy.errors import UserError
from aestudy.mistakes import path, sentences
from aestudy.plan import Plan

MAX_LINES = 100  # of a report: more mistakes than that have one cause


def load(raw: dict, files: Iterable[str] = ()) -> tuple[Study, Plan]:
    """The study that the mapping `raw` describes and the plan of its runs.

    files: the YAML files that `raw` was read from; they are named in the message and searched for repeated keys,
    which a YAML reader silently drops. Raises UserError with one line per mistake: its place, what was found there
    and what is allowed.
    """
    files = list(files)
    mistakes = [line for file in files for line in repeated_keys(file)]
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        mistakes += sentences(error, _schema())
    if isinstance(raw, dict):
        mistakes += misfits(raw)
    if mistakes:
        raise UserError(_report(mistakes, files))
    return study, Plan.of(study)


@functools.cache
def _schema() -> dict:
    return Study.model_json_schema()


def _report(mistakes: list[str], files: list[str]) -> str:
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes):,} mistakes"
    place = f" ({' + '.join(map(str, files))})" if files else ""
    shown = mistakes[:MAX_LINES]
    if len(mistakes) > len(shown):
        shown.append(f"... and {len(mistakes) - len(shown):,} more")
    return "\n  ".join(map(_printable, [f"The configuration{place} has {count}; nothing was run.", *shown]))


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)


def repeated_keys(file: str) -> list[str]:
    """Keys that stand twice in one mapping of a YAML file, or why it cannot be read.

    Anchors, aliases and merge keys (`<<`) are allowed: a key beside a merge is not a repetition, it takes precedence.
    """
    try:
        with open(file, encoding="utf-8") as stream:
            root = yaml.compose(stream, Loader=yaml.SafeLoader)
        return _repeated_keys(root, (), file, set())
    except OSError as error:
        return [f"{file}: cannot be read: {error.strerror}; give a YAML file"]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: {error.problem}" if mark else "it is not text in UTF-8"
        return [f"{file}: cannot be read as YAML, {where}"]
    except RecursionError:
        return [f"{file}: cannot be read as YAML, it is nested too deeply"]


def _repeated_keys(node: yaml.Node | None, place: tuple, file: str, visited: set[int]) -> list[str]:
    if id(node) in visited:  # an alias: once is enough, and a node may even hold itself
        return []
    visited.add(id(node))
    mistakes, lines = [], {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inside, line = (*place, key.value), key.start_mark.line + 1
            if key.value in lines:
                mistakes.append(
                    f"{path(inside)}: this key stands twice, in lines {lines[key.value]} and {line} of {file}; keep one"
                )
            lines[key.value] = line
            mistakes += _repeated_keys(value, inside, file, visited)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            mistakes += _repeated_keys(item, (*place, i), file, visited)
    return mistakes
