"""The records of claims: those of the reports, and how mistakes in a file of them are told."""

import tempfile
from pathlib import Path

import pytest
import yaml
from faults import inputs, tried
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aestudy.base.errors import UserError
from aestudy.claims.language import FUNCTIONS, READERS, Call, Term, parse
from aestudy.claims.records import Expectation, load_claims, read
from unit.claims.made_up import CLAIMS, MNIST, ROOT, claim


def test_every_claim_of_the_reports_has_a_record():
    reported = {"dense-1a", "dense-1b", "dense-1c", "dense-1d", "dense-1e", "dense-2a", "dense-2b", "dense-2c"}
    reported |= {"dense-3a", "dense-3b", "conv-1", "conv-2", "conv-3", "conv-4"}
    claims = load_claims(CLAIMS)
    assert reported <= {claim.id for claim in claims}
    assert all(claim.id.startswith(f"{claim.report}-") for claim in claims)


def test_claims_on_depth_can_be_read():
    claims = load_claims(ROOT / "report/convergence.yaml")
    assert len(claims) == 10
    assert all(set(claim.evidence) & {"experiments/keras", "experiments/pytorch"} for claim in claims)


def test_the_file_tells_editors_its_schema():
    first_line = CLAIMS.read_text().splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=../workflow/schemas/claims.schema.json"


def test_examples_in_the_comments_of_the_claims_file_parse():
    comments = " ".join(line[1:].strip() for line in CLAIMS.read_text().splitlines() if line.startswith("#"))
    examples = [
        'psnr(dataset="mnist", model="dense3", latent=100)',
        'mean(psnr(dataset="mnist", model="dense3", latent=each) - psnr(dataset="mnist", model="dense5", latent=each))',
        'all(steps(psnr(dataset="mnist", model="dense3", latent=each)))',
    ]
    for text in examples:
        assert text in comments
        assert isinstance(parse(text), Term | Call)
    assert all(f"{name}(" in comments or name in comments for name in [*READERS, *FUNCTIONS])


@pytest.mark.parametrize(
    ("expected", "relation", "value", "text"),
    [
        (27, "=", 27, "27"),
        (0.86, "=", 0.86, "0.86"),
        ("27", "=", 27, "27"),
        ("> 0", ">", 0, "> 0"),
        (" >=-1.5 ", ">=", -1.5, ">= -1.5"),
        ("< 1e-3", "<", 0.001, "< 0.001"),
        ("<= 2.", "<=", 2, "<= 2"),
        ("~ 0", "~", 0, "~ 0"),
    ],
)
def test_what_is_expected_is_read(expected, relation, value, text):
    found = claim(f"psnr({MNIST})", expected, 1).expectation
    assert found == Expectation(relation, value)
    assert str(found) == text


def test_expressions_are_there_by_key():
    both = claim(f"psnr({MNIST})", 1, direction=f"psnr({MNIST}) - 1")
    assert both.nodes == {"quantity": parse(f"psnr({MNIST})"), "direction": parse(f"psnr({MNIST}) - 1")}
    assert list(claim(f"psnr({MNIST})", 1).nodes) == ["quantity"]


def test_all_mistakes_of_a_file_are_reported_at_once(tmp_path):
    good = yaml.safe_load(CLAIMS.read_text())[0]
    records = [good, good | {"tolerence": 1}, good | {"id": "b", "quantity": "psnrr()", "tolerance": -1}]
    records += [good | {"id": "c", "expected": "about 20"}, good | {"id": "d", "expected": "~ 0"}, {"id": "e"}, "f"]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(records))
    with pytest.raises(UserError) as error:
        load_claims(path)
    message = str(error.value)
    for part in (
        f"{path}: dense-1a: unknown key 'tolerence'; allowed: id, report, source, ",
        "; did you mean tolerance?",
        f"{path}: b.quantity: unknown function 'psnrr'; allowed: psnr, ",
        f"{path}: b.tolerance: found -1; input should be greater than or equal to 0",
        f"{path}: c.expected: found 'about 20'; allowed: a number, a sign such as '> 0', or '~ 0' for no effect",
        f"{path}: d: '~' needs a tolerance above 0",
        f"{path}: e: the key report is required and missing",
        f"{path}: claim 7: ",
    ):
        assert part in message, message
    assert message.count("c.expected") == 1
    tried("bad configurations", 7)


def test_mistakes_leave_the_other_claims(tmp_path):
    good = yaml.safe_load(CLAIMS.read_text())[0]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump([good, good | {"id": "b", "unit": 3}]))
    claims, mistakes = read(path)
    assert [claim.id for claim in claims] == ["dense-1a"]
    assert len(mistakes) == 1 and "b.unit: found 3; " in mistakes[0]


def test_an_id_may_stand_once(tmp_path):
    record = yaml.safe_load(CLAIMS.read_text())[0]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump([record, record]))
    with pytest.raises(UserError, match="dense-1a: several claims have this id; each needs its own"):
        load_claims(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: x", "found no list"),
        ("- [", "cannot be read as YAML"),
        ("", "found no list"),
        ("[a, b]: 1", "cannot be read as YAML"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_list_of_claims(tmp_path, text, words):
    path = tmp_path / "claims.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match=rf"claims\.yaml: {words}"):
        load_claims(path)
    assert read(path)[0] == []


@pytest.mark.parametrize("name", ["[a]", "{a: b}", "3", "~", "&a [*a]", f"{'[' * 3_000}{']' * 3_000}"])
def test_an_id_that_is_no_text_is_told_by_the_place_of_its_claim(tmp_path, name):
    path = tmp_path / "claims.yaml"
    path.write_text(f"- id: x\n- id: {name}\n")
    mistakes = read(path)[1]
    assert [line for line in mistakes if line.startswith(f"{path}: claim 2.id: found ")]
    assert all(line.startswith((f"{path}: x: ", f"{path}: claim 2")) and len(line) < 300 for line in mistakes)


RECORD = """
- id: dense-1
  report: dense
  source: a table
  statement: A larger latent is better.
  quantity: psnr(dataset="letters", model="shallow", latent=10) - 1
  unit: dB
  expected: "> 0"
  tolerance: 0.5
  tolerance_reason: none is needed
  direction: psnr(dataset="letters", model="shallow", latent=5)
  evidence: [metrics]
"""
SIGNS = [
    "\n",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: ",
    "|",
    ">",
    "!!float ",
    "!!binary ",
    "~",
    ".nan",
]
SIGNS += ["1e-3", "2025-02-30", "'", '"', "---\n", "\t", "\0", "? ", "id: ", "expected: ", "(", ")", "each", "min("]
PIECES = st.text(max_size=6) | st.sampled_from(SIGNS)


@pytest.mark.fuzz
@settings(max_examples=inputs(100), deadline=None)
@example(changes=[(RECORD.index("dense-1"), len("dense-1"), "[dense-1]")])
@given(st.lists(st.tuples(st.integers(0, len(RECORD)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_any_change_of_the_text_is_read_or_told(changes):
    """Pieces of YAML and of expressions put into a file of claims, or in the place of a part of it."""
    text = RECORD
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.yaml")
        path.write_bytes(text.encode(errors="surrogatepass"))
        claims, mistakes = read(path)
    assert all(line.startswith(str(path)) for line in mistakes)
    assert claims or mistakes or not text.strip() or yaml.safe_load(text) == []
    tried("random inputs: files of claims")
