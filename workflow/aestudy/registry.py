"""Kinds of model, noise and data source are files: the name of a kind is the name of its module.

Nothing lists the kinds, so adding a file changes no other file, and nothing that is already trained is trained again.
"""

import importlib
import pkgutil
from types import ModuleType


def kinds(package: str) -> list[str]:
    """Names of the public modules in `aestudy.<package>`, sorted."""
    folder = importlib.import_module(f"aestudy.{package}").__path__
    return sorted(module.name for module in pkgutil.iter_modules(folder) if not module.name.startswith("_"))


def load(package: str, kind: str) -> ModuleType:
    """The module `aestudy.<package>.<kind>`."""
    return importlib.import_module(f"aestudy.{package}.{kind}")
