"""Which source files a script needs, so that Snakemake reruns a stage when, and only when, its code changes.

Snakemake sees a change in a script, but not in the modules that it imports; rules therefore name these as inputs.
"""

import ast
import functools
from collections.abc import Iterable
from pathlib import Path

PACKAGE = "aestudy"
ROOT = Path(__file__).parents[1]


def sources(script: str | Path, extra: Iterable[str] = ()) -> list[Path]:
    """The script, every module of this package that it imports (transitively), and the modules named in `extra`.

    extra: modules that are loaded by name at run time, such as `models.dense`. Nothing is executed. Raises
    FileNotFoundError when there is no such script or module.
    """
    queue = [Path(script)]
    for module in extra:
        if not _is_module(f"{PACKAGE}.{module}"):
            raise FileNotFoundError(f"there is no module {PACKAGE}.{module} in {ROOT}")
        queue += _files(f"{PACKAGE}.{module}")
    found: set[Path] = set()
    while queue:
        file = queue.pop()
        if file not in found:
            found.add(file)
            queue += [path for name in imports(file) if name.split(".")[0] == PACKAGE for path in _files(name)]
    return sorted(found)


@functools.cache
def imports(file: Path) -> frozenset[str]:
    """Full names of what a source file imports, anywhere in it; of `from a import b` both a and a.b."""
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # One dot is the file's own package, each further one the package around it.
            package = file.absolute().relative_to(ROOT).parent.parts if node.level else ()
            module = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            names += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return frozenset(names)


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _files(name: str) -> list[Path]:
    """Files that importing a name runs: the module's, and those of the packages that it is in."""
    parts = name.split(".")
    prefixes = [ROOT.joinpath(*parts[: i + 1]) for i in range(len(parts))]
    candidates = [path for prefix in prefixes for path in (prefix.with_suffix(".py"), prefix / "__init__.py")]
    return [path for path in candidates if path.is_file()]
