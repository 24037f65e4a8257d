"""Which source files a stage depends on: a change there runs it again, a change elsewhere does not."""

from pathlib import Path

import pytest

from aestudy.base import registry
from aestudy.driver import digest

WORKFLOW = Path(__file__).parents[2] / "workflow"
SCRIPTS = sorted((WORKFLOW / "scripts").glob("*.py"))


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Sources of a script in a library, both given as text; modules are named without aestudy/ and .py."""
    monkeypatch.setattr(digest, "ROOT", tmp_path)

    def find(script: str, modules: dict[str, str], extra: tuple[str, ...] = ()) -> set[str]:
        for name, text in {"__init__": "", **modules}.items():
            path = tmp_path / "aestudy" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "script.py").write_text(script)
        digest.imports.cache_clear()
        found = digest.sources(tmp_path / "script.py", extra)
        names = [path.relative_to(tmp_path).as_posix().removesuffix(".py") for path in found]
        assert names[-1] == "script"
        return {name.removeprefix("aestudy/") for name in names[:-1]}

    return find


@pytest.mark.parametrize(
    "statement",
    [
        "import aestudy.a",
        "import aestudy.a as b",
        "from aestudy import a",
        "from aestudy import a as b",
        "from aestudy.a import f",
        "from aestudy.a import *",
        "import os, aestudy.a",
        "def f():\n    from aestudy import a",
        "if True:\n    try:\n        import aestudy.a\n    except ImportError:\n        pass",
    ],
)
def test_every_way_to_import(sources, statement):
    assert sources(statement, {"a": "", "other": ""}) == {"__init__", "a"}


def test_imports_of_imports(sources):
    modules = {"a": "from aestudy import b", "b": "from aestudy.c import f", "c": "", "d": "from aestudy import a"}
    assert sources("from aestudy import a", modules) == {"__init__", "a", "b", "c"}


def test_circles(sources):
    modules = {"a": "from aestudy import b", "b": "from aestudy import a"}
    assert sources("from aestudy import a", modules) == {"__init__", "a", "b"}


def test_packages_run_their_init_and_what_it_imports(sources):
    modules = {"p/__init__": "from aestudy import b", "p/m": "", "p/n": "", "b": ""}
    assert sources("from aestudy.p import m", modules) == {"__init__", "p/__init__", "p/m", "b"}
    assert sources("import aestudy.p.n", modules) == {"__init__", "p/__init__", "p/n", "b"}
    assert sources("from aestudy import p", modules) == {"__init__", "p/__init__", "b"}


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("p/a", "from . import b"),
        ("p/a", "from .b import f"),
        ("p/a", "from ..p import b"),
        ("p/a", "from .. import p\nfrom ..p.b import f"),
        ("p/a", "from aestudy.p import b"),
    ],
)
def test_relative_imports(sources, module, statement):
    modules = {"p/__init__": "", "p/b": "", "b": "", module: statement}
    assert sources("import aestudy.p.a", modules) == {"__init__", "p/__init__", "p/a", "p/b"}


def test_modules_loaded_by_name(sources):
    modules = {"p/__init__": "from aestudy import a", "p/m": "from aestudy import b", "p/n": "", "a": "", "b": ""}
    assert sources("", modules, ("p.m",)) == {"__init__", "p/__init__", "p/m", "a", "b"}


def test_other_libraries_do_not_count(sources):
    modules = {"numpy": "", "a": "import numpy\nimport aestudyx.a\nfrom os import path"}
    assert sources("import aestudy.a", modules) == {"__init__", "a"}


@pytest.mark.parametrize("name", ["models.densee", "model.dense", "nowhere"])
def test_a_module_that_is_not_there(sources, name):
    with pytest.raises(FileNotFoundError, match=f"no module aestudy.{name}"):
        sources("", {"models/__init__": "", "models/dense": ""}, (name,))


class TestStages:
    """Of the real scripts."""

    def of(self, script: str, *extra: str) -> set[str]:
        found = digest.sources(WORKFLOW / "scripts" / script, extra)
        return {path.relative_to(WORKFLOW).as_posix().removeprefix("aestudy/") for path in found}

    def test_a_script_is_among_its_own_sources(self):
        assert SCRIPTS
        for script in SCRIPTS:
            assert f"scripts/{script.name}" in self.of(script.name)

    def test_training_depends_on_the_engine_and_on_its_own_model_and_noise(self):
        found = self.of("train.py", "models.dense", "noise.gaussian")
        assert {"training.py", "runs.py", "autoencoder.py", "seeds.py"} <= found
        assert {"models/__init__.py", "models/dense.py", "noise/__init__.py", "noise/gaussian.py"} <= found
        assert "models/conv.py" not in found

    @pytest.mark.parametrize("model", registry.kinds("models"))
    def test_training_does_not_depend_on_what_comes_after_it(self, model):
        later = ("evaluation", "scores", "tables", "baselines", "statistics", "claims", "figures", "pages")
        assert not [file for file in self.of("train.py", f"models.{model}") if file.startswith(later)]

    @pytest.mark.parametrize("script", [script.name for script in SCRIPTS])
    def test_no_stage_depends_on_the_configuration_as_a_whole(self, script):
        """A new key would run everything again: rules pass to each job what it needs."""
        configuration = {"config.py", "check.py", "crosscheck.py", "mistakes.py", "plan.py", "schemas.py", "console.py"}
        assert not configuration & self.of(script)

    @pytest.mark.parametrize(
        "script", ["metrics.py", "history.py", "concatenate.py", "claims.py", "figure.py", "page.py"]
    )
    def test_tables_claims_and_figures_do_not_depend_on_training(self, script):
        modules = [f"figures.{kind}" for kind in registry.kinds("figures")] if script == "figure.py" else []
        training = ("training.py", "runs.py", "autoencoder.py", "models/", "noise/", "evaluation.py", "baselines/")
        assert not [file for file in self.of(script, *modules) if file.startswith(training)]

    def test_data_do_not_depend_on_anything_that_uses_them(self):
        shared = ("__init__.py", "errors.py", "files.py", "integrity.py", "job.py", "pictures.py", "registry.py")
        allowed = ("datasets/", "scripts/", *shared)
        for script in ("download.py", "prepare.py"):
            sources = self.of(script, *(f"datasets.{kind}" for kind in ("idx", "digits", "folder")))
            assert all(file.startswith(allowed) for file in sources)
