"""Writes the parts of docs/ that follow from the code, so that they cannot fall behind it.

docs/configuration.md is made from the typed configuration; docs/how-it-is-built.md has the graph of the rules, made by
Snakemake, and that of the packages, made from their imports.
"""

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from aestudy.base import files
from aestudy.study.config import Study
from aestudy.study.messages import words
from aestudy.tools import marks

ROOT = Path(__file__).parents[3]
REFERENCE, BUILT = "configuration.md", "how-it-is-built.md"
LIBRARY = Path(__file__).parents[1]

_HEAD = """# Configuration

<!-- Written by `make docs` from the typed configuration (workflow/aestudy/study/config.py). Change the text there. -->

A study is a YAML file. [config.yaml](../config.yaml) is the full study; a study of your own holds only the keys that
differ from it, and is named with `--configfile`. Mappings (`datasets`, `noises`, `models`, `training`, `evaluation`)
are merged with those of `config.yaml`, lists (`experiments`) take their place. Unknown keys and wrong values are told
before anything runs, all at once. Editors that know YAML schemas check the file while you type:

```yaml
# yaml-language-server: $schema=workflow/schemas/config.schema.json
```

YAML reads `1e-3` as text: write `1.0e-3`.
"""


def reference() -> str:
    """The reference of all keys in Markdown: a section for each part of the configuration."""
    schema = Study.model_json_schema()
    sections = [_section("Study", schema, schema)]
    sections += [_section(name, schema["$defs"][name], schema) for name in _parts(schema, schema, [])]
    return "\n".join([_HEAD, *sections])


def _parts(node, schema: dict, found: list[str]) -> list[str]:
    """Names of the parts that a node of the schema refers to, in the order in which a reader meets them."""
    if isinstance(node, dict):
        # `$defs` holds the parts themselves, which are followed where they are referred to.
        for key, value in node.items():
            if key == "$ref":
                name = value.rpartition("/")[2]
                if name not in found:
                    found.append(name)
                    _parts(schema["$defs"][name], schema, found)
            elif key not in ("$defs", "mapping"):
                _parts(value, schema, found)
    elif isinstance(node, list):
        for item in node:
            _parts(item, schema, found)
    return found


def _section(name: str, node: dict, schema: dict) -> str:
    lines = [f"## {_heading(name)}", "", _text(node["description"]), ""]
    lines += ["| key | allowed | default | meaning |", "| --- | --- | --- | --- |"]
    for key, value in node["properties"].items():
        default = _default(value) if key not in node.get("required", ()) else "required"
        # What refers to a part without a word of its own is what the part is.
        meaning = value.get("description") or schema["$defs"][_links(value, schema)[0]]["description"]
        cells = (f"`{key}`", _allowed(value, schema), default, _text(meaning))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _heading(name: str) -> str:
    """Noise gaussian, for aestudy__noise__gaussian__Parameters and the like; other names are as they should be."""
    own = re.fullmatch(r"aestudy__(\w+?)__(\w+)__Parameters", name)
    return f"{own[1].removesuffix('s').capitalize()} {own[2]}" if own else name


def _links(node: dict, schema: dict) -> list[str]:
    """Names of the parts that a node refers to itself."""
    return _parts(node, schema | {"$defs": {name: {} for name in schema["$defs"]}}, [])


def _allowed(node: dict, schema: dict) -> str:
    """What may stand at a key, with a link where that is a part with a section of its own."""
    headings = [_heading(name) for name in _links(node, schema)]
    if not headings:
        return _text(words(node, schema))
    links = " or ".join(f"[{heading}](#{heading.lower().replace(' ', '-')})" for heading in headings)
    if node.get("type") == "array":
        return f"a list of {links}"
    return f"a mapping of names, each to {links}" if "patternProperties" in node else links


def _default(node: dict) -> str:
    if "default" not in node or node["default"] is None:
        return "none"
    default = node["default"]
    if isinstance(default, dict):
        return "its own" if default else "empty"
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _text(text: str) -> str:
    """One line of Markdown: what looks like a tag is no tag."""
    return " ".join(text.split()).replace("<", "&lt;")


def graph(root: Path = ROOT) -> str:
    """The rules of config.yaml's study and what each needs, in Mermaid, by `snakemake --rulegraph`; sorted.

    Arrows that others imply are left out. Raises CalledProcessError where Snakemake fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js"],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    needed: dict[str, set[str]] = {}
    for before, after in _edges(done.stdout):
        needed.setdefault(before, set())
        needed.setdefault(after, set()).add(before)
    pairs = ((before, after) for after, others in without_implied(needed).items() for before in others)
    return "\n".join(["flowchart LR", *sorted(f"    {before} --> {after}" for before, after in pairs)])


def _edges(mermaid: str) -> Iterator[tuple[str, str]]:
    """Pairs of rules, by name, of which the second needs what the first makes; the last rule, `all`, is left out."""
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)\]$", mermaid, re.MULTILINE))
    for before, after in re.findall(r"^\s*(id\d+) --> (id\d+)$", mermaid, re.MULTILINE):
        if names[after] != "all":
            yield names[before], names[after]


def packages() -> dict[str, set[str]]:
    """The packages of the library, and for each those that its modules import."""
    found: dict[str, set[str]] = {}
    for path in sorted(LIBRARY.glob("*/*.py")):
        own = found.setdefault(path.parent.name, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aestudy."):
                own.add(node.module.split(".")[1])
    return {name: imported - {name} for name, imported in found.items()}


def without_implied(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without edges that a longer path makes unnecessary. edges: for each node those that it points to."""

    def reached(name: str) -> set[str]:
        return edges[name].union(*map(reached, edges[name]))

    return {name: others - set().union(*(reached(other) for other in others)) for name, others in edges.items()}


def package_graph(imported: dict[str, set[str]]) -> str:
    """Packages in Mermaid, each with an arrow to those that it imports; arrows that others imply are left out."""

    direct = without_implied(imported)
    arrows = sorted(f"    {name} --> {other}" for name, others in direct.items() for other in others)
    return "\n".join(["flowchart TD", *arrows])


def with_graph(text: str, name: str, mermaid: str) -> str:
    """A document with a graph put between the two marks of its name."""
    begin, end = f"<!-- {name}: written by `make docs` -->", f"<!-- end of {name} -->"
    return marks.between(text, begin, end, f"\n```mermaid\n{mermaid}\n```\n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments."""


def run(options: argparse.Namespace) -> None:
    """Write the parts."""
    files.write_text(ROOT / "docs" / REFERENCE, reference())
    built = ROOT / "docs" / BUILT
    text = with_graph(built.read_text(encoding="utf-8"), "graph", graph())
    files.write_text(built, with_graph(text, "packages", package_graph(packages())))
