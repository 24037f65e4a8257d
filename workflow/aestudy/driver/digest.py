"""Digests of the statements that decide the numbers of a stage: when one of them changes, the stage runs again.

Snakemake compares parameters of a rule, not the modules that its script imports. So each rule has the digest of its
script as a parameter: SHA-256 over the script and all functions, classes and values of this library that it uses,
directly or through others. Source files are read and never imported.

Left out is what cannot change a number:

- comments, docstrings, layout and type annotations;
- log lines, warnings and the texts of errors: calls of a logger, and the arguments of whatever is raised;
- imports: what they bring counts where it is used;
- `Parameters` of a kind: their values are parameters of the rule already;
- the modules of `WITHOUT_NUMBERS`, which read, write and report.
"""

import ast
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

WORKFLOW = Path(__file__).parents[2]
PACKAGE = "aestudy"
WITHOUT_NUMBERS = ("base.errors", "base.files", "base.integrity", "base.job", "base.provenance", "base.settings")
WITHOUT_NUMBERS += ("base.registry", "replicates.manifest", "replicates.store", "replicates.train_missing")
WITHOUT_NUMBERS += ("training.checkpoint",)
LOGGERS = {"log", "logger", "logging", "warnings"}

Place = tuple[str, str]
"""A module, named without `aestudy.`, and a definition in it."""


def digest(script: str | None, *entries: str) -> str:
    """Hexadecimal digest of a script in workflow/scripts and of definitions named in full, such as
    `models.dense.build`.

    Entries are what the script reaches by name at run time (kinds), or behind a module of `WITHOUT_NUMBERS`. Raises
    KeyError for an entry that does not exist.
    """
    return _digest(script, tuple(sorted(entries)))


@functools.cache  # asked for by every job; there are as many answers as kinds of model and noise
def _digest(script: str | None, entries: tuple[str, ...]) -> str:
    texts = []
    found: set[Place] = set()
    if script is not None:
        tree = _parsed(WORKFLOW / "scripts" / script)
        statements = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
        texts.append("".join(map(_text, statements)))
        found |= _used(statements, _imports(tree, ""))
    for entry in entries:
        module, _, name = entry.rpartition(".")
        if not _file(module).is_file() or name not in _module(module).definitions:
            raise KeyError(f"there is no {entry} in {PACKAGE}")
        found.add((module, name))
    for module, name in sorted(_closure(found)):
        texts.append(f"{module}.{name} {_module(module).text(name)}")
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _closure(found: Iterable[Place]) -> set[Place]:
    """These definitions and all that they use."""
    queue, seen = list(found), set()
    while queue:
        module, name = place = queue.pop()
        if place in seen or module in WITHOUT_NUMBERS:
            continue
        seen.add(place)
        queue += _module(module).uses(name)
    return seen


class _Module:
    """The definitions of a source file by name: functions, classes, and the assignments of module-level names."""

    def __init__(self, name: str):
        tree = _parsed(_file(name))
        self.name = name
        self.imports = _imports(tree, name)
        self.definitions: dict[str, list[ast.stmt]] = {}
        for node in tree.body:
            for defined in _names(node):
                self.definitions.setdefault(defined, []).append(node)

    @functools.cache  # noqa: B019 (modules are kept for as long as the process lives)
    def uses(self, name: str) -> set[Place]:
        """What the statements that define a name use, of this module and of others."""
        return _used(self.definitions[name], self.imports, self)

    @functools.cache  # noqa: B019
    def text(self, name: str) -> str:
        """The statements that define a name."""
        return "".join(map(_text, self.definitions[name]))


@functools.cache
def _module(name: str) -> _Module:
    return _Module(name)


def _file(module: str) -> Path:
    path = WORKFLOW / PACKAGE / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _names(node: ast.stmt) -> list[str]:
    """The names that a statement at the top level of a module defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            return [name]
        case ast.If() | ast.For() | ast.While() | ast.With() | ast.Try():
            return [name for part in ast.walk(node) if part is not node for name in _names(part)]
    return []


def _imports(tree: ast.Module, module: str) -> dict[str, str]:
    """What names stand for, by the imports anywhere in a file: a module, or a definition in one, without `aestudy.`."""
    found = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        origins = ["." * node.level + (node.module or "")] if isinstance(node, ast.ImportFrom) else names
        if isinstance(node, ast.ImportFrom) and origins[0].startswith(f"{PACKAGE}.") and "*" not in names:
            origin = node.module.removeprefix(f"{PACKAGE}.")
            found |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
        elif any(origin.split(".")[0] in ("", PACKAGE) for origin in origins):  # relative ones begin with a dot
            raise ValueError(
                f"{module}: '{ast.unparse(node)}' is not followed; write from {PACKAGE}.<package> import x"
            )
    return found


def _used(statements: Iterable[ast.AST], imports: dict[str, str], own: _Module | None = None) -> set[Place]:
    """What statements use: names of their own module, imported definitions, and attributes of imported modules."""
    found: set[Place] = set()
    for node in (part for statement in statements for part in ast.walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in imports:
                found |= _resolved(imports[name], attribute)
            case ast.Name(id=name) if name in imports:
                found |= _resolved(imports[name])
            case ast.Name(id=name) if own is not None and name in own.definitions:
                found.add((own.name, name))
    return found


def _resolved(target: str, attribute: str | None = None) -> set[Place]:
    """The definition that an imported name, or an attribute of it, stands for; none for a module as such."""
    if _file(target).is_file():
        known = attribute is not None and target not in WITHOUT_NUMBERS and attribute in _module(target).definitions
        return {(target, attribute)} if known else set()
    module, _, name = target.rpartition(".")
    return {(module, name)} if module in WITHOUT_NUMBERS or name in _module(module).definitions else set()


@functools.cache
def _parsed(path: Path) -> ast.Module:
    return _Stripped().visit(ast.parse(path.read_text(encoding="utf-8")))


def _text(node: object) -> str:
    """A syntax tree as text that is the same with every version of Python: fields without a value are left out."""
    if isinstance(node, list):
        return f"[{','.join(map(_text, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {name: getattr(node, name, None) for name in node._fields}
    given = (f"{name}={_text(value)}" for name, value in fields.items() if value is not None and value != [])
    return f"{type(node).__name__}({','.join(given)})"


class _Stripped(ast.NodeTransformer):
    """Takes out of a syntax tree what decides no number."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Docstrings and other bare texts, and calls of a logger."""
        if isinstance(node.value, ast.Constant) or _is_log_call(node.value):
            return None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """What is raised may be built by anything: only that something is raised counts."""
        return ast.Raise(None, None)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """An error that is made without being raised at once loses its text."""
        if isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            return ast.Call(node.func, [], [])
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._filled(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST | None:
        return None if node.name == "Parameters" else self._filled(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """A declaration loses its type; one without a value keeps its name, which makes a field of a dataclass."""
        if node.value is None:
            return ast.Expr(node.target)
        return ast.Assign([node.target], self.visit(node.value))

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Imports for type checkers."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self._filled(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._filled(node)

    visit_While = visit_With = visit_Try = visit_ExceptHandler = visit_For

    def _filled(self, node):
        """The node with a `pass` where nothing is left of its body."""
        node = self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def _is_log_call(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in LOGGERS
    )
