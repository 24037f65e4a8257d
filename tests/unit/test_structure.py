"""The structure of the library: which package may import which, and what planning does without."""

import ast
import functools
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "workflow/aestudy"
UNIT = ROOT / "tests/unit"
HEAVY = ("torch", "pandas", "matplotlib", "skimage")

# Each package, and the other packages that it may import. The docstring of the package says the same.
MAY_IMPORT: dict[str, set[str]] = {
    "base": set(),
    "datasets": {"base"},
    "noise": {"base"},
    "network": {"base"},
    "models": {"base", "network"},
    "training": {"base", "network"},
    "replicates": {"base", "network", "training"},
    "scoring": {"base", "network", "replicates"},
    "baselines": {"base", "scoring"},
    "claims": {"base"},
    "figures": {"base", "scoring", "claims"},
    "study": {"base", "datasets", "noise", "models", "claims", "figures"},
    "readings": {"base", "claims", "scoring", "study"},
    "pages": {"base", "replicates", "scoring", "claims", "figures", "study"},
    "playground": {"base", "network", "replicates"},
    "driver": {"base", "replicates", "claims", "study"},
}
MAY_IMPORT["tools"] = set(MAY_IMPORT) - {"driver"}

# Modules whose tests are elsewhere than in a file of their own name, and where they are.
TESTED_ELSEWHERE = {
    "base.columns": "scoring/test_tables.py",
    "base.errors": "base/test_job.py",
    "base.unvalidated": "base/test_settings.py",
    "baselines.gaussian": "baselines/test_classical.py",
    "baselines.median": "baselines/test_classical.py",
    "baselines.nlm": "baselines/test_classical.py",
    "baselines.noisy_input": "baselines/test_fitting.py",
    "baselines.tv": "baselines/test_classical.py",
    "baselines.wavelet": "baselines/test_classical.py",
    "datasets.source": "datasets/test_idx.py",
    "datasets.transfer": "datasets/test_download.py",
    "figures.parts": "figures/test_curves.py",
    "models.attention": "models/test_extensions.py",
    "models.dncnn": "models/test_extensions.py",
    "models.keras_example": "models/test_extensions.py",
    "models.levelmap": "models/test_extensions.py",
    "models.residual": "models/test_extensions.py",
    "models.unet": "models/test_extensions.py",
    "tools.machine_checks": "tools/test_gpu_check.py",
    "tools.subjects": "tools/test_gpu_check.py",
}
# Files of tests that are of no single module.
OF_SEVERAL_MODULES = {
    "claims/test_coverage.py",
    "claims/test_levels_in_claims.py",
    "models/test_extensions.py",
    "scoring/test_strengths.py",
    "study/test_levels_of_noise.py",
    "study/test_unsuited.py",
    "tools/test_command_line.py",
    "tools/test_restore_networks.py",
    "training/test_checkpoint_fuzz.py",
    "training/test_targets.py",
}


def name_of(path: Path) -> str:
    """A module as `package.module`; a package's __init__ as `package`."""
    return ".".join(path.relative_to(LIBRARY).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(LIBRARY.rglob("*.py")) if path.parent != LIBRARY}
PACKAGES = sorted(path.parent.name for path in LIBRARY.glob("*/__init__.py"))


@functools.cache
def imported(path: Path) -> frozenset[tuple[str, str | None]]:
    """Modules that a file imports anywhere by their full names, each with the name that is imported from it, if any."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {(alias.name, None) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write from aestudy.<package> import ..."
            found |= {(node.module, alias.name) for alias in node.names}
    return frozenset(found)


@functools.cache
def own(path: Path) -> frozenset[str]:
    """Modules of this library that a file imports, as `package.module`."""
    found = set()
    for module, name in imported(path):
        if module.split(".")[0] == "aestudy":
            module = module.removeprefix("aestudy").removeprefix(".")
            whole = f"{module}.{name}"
            found.add(whole if whole in MODULES else module)
    return frozenset(found)


def packages_of(package: str) -> set[str]:
    """The other packages that a package imports."""
    files = [path for name, path in MODULES.items() if name.split(".")[0] == package]
    return {module.split(".")[0] for path in files for module in own(path)} - {package}


class TestPackages:
    def test_every_package_is_in_the_list(self):
        assert sorted(MAY_IMPORT) == PACKAGES

    @pytest.mark.parametrize("package", PACKAGES)
    def test_imports_only_what_it_may(self, package):
        assert packages_of(package) <= MAY_IMPORT[package]

    @pytest.mark.parametrize("package", PACKAGES)
    def test_says_what_it_may_import(self, package):
        docstring = " ".join(ast.get_docstring(ast.parse((LIBRARY / package / "__init__.py").read_text())).split())
        told = re.search(r"[Mm]ay import:? (?!it\.)(.*?)\.(?: |$)", docstring)[1]
        if told == "everything but driver":
            assert MAY_IMPORT[package] == set(PACKAGES) - {"driver", package}
        else:
            assert set(re.findall(r"\w+", told)) & set(PACKAGES) == MAY_IMPORT[package]

    @pytest.mark.parametrize("package", PACKAGES)
    def test_init_holds_nothing_but_a_docstring(self, package):
        (only,) = ast.parse((LIBRARY / package / "__init__.py").read_text()).body
        assert isinstance(only, ast.Expr) and isinstance(only.value.value, str)

    def test_imports_have_no_cycle(self):
        graphlib.TopologicalSorter(MAY_IMPORT).prepare()
        graphlib.TopologicalSorter({package: packages_of(package) for package in PACKAGES}).prepare()

    def test_training_knows_nothing_of_studies(self):
        """Neither itself nor by way of what it imports."""
        reached, queue = set(), ["training"]
        while queue:
            package = queue.pop()
            if package not in reached:
                reached.add(package)
                queue += packages_of(package)
        assert reached == {"training", "network", "base"}

    def test_of_the_graph_one_module_alone_trains(self):
        training = {
            name for name, path in MODULES.items() if any(module.startswith("training.") for module in own(path))
        }
        assert {name for name in training if name.split(".")[0] not in ("training", "tools")} == {
            "replicates.train_missing"
        }

    def test_only_rules_use_the_driver(self):
        others = [path for name, path in MODULES.items() if not name.startswith("driver")]
        others += [LIBRARY / "__main__.py", LIBRARY / "__init__.py", *(ROOT / "workflow/scripts").glob("*.py")]
        for path in others:
            assert not [module for module in own(path) if module.split(".")[0] == "driver"], path
        rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").rglob("*.smk"))
        assert "from aestudy.driver import" in rules


class TestModules:
    def test_imports_have_no_cycle(self):
        """Imports within functions included."""
        graphlib.TopologicalSorter({name: own(path) for name, path in MODULES.items()}).prepare()

    @pytest.mark.parametrize("name", MODULES)
    def test_names_are_imported_from_where_they_are_defined(self, name):
        """Otherwise driver.digest would not see that they are used."""
        for module, imported_name in imported(MODULES[name]):
            if module.startswith("aestudy.") and imported_name is not None:
                assert_defined(module, imported_name)

    @pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "workflow/scripts").glob("*.py")))
    def test_so_do_scripts(self, script):
        for module, imported_name in imported(ROOT / "workflow/scripts" / script):
            if module.startswith("aestudy.") and imported_name is not None:
                assert_defined(module, imported_name)

    def test_every_module_has_a_docstring(self):
        for name, path in MODULES.items():
            assert ast.get_docstring(ast.parse(path.read_text())), name


def assert_defined(module: str, name: str) -> None:
    """A module of the library holds another module of this name, or a definition of it, and not only an import."""
    module = module.removeprefix("aestudy.")
    if f"{module}.{name}" in MODULES or module == "base.settings":  # settings stands between us and pydantic
        return
    tree = ast.parse(MODULES[module].read_text())
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        defined |= {part.id for target in targets if target for part in ast.walk(target) if isinstance(part, ast.Name)}
    assert name in defined, f"{name} is not defined in {module}"


def imports_of(statement: str) -> set[str]:
    """Libraries that a fresh interpreter has imported after a statement."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT / 'workflow'}:{ROOT / 'tests'}"},
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


class TestPlanning:
    """Reading a study and telling its mistakes waits for no large library."""

    @pytest.mark.parametrize(
        "module",
        [
            *("study.loading", "study.readings", "study.figures", "driver.console", "driver.digest", "driver.lock"),
            *("driver.progress", "claims.checks", "claims.published", "figures.catalogue", "pages.catalogue"),
            *("pages.rendering", "base.registry"),
        ],
    )
    def test_imports_nothing_large(self, module):
        assert not imports_of(f"import aestudy.{module}") & set(HEAVY)

    def test_what_the_rules_import_is_nothing_large(self):
        rules = "".join(path.read_text() for path in sorted((ROOT / "workflow/rules").rglob("*.smk")))
        statements = re.findall(r"^from aestudy\.[\w.]+ import [\w, ]+$", rules, re.MULTILINE)
        assert len(statements) > 5
        assert not imports_of("; ".join(statements)) & set(HEAVY)

    @pytest.mark.parametrize("package", ["study", "driver"])
    def test_its_tests_import_nothing_large(self, package):
        names = [path.stem for path in sorted((UNIT / package).glob("*.py")) if path.stem != "__init__"]
        assert len(names) > 5
        statement = "; ".join(f"import unit.{package}.{name}" for name in names)
        assert not imports_of(f"import unit.conftest, conftest; {statement}") & {"torch", "pandas"}

    @pytest.mark.parametrize("path", sorted((UNIT / "study").glob("*.py")), ids=lambda path: path.name)
    def test_no_test_of_studies_imports_them_within_a_function(self, path):
        assert not {module.split(".")[0] for module, _ in imported(path)} & {"torch", "pandas"}


class TestMirror:
    """The tests are in folders as the modules are in packages."""

    def test_every_package_has_a_folder(self):
        assert sorted(path.parent.name for path in UNIT.glob("*/__init__.py")) == PACKAGES

    def test_every_module_has_a_file_of_its_name(self):
        modules = {name for name in MODULES if name not in PACKAGES}
        lacking = {name for name in modules if not (UNIT / name.replace(".", "/test_", 1)).with_suffix(".py").is_file()}
        assert lacking == set(TESTED_ELSEWHERE)
        assert all((UNIT / file).is_file() for file in TESTED_ELSEWHERE.values())

    def test_every_file_is_of_a_module(self):
        files = {path.relative_to(UNIT).as_posix() for path in UNIT.glob("*/test_*.py")}
        named = {f"{name.replace('.', '/test_', 1)}.py" for name in MODULES}
        assert files - named == OF_SEVERAL_MODULES
