"""Checks that files of configuration can be read as YAML.

Snakemake reads them before any code of this project runs, and ends with a traceback where one is no YAML or holds a
value that is not what its tag says. The targets of the Makefile call this first. What the keys mean is checked later,
when the study is planned.
"""

import argparse
from collections.abc import Iterator

import yaml

from aestudy.base.errors import UserError
from aestudy.base.wording import show
from aestudy.study.loading import repeated_keys

MERGE = "tag:yaml.org,2002:merge"
"""Of the key `<<`, which is no value."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("files", nargs="+", metavar="file", help="a file for --configfile, or config.yaml")


def run(options: argparse.Namespace) -> None:
    """Raise UserError with a line for each mistake in the files."""
    mistakes = [line for file in options.files for line in mistakes_in(file)]
    if mistakes:
        raise UserError("\n  ".join(["the configuration cannot be read; nothing was run.", *mistakes]))


def mistakes_in(file: str) -> list[str]:
    """Why a file cannot be read as a mapping in YAML, one line for each place; none where it can."""
    try:
        with open(file, encoding="utf-8") as stream:
            root = yaml.compose(stream, Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return repeated_keys(file)  # which says why
    if not isinstance(root, yaml.MappingNode):
        kind = {yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}.get(type(root), "nothing")
        return [f"{file}: found {kind}; allowed: keys with values, as in config.yaml"]
    return [f"{file}: line {node.start_mark.line + 1}: {words}" for node, words in _misfits(root, set())]


def _misfits(node: yaml.Node, visited: set[int]) -> Iterator[tuple[yaml.Node, str]]:
    """Values that are not what their tags say, and what to tell of them."""
    if id(node) in visited:  # an alias: once is enough, and a node may even contain itself
        return
    visited.add(id(node))
    if isinstance(node, yaml.ScalarNode) and node.tag != MERGE:
        try:
            yaml.SafeLoader("").construct_object(node)
        # PyYAML's own constructors raise whatever the conversion does: of an empty !!float an IndexError.
        except Exception:
            yield node, f"found {show(node.value)}, which is no {_kind(node.tag)}; correct the value, or quote it"
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _misfits(part, visited)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield key, "a list or a mapping cannot be a key; write a name"
            for part in (key, value):
                yield from _misfits(part, visited)


def _kind(tag: str) -> str:
    """A tag as it is written in a file."""
    return f"value of the kind !!{tag.removeprefix('tag:yaml.org,2002:')}" if tag.startswith("tag:") else f"kind {tag}"
