"""Kinds of data set, noise, model and baseline are files: the name of a kind is the name of its module.

Nothing lists the kinds, so adding a file changes no other file, and nothing that is already trained is trained again.
"""

import ast
import importlib
from pathlib import Path
from types import ModuleType

LIBRARY = Path(__file__).parents[1]
DEFINES = {"datasets": "Parameters", "noise": "Parameters", "models": "Parameters", "baselines": "fit"}
"""What a module of each package must define to be a kind; other modules there hold what several kinds share."""


def kinds(package: str) -> list[str]:
    """Names of the kinds in `aestudy.<package>`, sorted. Files are read and not imported."""
    return sorted(path.stem for path in (LIBRARY / package).glob("*.py") if DEFINES[package] in _defined(path))


def load(package: str, kind: str) -> ModuleType:
    """The module `aestudy.<package>.<kind>`."""
    return importlib.import_module(f"aestudy.{package}.{kind}")


def _defined(path: Path) -> set[str]:
    """Names of the functions and classes that a source file defines at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
