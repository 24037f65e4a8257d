"""The command line: python -m aestudy <verb>.

A verb is a module of aestudy.tools that defines `run`; the first line of its docstring says what it does.
"""

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from aestudy.base.errors import UserError

TOOLS = Path(__file__).parent / "tools"


def verbs() -> dict[str, str]:
    """What each verb does, by its name; modules are read and not imported."""
    found = {}
    for path in sorted(TOOLS.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body):
            found[path.stem.replace("_", "-")] = ast.get_docstring(tree).partition("\n")[0]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status. A user's mistake ends with a sentence and status 2."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    found = verbs()
    width = max(map(len, found))
    listed = "\n".join(f"  {verb:{width}}  {does}" for verb, does in found.items())
    parser = argparse.ArgumentParser(
        prog="python -m aestudy",
        description="Tools beside the graph of an autoencoder study.",
        epilog=f"verbs:\n{listed}\n\npython -m aestudy <verb> --help explains one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=found, metavar="verb", help="what to do: one of those below")
    verb = parser.parse_args(arguments[:1]).verb
    module = importlib.import_module(f"aestudy.tools.{verb.replace('-', '_')}")
    own = argparse.ArgumentParser(
        prog=f"{parser.prog} {verb}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(own)
    try:
        return module.run(own.parse_args(arguments[1:])) or 0
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        if error.errno is None:
            raise
        print(f"error: {error.strerror}: {error.filename}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
