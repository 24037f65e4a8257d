"""Reads a configuration and its claims before anything is run, and reports all of their mistakes at once."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import ValidationError

from aestudy.base.errors import UserError
from aestudy.base.wording import path, several
from aestudy.claims import checks, records
from aestudy.claims.records import Claim
from aestudy.study import figures
from aestudy.study.config import Study
from aestudy.study.consistency import misfits, unsuited
from aestudy.study.messages import sentences
from aestudy.study.plan import Plan
from aestudy.study.tests import transfers

MAX_LINES = 100  # of a report: more mistakes than that have one cause
TABLES = ("metrics", "cost", "history", "generalisation", "baselines", "architecture", "transfer")
"""Tables that the evidence of a claim may name beside figures."""


class Loaded(NamedTuple):
    """A study without mistakes."""

    study: Study
    plan: Plan
    claims: list[Claim]


def load(raw: dict, files: Iterable[str] = (), project: Path | None = None) -> Loaded:
    """The study that the mapping `raw` describes, the plan of its runs, and its claims.

    files: the YAML files that `raw` was read from; they are named in the message and searched for repeated keys,
    which a YAML reader silently drops. project: folder in which the file of the claims is looked up where it is not
    found from the working directory; without it no claims are read. Raises UserError with one line per mistake: its
    place, what was found there and what is allowed.
    """
    files, study = list(files), None
    mistakes = [line for file in files for line in repeated_keys(file)]
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        mistakes += sentences(error, _schema())
    if isinstance(raw, dict):
        mistakes += misfits(raw)
    if study is not None:
        mistakes += unsuited(study)
    claims = []
    if project is not None and study is not None:
        file = claims_file(study, project)
        claims, found = records.read(file)
        mistakes += found
        # Where the configuration has mistakes, claims are held against its names alone.
        planned = checks.Planned(()) if mistakes else planned_by(study, Plan.of(study))
        known = checks.Known(_names(study), [*figures.known(study), *TABLES], study.stand_ins)
        mistakes += [f"{file}: {line}" for line in checks.mistakes(claims, planned, known)]
    if mistakes:
        raise UserError(_report(mistakes, files))
    return Loaded(study, Plan.of(study), concerned(study, claims))


def concerned(study: Study, claims: Iterable[Claim]) -> list[Claim]:
    """The claims that a study is about: not those of a report of which it has no experiment."""
    rebuilt = {experiment.report for experiment in study.experiments}
    return [claim for claim in claims if claim.report in rebuilt or claim.report not in study.reports]


def planned_by(study: Study, plan: Plan) -> checks.Planned:
    """What the claims of a study may be about."""
    return checks.Planned(plan.runs.values(), [(test.trained, test.tested) for test in transfers(study, plan)])


def claims_file(study: Study, project: Path) -> Path:
    """The file of a study's claims: as seen from the working directory, or else from the folder of the project."""
    own = Path(study.claims)
    return own if own.exists() else project / own


def _names(study: Study) -> dict[str, list[str]]:
    """Names that claims may use, by column."""
    datasets = [*study.datasets, *(name for name in study.stand_ins if name not in study.datasets)]
    return {"dataset": datasets, "model": list(study.models), "noise": ["none", *study.noises]}


@functools.cache
def _schema() -> dict:
    return Study.model_json_schema()


def _report(mistakes: list[str], files: list[str]) -> str:
    place = f" ({' + '.join(map(str, files))})" if files else ""
    shown = mistakes[:MAX_LINES]
    if len(mistakes) > len(shown):
        shown.append(f"... and {len(mistakes) - len(shown):,} more")
    return "\n  ".join(
        map(_printable, [f"The configuration{place} has {several(len(mistakes), 'mistake')}; nothing was run.", *shown])
    )


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)


def repeated_keys(file: str) -> list[str]:
    """Keys that appear twice in one mapping of a YAML file, or why it cannot be read.

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
    if id(node) in visited:  # an alias: once is enough, and a node may even contain itself
        return []
    visited.add(id(node))
    mistakes, lines = [], {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                found = "a mapping" if isinstance(key, yaml.MappingNode) else "a list"
                mistakes.append(f"{path(place)}: found {found} as a key in line {line} of {file}; allowed: a name")
                continue
            inside = (*place, key.value)
            if key.value in lines:
                mistakes.append(
                    f"{path(inside)}: this key appears twice, in lines {lines[key.value]} and {line} of {file}; "
                    "keep one"
                )
            lines[key.value] = line
            mistakes += _repeated_keys(value, inside, file, visited)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            mistakes += _repeated_keys(item, (*place, i), file, visited)
    return mistakes
