"""Digests of statements: what decides a number changes them, and nothing else does."""

import shutil
from pathlib import Path

import pytest

from aestudy.base import registry
from aestudy.driver import digest as digests
from aestudy.driver.digest import digest
from aestudy.figures.catalogue import SUMMARIES

WORKFLOW = Path(__file__).parents[3] / "workflow"
SCRIPTS = sorted(path.name for path in (WORKFLOW / "scripts").glob("*.py"))


def forget():
    """Read all files anew."""
    for cached in (digests._digest, digests._module, digests._parsed):
        cached.cache_clear()


@pytest.fixture
def workflow(tmp_path, monkeypatch):
    """The folder of another workflow, empty at first."""
    monkeypatch.setattr(digests, "WORKFLOW", tmp_path)
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def made(workflow):
    """Digest of a script in a library, both given as text; modules are named as `package.module`."""

    def make(script: str | None, modules: dict[str, str], *entries: str) -> str:
        shutil.rmtree(workflow)
        (workflow / "scripts").mkdir(parents=True)
        for name, text in {"__init__": "", **modules}.items():
            path = workflow / "aestudy" / Path(*name.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            (path.parent / "__init__.py").touch()
        if script is not None:
            (workflow / "scripts/script.py").write_text(script)
        forget()
        return digest(None if script is None else "script.py", *entries)

    return make


SCRIPT = "from aestudy.stage.steps import double\n\nprint(double(3))\n"
STEPS = '''"""Steps."""

import logging

from aestudy.other.values import OFFSET, scaled

log = logging.getLogger(__name__)
FACTOR = 2
UNUSED = 5


def double(x: float, shift: int = 1) -> float:
    """Twice x."""
    if x < 0:
        raise ValueError("x is negative")
    log.info("doubling %s", x)
    y: float = FACTOR * x  # as it says
    return y + shift + scaled(OFFSET)


def unused(x):
    return 7 * x


class Parameters:
    """Keys."""

    width: int = 3
'''
VALUES = "OFFSET = 1\n\n\ndef scaled(x):\n    return 3 * x\n\n\ndef other(x):\n    return x\n"


class TestStatements:
    """Of a script that uses one function, which uses others."""

    @pytest.fixture
    def changed(self, made):
        """Whether a change of the text of one module changes the digest."""

        def compare(old: str, new: str, module: str = "stage.steps") -> bool:
            modules = {"stage.steps": STEPS, "other.values": VALUES}
            before = made(SCRIPT, modules)
            assert old in modules[module]
            return made(SCRIPT, modules | {module: modules[module].replace(old, new, 1)}) != before

        return compare

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("  # as it says", ""),
            ("  # as it says", "  # or as it is meant"),
            ('"""Twice x."""', '"""Two times x,\n\n    as usual.\n    """'),
            ('    """Twice x."""\n', ""),
            ('"""Steps."""', '"""All steps."""'),
            ("FACTOR * x", "(\n        FACTOR\n        * x\n    )"),
            ("\n\ndef double", "\n\n\n\n\ndef double"),
            ("x: float,", "x: int,"),
            ("x: float, shift: int = 1) -> float", "x, shift=1)"),
            ("y: float = ", "y = "),
            ("doubling %s", "working on %s"),
            ('    log.info("doubling %s", x)\n', ""),
            ('    log.info("doubling %s", x)\n', '    log.warning("slow")\n    warnings.warn("slow")\n'),
            ("x is negative", "x is below zero"),
            ('raise ValueError("x is negative")', 'raise TypeError(f"x is {x}") from None'),
            ("import logging\n", "import logging\nimport os\n"),
            ("OFFSET, scaled", "scaled, OFFSET"),
            ("UNUSED = 5", "UNUSED = 6"),
            ("return 7 * x", "return 8 * x"),
            ("    width: int = 3", "    width: int = 4\n    height: int = 5"),
        ],
    )
    def test_what_cannot_change_a_number_does_not_count(self, changed, old, new):
        assert not changed(old, new)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("FACTOR * x", "FACTOR / x"),
            ("FACTOR * x", "x * FACTOR"),
            ("FACTOR = 2", "FACTOR = 3"),
            ("FACTOR = 2", "FACTOR = 2.0"),
            ("FACTOR = 2", "FACTOR = 2\nFACTOR += 1"),
            ("FACTOR = 2", "FACTOR: int = 3"),
            ("shift: int = 1", "shift: int = 2"),
            ("+ shift", "- shift"),
            ("if x < 0", "if x <= 0"),
            ('        raise ValueError("x is negative")', "        return 0"),
            ("def double", "@cache\ndef double"),
            ("    return y", "    y = abs(y)\n    return y"),
            ("scaled(OFFSET)", "scaled(OFFSET, 1)"),
        ],
    )
    def test_what_can_change_a_number_counts(self, changed, old, new):
        assert changed(old, new)

    @pytest.mark.parametrize(("old", "new", "counts"), [("3 * x", "4 * x", True), ("OFFSET = 1", "OFFSET = 2", True),
                                                        ("return x", "return x + 1", False)])  # fmt: skip
    def test_only_what_is_used_of_other_modules_counts(self, changed, old, new, counts):
        assert changed(old, new, "other.values") == counts

    def test_the_script_itself_counts(self, made):
        modules = {"stage.steps": STEPS, "other.values": VALUES}
        assert made(SCRIPT, modules) != made(SCRIPT.replace("double(3)", "double(4)"), modules)
        assert made(SCRIPT, modules) == made(f'"""A script."""\n\n{SCRIPT}# the end\n', modules)

    def test_scripts_and_entries_are_told_apart(self, made):
        modules = {"stage.steps": STEPS, "other.values": VALUES}
        assert made(None, modules, "stage.steps.double") != made(None, modules, "stage.steps.unused")
        assert made(None, modules, "stage.steps.double") != made(SCRIPT, modules)

    def test_it_is_a_sha256(self, made):
        assert len(bytes.fromhex(made("print(1)\n", {}))) == 32

    def test_definitions_under_a_condition_count(self, made):
        def of(value: int) -> str:
            text = f"if 1 < 2:\n    LIMIT = {value}\nelse:\n    LIMIT = 0\n\n\ndef f():\n    return LIMIT\n"
            return made(None, {"a.b": text}, "a.b.f")

        assert of(1) != of(2)

    def test_values_that_are_changed_in_place_count(self, made):
        def of(value: int) -> str:
            text = f'TABLE = {{}}\nTABLE["x"] = {value}\n\n\ndef f():\n    return TABLE\n'
            return made(None, {"a.b": text}, "a.b.f")

        assert of(1) != of(2)

    def test_circles_end(self, made):
        modules = {
            "a.b": "from aestudy.a.c import g\n\ndef f(n):\n    return g(n) if n else f(1)\n",
            "a.c": "def g(n):\n    from aestudy.a.b import f\n\n    return f(n - 1)\n",
        }
        before = made(None, modules, "a.b.f")
        assert made(None, modules | {"a.c": modules["a.c"].replace("n - 1", "n - 2")}, "a.b.f") != before

    def test_what_reads_and_writes_alone_does_not_count(self, made):
        script = "from aestudy.base import files\nfrom aestudy.base.files import write\n\nfiles.write(write(1))\n"
        before = made(script, {"base.files": "def write(x):\n    return x\n"})
        assert made(script, {"base.files": "def write(x):\n    return x + 1\n"}) == before

    def test_classes_are_whole(self, made):
        text = "class A(B):\n    size = 1\n\n    def f(self):\n        return {}\n\n\nclass B:\n    rate = {}\n"
        before = made(None, {"a.b": text.format(1, 1)}, "a.b.A")
        assert made(None, {"a.b": text.format(2, 1)}, "a.b.A") != before
        assert made(None, {"a.b": text.format(1, 2)}, "a.b.A") != before

    def test_fields_of_a_dataclass_count_without_their_types(self, made):
        def of(fields: str) -> str:
            return made(None, {"a.b": f"@dataclass\nclass A:\n    {fields}\n"}, "a.b.A")

        assert of("x: int\n    y: int") == of("x: float\n    y: str")
        assert of("x: int\n    y: int") != of("y: int\n    x: int")
        assert of("x: int\n    y: int") != of("x: int\n    y: int = 3")


class TestImports:
    """Every way to import is followed, or refused."""

    @pytest.mark.parametrize(
        "script",
        [
            "from aestudy.p.m import f\n\nf(1)\n",
            "from aestudy.p.m import f as g\n\ng(1)\n",
            "from aestudy.p.m import other, f\n\nf(1)\n",
            "from aestudy.p import m\n\nm.f(1)\n",
            "from aestudy.p import m as n\n\nn.f(1)\n",
            "def run():\n    from aestudy.p.m import f\n\n    return f(1)\n\n\nrun()\n",
            "try:\n    from aestudy.p import m\nexcept ImportError:\n    m = None\nprint(m.f(1))\n",
            "from aestudy.p.m import f\n\nprint(list(map(f, [1])))\n",
            "from aestudy.p import m\n\nprint({'f': m.f})\n",
            "from aestudy.p.m import f\n\n\n@f\ndef g():\n    return 1\n",
            "from aestudy.p.m import f\n\nwith open('x') as file:\n    file.write(f(1))\n",
            "from aestudy.p.q.r import g\n\ng(1)\n",
        ],
    )
    def test_every_way_that_is_followed(self, made, script):
        modules = {
            "p.m": "def f(x):\n    return x\n\n\ndef other(x):\n    return x\n",
            "p.q.r": "from aestudy.p.m import f\n\n\ndef g(x):\n    return f(x)\n",
        }
        before = made(script, modules)
        assert made(script, modules | {"p.m": modules["p.m"].replace("return x\n", "return -x\n", 1)}) != before
        assert made(script, modules | {"p.m": modules["p.m"] + "\n\ndef more():\n    return 1\n"}) == before

    @pytest.mark.parametrize(
        "statement",
        [
            "import aestudy.p.m",
            "import aestudy.p.m as m",
            "import os, aestudy.p.m",
            "from aestudy import p",
            "from aestudy.p.m import *",
            "from . import m",
            "from .m import f",
            "from .. import p",
            "from ..p.m import f",
        ],
    )
    def test_every_other_way_is_refused(self, made, statement):
        with pytest.raises(ValueError, match=r"'.*' is not followed; write from aestudy\.<package> import"):
            made(
                None, {"p.m": "def f(x):\n    return x\n", "p.n": f"{statement}\n\n\ndef g():\n    return 1\n"}, "p.n.g"
            )

    def test_other_libraries_do_not_count(self, made):
        script = "import numpy as np\nimport aestudyx.a\nfrom os import path\n\nnp.array(path)\n"
        assert made(script, {"numpy.array": "x = 1\n"}) == made(script, {"numpy.array": "x = 2\n"})


class TestEntries:
    """What a script reaches by name."""

    MODULES = {  # noqa: RUF012
        "models.dense": "class Parameters:\n    pass\n\n\ndef build():\n    return 1\n",
        "models.conv": "def build():\n    return 2\n",
    }

    def test_a_kind_counts_where_it_is_named(self, made):
        plain = made("print(1)\n", self.MODULES)
        dense = made("print(1)\n", self.MODULES, "models.dense.build")
        assert plain != dense
        other = {"models.conv": "def build():\n    return 3\n"}
        assert made("print(1)\n", self.MODULES | other, "models.dense.build") == dense
        changed = {"models.dense": "def build():\n    return 3\n"}
        assert made("print(1)\n", self.MODULES | changed, "models.dense.build") != dense
        assert made("print(1)\n", self.MODULES | changed) == plain

    def test_the_order_of_entries_does_not_count(self, made):
        one = made(None, self.MODULES, "models.dense.build", "models.conv.build")
        assert made(None, self.MODULES, "models.conv.build", "models.dense.build") == one

    @pytest.mark.parametrize(
        "entry", ["models.dense.biuld", "models.densee.build", "model.dense.build", "nowhere", "models.dense"]
    )
    def test_an_unknown_one_is_an_error(self, made, entry):
        with pytest.raises(KeyError, match=f"there is no {entry}"):
            made(None, self.MODULES, entry)


def kinds(package: str, function: str) -> list[str]:
    return [f"{package}.{kind}.{function}" for kind in registry.kinds(package)]


NOISE = kinds("noise", "add")
TRAINING = ("training.loop.train", "network.hardware.prepare")
DRAWINGS = {"sweep": "figures.sweep.sweep", "losses": "figures.curves.losses", "network": "figures.network.network"}
DRAWN = {f"figure {name}" for name in DRAWINGS} | {f"summary {name}" for name in SUMMARIES}
# What the rules give to `digest`, by name of the stage.
STAGES: dict[str, tuple] = {
    "download": ("download.py",),
    "noisify": ("noisify.py", *NOISE),
    "baselines": ("baselines.py", *kinds("baselines", "fit"), *NOISE),
    **{f"prepare {kind}": ("prepare.py", f"datasets.{kind}.load") for kind in registry.kinds("datasets")},
    **{f"train {kind}": ("train.py", *TRAINING, f"models.{kind}.build", *NOISE) for kind in registry.kinds("models")},
    **{
        f"{stage} {kind}": (f"{stage}.py", "network.autoencoder.create", f"models.{kind}.build", *NOISE)
        for stage in ("evaluate", "tested")
        for kind in registry.kinds("models")
    },
    **{f"figure {name}": ("figure.py", entry) for name, entry in DRAWINGS.items()},
    **{f"summary {name}": ("summary.py", f"figures.{each.module}.{name}") for name, each in SUMMARIES.items()},
}
STAGES |= {
    name.removesuffix(".py"): (name,) for name in SCRIPTS if not any(name == script for script, *_ in STAGES.values())
}


def all_stages() -> dict[str, str]:
    return {stage: digest(*arguments) for stage, arguments in STAGES.items()}


@pytest.fixture(scope="module")
def real() -> dict[str, str]:
    """The digests of all stages as they are."""
    forget()
    return all_stages()


class TestStages:
    """Of the real scripts and the real library."""

    @pytest.fixture
    def copy(self, workflow):
        """A copy of the real workflow, to change."""
        for part in ("aestudy", "scripts"):
            shutil.copytree(WORKFLOW / part, workflow / part, ignore=shutil.ignore_patterns("__pycache__"))
        return workflow / "aestudy"

    @pytest.fixture
    def changed(self, real, copy):
        """The stages that run again after a change of a file; the file is put back."""

        def change(file: str, old: str, new: str) -> set[str]:
            text = (copy / file).read_text()
            assert old in text
            (copy / file).write_text(text.replace(old, new, 1))
            forget()
            after = all_stages()
            (copy / file).write_text(text)
            return {stage for stage in STAGES if real[stage] != after[stage]}

        return change

    def test_every_script_is_tried(self):
        assert {arguments[0] for arguments in STAGES.values()} == set(SCRIPTS)

    def test_stages_differ(self, real):
        assert len(set(real.values())) == len(real)

    def test_digests_do_not_depend_on_where_the_files_are(self, real, copy):
        assert all_stages() == real

    def test_the_optimizer_decides_trainings_alone(self, changed):
        found = changed("training/adam.py", "self.steps += 1", "self.steps += 2")
        assert found == {stage for stage in STAGES if stage.startswith("train ")}

    def test_scores_do_not_decide_trainings(self, changed):
        found = changed("scoring/scores.py", "np.square(x - y)", "np.abs(x - y)")
        assert {"evaluate conv", "evaluate dense", "tested conv", "tested dense", "baselines"} <= found
        assert not {"train conv", "train dense", "noisify", "claims", "metrics", "figure sweep"} & found

    def test_a_model_decides_what_is_trained_of_it(self, changed):
        found = changed("models/dense.py", "widths[::-1]", "widths")
        assert found == {"train dense", "evaluate dense", "tested dense"}

    def test_seeds_decide_all_that_is_drawn(self, changed):
        found = changed("base/seeds.py", "{purpose}/{epoch}", "{epoch}/{purpose}")
        assert {"train conv", "train dense", "noisify", "baselines", "evaluate dense", "readings"} <= found
        assert not {"prepare idx", "download", "metrics", "figure sweep"} & found

    def test_noise_decides_what_noise_is_added_to(self, changed):
        found = changed("noise/gaussian.py", "variance**0.5", "variance")
        assert {"train dense", "evaluate dense", "noisify", "baselines"} <= found
        assert not {"claims", "metrics", "prepare idx"} & found

    def test_a_source_of_data_decides_its_own_data_sets(self, changed):
        assert changed("datasets/digits.py", "SIDE = 28", "SIDE = 32") == {"prepare digits"}

    def test_a_drawing_decides_its_own_figures(self, changed):
        assert changed("figures/sweep.py", '"Output"', '"Result"') == {"figure sweep"}
        assert changed("figures/curves.py", '"Epoch"', '"Epochs"') == {"figure losses"}

    def test_what_drawings_share_decides_all_figures_that_use_it(self, changed):
        assert changed("figures/style.py", "DPI = 150", "DPI = 160") >= {
            "figure sweep",
            "figure losses",
            "figure network",
            *(f"summary {name}" for name in SUMMARIES),
        }

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("training/loop.py", "    return trained\n", "    return trained  # the end\n"),
            ("training/loop.py", "training diverged.", "the training went wrong."),
            ("training/checkpoint.py", "SHARE = 0.05", "SHARE = 0.5"),
            ("replicates/train_missing.py", "train loss %.5f", "loss %.5f"),
            ("models/dense.py", '    """Keys of a dense model."""', '    """All keys of a dense model."""'),
            ("models/dense.py", 'Literal["linear", "relu"] = "linear"', 'Literal["linear", "relu", "elu"] = "linear"'),
            ("base/files.py", "os.fsync", "os.fdatasync"),
            ("base/errors.py", "that the user can correct", "of the user's"),
        ],
    )
    def test_what_decides_no_number_runs_nothing_again(self, changed, file, old, new):
        assert changed(file, old, new) == set()

    def without(self, copy: Path, *packages: str) -> dict[str, str]:
        """The digests in a library without some of its packages, of the stages that do not need them."""
        for package in packages:
            shutil.rmtree(copy / package)
        forget()
        found = {}
        for stage, arguments in STAGES.items():
            try:
                found[stage] = digest(*arguments)
            except (FileNotFoundError, KeyError):
                continue
        return found

    @pytest.mark.parametrize("package", ["study", "driver"])
    def test_no_stage_depends_on_the_configuration_or_on_what_is_said(self, real, copy, package):
        """A new key would run everything again: rules pass to each job what it needs.

        Readings alone are planned in the job that scores them.
        """
        kept = {stage: found for stage, found in real.items() if package == "driver" or stage != "readings"}
        assert self.without(copy, package) == kept

    def test_only_trainings_depend_on_training(self, real, copy):
        after = self.without(copy, "training")
        assert real.keys() - after.keys() == {stage for stage in STAGES if stage.startswith("train ")}
        assert all(real[stage] == found for stage, found in after.items())

    @pytest.mark.parametrize(
        ("package", "needed_by"),
        [
            ("claims", {"claims", "readings", "opening", "figure sweep", "figure losses"}),
            ("figures", {*DRAWN, "opening", "explore", "playground"}),
            ("pages", {"page", "explore", "opening", "playground"}),
            ("baselines", {"baselines"}),
        ],
    )
    def test_later_stages_decide_nothing_of_earlier_ones(self, real, copy, package, needed_by):
        after = self.without(copy, package)
        assert real.keys() - after.keys() == needed_by
        assert all(real[stage] == found for stage, found in after.items())

    def test_trainings_decide_themselves(self, real, copy):
        after = self.without(copy, "datasets", "baselines", "claims", "figures", "pages", "tools", "study", "driver")
        assert {"train conv", "train dense", "noisify", "evaluate conv", "evaluate dense"} <= after.keys()
        shutil.rmtree(copy / "scoring")
        forget()
        for stage in ("train conv", "train dense", "noisify"):
            assert digest(*STAGES[stage]) == real[stage]

    def test_data_decide_themselves(self, real, copy):
        others = {path.name for path in copy.iterdir() if path.is_dir()} - {"base", "datasets"}
        after = self.without(copy, *others)
        assert {"download", *(stage for stage in STAGES if stage.startswith("prepare"))} <= after.keys()
        assert all(real[stage] == found for stage, found in after.items())
