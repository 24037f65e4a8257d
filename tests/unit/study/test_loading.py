"""Reading a configuration with its claims: all mistakes at once, whatever is in the files."""

import copy
import itertools
import re
import tempfile
from pathlib import Path

import pytest
import yaml
from faults import inputs, tried
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aestudy.base.errors import UserError
from aestudy.study import loading
from unit.study.valid import DELETE, JARGON, PARSED, VALID, assert_readable, changed, mistakes


def test_the_valid_configuration_is_valid():
    study, plan, claims = loading.load(PARSED)
    assert study.study == "trial"
    assert len(plan.runs) == 2 * 2 * 2 + 3
    assert claims == []  # no project was given to read them from


def test_all_mistakes_come_at_once(tmp_path):
    """Of every kind: repeated keys, unknown keys, wrong values, unknown names, and parts that do not fit together."""
    file = tmp_path / "config.yaml"
    file.write_text("seed: 1\nseed: 2\n")
    raw = changed(
        ("seed", "-1"),
        ("devise", "cpu"),
        ("noises.none", "{kind: gaussian, clip: true, draw: once}"),
        ("training.learning_rate", "1e-3"),
        ("training.validation.share", ".nan"),
        ("models.shallow.network.hidden", "[0, '32']"),
        ("models.conv.network.filters", "[4, 4, 4]"),
        ("datasets.letters.files.test_labels.shape", "[99]"),
        ("experiments.0.report", "dens"),
        ("experiments.0.model", "[shallow, deep]"),
        ("experiments.0.latent", "[5, 5]"),
        ("experiments.1.name", "latent"),
        ("experiments.1.variance", DELETE),
        ("stand_ins.letters", "numbers"),
    )
    lines = mistakes(raw, [file])
    for words in (
        "seed: this key appears twice",
        "seed: found -1",
        "devise: unknown key",
        "noises.none: this name is reserved",
        "training.learning_rate: found '1e-3'",
        "training.validation.share: found nan",
        "models.shallow.network.hidden[0]: found 0",
        "models.shallow.network.hidden[1]: found '32'",
        "experiments[1]: model conv does not fit data set digits",
        "datasets.letters.files.test_labels.shape: found [99]",
        "experiments[0].report: no report has the name 'dens'",
        "experiments[0].model[1]: no model has the name 'deep'",
        "experiments[0].latent: 5 appears 2 times",
        "experiments: 2 of them have the name 'latent'",
        "experiments[1].variance: this key is missing",
        "stand_ins.letters: no dataset has the name 'numbers'",
    ):
        assert sum(line.startswith(words) for line in lines) == 1, words
    assert len(lines) == 16
    for line in lines:
        assert_readable(line)


def test_thousands_of_mistakes_are_counted_and_the_first_shown():
    raw = changed()
    raw["experiments"][0]["latent"] = [0] * 5_000
    with pytest.raises(UserError, match="has 5,001 mistakes") as caught:
        loading.load(raw)
    assert str(caught.value).endswith("\n  ... and 4,901 more")


class TestAllowed:
    """What could be taken for a mistake and is none."""

    @pytest.mark.parametrize(
        ("place", "text"),
        [
            ("seed", "0"),
            ("seed", str(2**63 - 1)),
            ("training", DELETE),
            ("training.learning_rate", "1"),
            ("training.learning_rate", "1.0e-3"),
            ("training.validation", "{source: test}"),
            ("models.conv.training.epochs", "~"),  # as if left out: an overlay can take a key back
            ("models.conv.training", DELETE),
            ("models.shallow.network.hidden", "[]"),
            ("experiments.0.report", "~"),
            ("experiments.0.l1", DELETE),
            ("experiments.0.l1", "[0, 5.0e-324, 1.0e+6]"),
            ("experiments.1.noise", "[gaussian]"),
            ("noises.unused", "{kind: gaussian, clip: false, draw: each_epoch}"),
            ("stand_ins", DELETE),
            ("stand_ins.mnist", "digits"),  # of the reports, though this study has none of that name
            ("datasets.digits.label", "'μ-digits'"),
        ],
    )
    def test_value(self, place, text):
        loading.load(changed((place, text)))

    def test_anchors_and_merge_keys(self, tmp_path):
        file = tmp_path / "config.yaml"
        text = VALID.replace("gaussian:\n", "gaussian: &noise\n", 1)
        text = text.replace("training:\n", "  other:\n    <<: *noise\n    clip: false\ntraining:\n", 1)
        file.write_text(text)
        study = loading.load(yaml.safe_load(text), [file]).study
        assert (study.noises["other"].draw, study.noises["other"].clip) == ("once", False)


class TestFiles:
    """What only the files show: keys that stand twice, and files that are no YAML."""

    def lines(self, tmp_path, content: str | bytes) -> list[str]:
        file = tmp_path / "overlay.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        lines = mistakes(changed(), [file])
        for line in lines:
            assert_readable(line.replace(str(tmp_path), ""))
            assert str(file) in line
        return lines

    @pytest.mark.parametrize(
        ("content", "start"),
        [
            ("seed: 1\nstudy: a\nseed: 1\n", "seed: this key appears twice, in lines 1 and 3 of "),
            ("seed: 1\n'seed': 2\n", "seed: this key appears twice, in lines 1 and 2 of "),
            ("{seed: 1, seed: 2}", "seed: this key appears twice, in lines 1 and 1 of "),
            ("models:\n a:\n  label: x\n b: {}\n a: {}\n", "models.a: this key appears twice, in lines 2 and 5 of "),
            (
                "experiments:\n- name: x\n  l1: [0]\n  l1: [1]\n",
                "experiments[0].l1: this key appears twice, in lines 3",
            ),
            ("a: &a {x: 1, x: 2}\nb: *a\n", "a.x: this key appears twice"),
        ],
    )
    def test_repeated_key(self, tmp_path, content, start):
        (line,) = self.lines(tmp_path, content)
        assert line.startswith(start)
        assert line.endswith("; keep one")
        tried("bad configurations")

    @pytest.mark.parametrize(
        ("content", "start"),
        [
            ("[a, b]: 1\n", "the configuration: found a list as a key in line 1 of "),
            ("{a: b}: 1\n", "the configuration: found a mapping as a key in line 1 of "),
            ("? [a]\n: 1\n", "the configuration: found a list as a key in line 1 of "),
            ("seed: 1\nmodels:\n  {a: b}: 1\n", "models: found a mapping as a key in line 3 of "),
            ("models:\n  a: {[8, 8], x: 1}\n", "models.a: found a list as a key in line 2 of "),
            ("experiments:\n- [x]: 1\n", "experiments[0]: found a list as a key in line 2 of "),
        ],
    )
    def test_list_or_mapping_as_key(self, tmp_path, content, start):
        (line,) = self.lines(tmp_path, content)
        assert line.startswith(start)
        assert line.endswith("; allowed: a name")
        tried("bad configurations")

    def test_keys_beside_a_list_as_key_are_searched_too(self, tmp_path):
        first, second = self.lines(tmp_path, "[a]: 1\nseed: 1\nseed: 2\n")
        assert first.startswith("the configuration: found a list as a key")
        assert second.startswith("seed: this key appears twice, in lines 2 and 3")

    def test_three_times_is_two_too_many(self, tmp_path):
        assert len(self.lines(tmp_path, "a: 1\na: 2\na: 3\n")) == 2

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text in UTF-8"),
            ("naïve: é".encode("latin-1"), "not text in UTF-8"),
            (b"study: \x00", "not text in UTF-8"),
            ("study: [paper\nseed: 1\n", "line 2: "),
            ("study:\tpaper: x\n", "line 1: "),
            ("study: *nowhere\n", "line 1: "),
            ("a: 1\n---\nb: 2\n", "line 2: "),
            ("[" * 5_000, "nested too deeply"),
        ],
    )
    def test_unreadable_file(self, tmp_path, content, words):
        (line,) = self.lines(tmp_path, content)
        assert line.startswith(f"{tmp_path / 'overlay.yaml'}: cannot be read as YAML, ")
        assert words in line
        tried("bad configurations")

    def test_missing_file(self, tmp_path):
        (line,) = mistakes(changed(), [tmp_path / "nowhere.yaml"])
        assert line == f"{tmp_path / 'nowhere.yaml'}: cannot be read: No such file or directory; give a YAML file"

    @pytest.mark.parametrize("content", ["", "# nothing\n", "a: &a [*a]\n", "a: &a {b: *a}\n"])
    def test_odd_but_without_repetition(self, tmp_path, content):
        file = tmp_path / "overlay.yaml"
        file.write_text(content)
        assert loading.repeated_keys(file) == []

    def test_aliases_of_aliases_are_read_once(self, tmp_path):
        """Expanded, this would be 9^30 nodes."""
        file = tmp_path / "overlay.yaml"
        names = [f"a{i}" for i in range(30)]
        pairs = itertools.pairwise(names)
        file.write_text(
            "a0: &a0 {x: 1, x: 2}\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairs)
        )
        assert len(loading.repeated_keys(file)) == 1

    def test_all_files_are_named(self, tmp_path):
        files = [tmp_path / name for name in ("config.yaml", "overlay.yaml")]
        for file in files:
            file.write_text("{}")
        with pytest.raises(UserError, match=re.escape(f"({files[0]} + {files[1]}) has 1 mistake;")):
            loading.load(changed(("seed", "x")), files)


CLAIM = """
- id: dense-1
  report: dense
  source: a table
  statement: A larger latent is better.
  quantity: psnr(dataset="letters", model="shallow", latent=10) - psnr(dataset="letters", model="shallow", latent=5)
  expected: "> 0"
  tolerance: 0
  tolerance_reason: none is needed
  evidence: [dense/fig1-top, metrics]
"""


class TestClaims:
    """Claims are read and checked with the configuration, where the project's folder is given."""

    @pytest.fixture
    def project(self, tmp_path, monkeypatch):
        """A folder with a file of claims, elsewhere than the working directory."""
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        (tmp_path / "project/report").mkdir(parents=True)
        (tmp_path / "project/report/claims.yaml").write_text(CLAIM)
        return tmp_path / "project"

    def lines(self, raw, project) -> list[str]:
        with pytest.raises(UserError) as caught:
            loading.load(raw, (), project)
        return str(caught.value).splitlines()[1:]

    def test_are_those_of_the_project(self, project):
        claims = loading.load(changed(("stand_ins", DELETE)), (), project).claims
        assert [claim.id for claim in claims] == ["dense-1"]

    def test_the_working_directory_comes_first(self, project):
        Path("report").mkdir()
        Path("report/claims.yaml").write_text(CLAIM.replace("dense-1", "my-own"))
        claims = loading.load(changed(("stand_ins", DELETE)), (), project).claims
        assert [claim.id for claim in claims] == ["my-own"]

    def test_a_missing_file_is_a_mistake(self, project):
        (line,) = self.lines(changed(("claims", "nowhere.yaml")), project)
        assert line == f"  {project / 'nowhere.yaml'}: cannot be read: No such file or directory; give a YAML file"

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            (
                "shallow",
                "shalow",
                "dense-1.quantity: no model has the name 'shalow'; there are: shallow, conv; did you",
            ),
            (
                '"letters"',
                '"leters"',
                "dense-1.quantity: no dataset has the name 'leters'; there are: letters, digits, ",
            ),
            (
                "fig1-top",
                "fig1-tip",
                "dense-1.evidence[0]: no figure or table has the name 'dense/fig1-tip'; there are: ",
            ),
            (", latent=10)", ")", "dense-1.quantity: ambiguous: "),
            ("psnr(", "psnrr(", "dense-1.quantity: unknown function 'psnrr'"),
        ],
    )
    def test_a_mistake_in_a_claim_is_told_with_its_place(self, project, old, new, words):
        file = project / "report/claims.yaml"
        file.write_text(CLAIM.replace(old, new, 1))
        (line,) = self.lines(changed(("stand_ins", DELETE)), project)
        assert line.startswith(f"  {file}: {words}"), line
        tried("bad configurations")

    def test_mistakes_of_both_come_at_once(self, project):
        (project / "report/claims.yaml").write_text(CLAIM.replace("metrics", "metricks"))
        first, second = self.lines(changed(("experiments.0.latent", "[5, 5]")), project)
        assert first.startswith("  experiments[0].latent: 5 appears 2 times")
        assert "no figure or table has the name 'metricks'" in second and "did you mean metrics?" in second

    def test_figures_of_experiments_that_the_study_lacks_may_be_named(self, project):
        file = project / "report/claims.yaml"
        file.write_text(CLAIM.replace("metrics", "dense/fig2"))
        assert len(loading.load(changed(("stand_ins", DELETE)), (), project).claims) == 1

    def test_a_run_that_the_study_lacks_is_no_mistake(self, project):
        file = project / "report/claims.yaml"
        file.write_text(CLAIM.replace("latent=5", "latent=7"))
        assert len(loading.load(changed(("stand_ins", DELETE)), (), project).claims) == 1


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**62, 2**63, 2**300, -(10**400)])
    | st.floats()
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=8)
    | st.binary(max_size=4)
    | st.dates()
    | st.sampled_from(["none", "gaussian", "conv", "dense", "idx", "digits", "letters", "shallow", "1e-3", "test"])
)
KEYS_OF_VALID = re.findall(r"(\w+):", VALID)
NAMES = st.sampled_from(KEYS_OF_VALID) | SCALARS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8
)


def mutate(raw, data) -> None:
    """Put something in place of, beside, or instead of a random part."""
    node = raw
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        deeper = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
        if not deeper or data.draw(st.booleans()):
            break
        node = node[data.draw(st.sampled_from(deeper))]
    action = data.draw(st.sampled_from(["replace", "delete", "add", "copy"])) if keys else "add"
    if action == "add" and isinstance(node, list):
        node.append(data.draw(VALUES))
    elif action == "add":
        node[data.draw(NAMES)] = data.draw(VALUES)
    elif action == "delete":
        del node[data.draw(st.sampled_from(keys))]
    elif action == "replace":
        node[data.draw(st.sampled_from(keys))] = data.draw(VALUES)
    else:
        node[data.draw(st.sampled_from(keys))] = copy.deepcopy(node[data.draw(st.sampled_from(keys))])


def assert_loads_or_tells(raw, files=()) -> None:
    try:
        loading.load(raw, files)
    except UserError as error:
        str(error).encode()  # can be printed
        for line in str(error).splitlines():
            own_words = re.sub(r"\S+:", "", re.sub(r"'[^']*'|\"[^\"]*\"|!!float", "", line))  # without what was found
            assert not JARGON.search(own_words), line


@pytest.mark.fuzz
@settings(max_examples=inputs(200), deadline=None)
@given(st.data())
def test_any_mutation_loads_or_is_a_users_mistake(data):
    tried("random inputs: configuration loader")
    raw = copy.deepcopy(PARSED)
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(raw, data)
    assert_loads_or_tells(raw)


PIECES = st.text(max_size=6) | st.sampled_from(
    ["\n", "  ", ": ", "- ", "{", "}", "[", "]", "&a ", "*a", "*sum", "<<: *sum", "|", ">", "!!float ", "!!binary "]
    + ["~", ".nan", "-.inf", "1e-3", "0x1F", "1_0", "12:30:45", "2025-02-30", "'", '"', "---\n", "\t", "\0"]
    + ["\u0430", "\u200b", "\ufeff"]
    + [f"{key}: " for key in ("study", "seed", "latent", "models", "experiments", "datasets")]
)


LIST_AS_KEY = (VALID.index("size: "), len("size: "), "")
"""Leaves `{path: my/photos, [32, 48], ...}`: a list where YAML takes it for a key."""
MAPPING_AS_KEY = (VALID.index("source: train"), 0, "{a: b}: 1, ")


@pytest.mark.fuzz
@settings(max_examples=inputs(100), deadline=None)
@example(changes=[LIST_AS_KEY])
@example(changes=[MAPPING_AS_KEY])
@given(st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_any_change_of_the_text_loads_or_is_a_users_mistake(changes):
    """Pieces of YAML put into the file, or in place of a part of it."""
    tried("random inputs: configuration files")
    text = VALID
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.yaml")
        file.write_bytes(text.encode(errors="surrogatepass"))
        try:
            raw = yaml.safe_load(file.read_bytes())
        # Snakemake reads the file first and tells so; PyYAML lets the last two through, as for an empty !!float.
        except (yaml.YAMLError, ValueError, LookupError, AttributeError):
            loading.repeated_keys(file)
            return
        assert_loads_or_tells(raw, [file])


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_anything_else_is_a_users_mistake(raw):
    with pytest.raises(UserError):
        loading.load(raw)
