"""Files that Snakemake could not read are told in sentences before it tries."""

import pytest

from aestudy.__main__ import main
from aestudy.tools.check_config import mistakes_in


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> str:
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        return str(tmp_path / "study.yaml")

    return write


@pytest.mark.parametrize(
    "text",
    [
        "study: demo\nseed: 1\n",
        "a: &here {epochs: 3}\nb: {<<: *here, epochs: 4}\nc: *here\n",
        "rate: !!float 3\nwhen: 2026-11-21\nnothing:\n",
        "a: &loop [1, *loop]\n",
    ],
)
def test_nothing_is_said_of_what_can_be_read(text, written):
    assert mistakes_in(written(text)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("study: demo\nseed: !!float\n", "line 2: found '', which is no value of the kind !!float"),
        ("a: [1, 2,\n   {b: !!int x}]\n", "line 2: found 'x', which is no value of the kind !!int"),
        ("when: 2026-13-41\n", "line 1: found '2026-13-41', which is no value of the kind !!timestamp"),
        ("a: !mine 3\n", "line 1: found '3', which is no kind !mine"),
        ("? [a, b]\n: 1\n", "line 1: a list or a mapping cannot be a key"),
        ("study: [demo\n", "cannot be read as YAML, line"),
        ("- a\n- b\n", "found a list; allowed: keys with values"),
        ("", "found nothing; allowed: keys with values"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, words, written):
    file = written(text)
    (line,) = mistakes_in(file)
    assert line.startswith(file) and words in line


def test_the_verb_ends_with_all_mistakes_and_a_status(written, capsys):
    assert main(["check-config", written("study: demo\n")]) == 0
    assert main(["check-config", written("a: !!int\nb: !!float\n"), "missing.yaml"]) == 2
    told = capsys.readouterr().err
    assert "nothing was run" in told and "line 1" in told and "line 2" in told and "missing.yaml" in told
    assert "Traceback" not in told
