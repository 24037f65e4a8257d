"""What published studies found: text that follows from their tables."""

import numpy as np
import pandas as pd
import pytest

from aestudy.tools import findings

CLAIMS = pd.DataFrame(
    [
        ("a-1", "Twenty dB.", "20", 20.5, 20.25, 20.75, "reproduced", "so | so", "dB", np.nan),
        ("a-2", "Lower.", "< 0", 0.125, np.nan, np.nan, "contradicted", "no", np.nan, "In bits."),
        ("a-3", "Useful.", np.nan, np.nan, np.nan, np.nan, "not testable", "no use is named", np.nan, np.nan),
    ],
    columns=[
        *("id", "statement", "expected", "observed", "ci_low", "ci_high", "verdict", "reason", "unit", "read_as"),
    ],
)
READINGS = pd.DataFrame(
    [
        ("a", 2, "two-mse", 1, 1.5, "a-1", "no", 0.125, "two", "mse", 21.5, 1.5),
        ("a", 1, "two-bce", 3, 0.5, "a-1", "yes", 0.875, "two", "bce", 20.5, 0.5),
        ("b", 1, "own", 1, 9.0, "b-1", "no", 1.0, np.nan, np.nan, np.nan, np.nan),
    ],
    columns=[
        *("report", "rank", "reading", "replicates", "worst", "furthest", "fits", "posterior", "depth", "loss", "a-1"),
        "a-1:tolerances",
    ],
)
ANSWERS = pd.DataFrame(
    [
        ("a", "depth", "How deep?", "two", "two layers", 1.0, 1.0, 0.5),
        ("a", "loss", "Which loss?", "bce", "cross-entropy", 0.5, 0.875, 0.5),
        ("a", "loss", "Which loss?", "mse", "squared error", 0.5, 0.125, 1.5),
    ],
    columns=["report", "question", "asked", "answer", "meaning", "prior", "posterior", "nearest"],
)


def test_verdicts_have_a_row_each():
    text = findings.verdicts(CLAIMS)
    assert "| a-1 | Twenty dB. | **reproduced** | so \\| so |" in text
    assert len(text.splitlines()) == 2 + len(CLAIMS)


def test_two_readings_stand_side_by_side():
    former = CLAIMS.iloc[:1].assign(verdict="inconclusive", observed=19.5, ci_low=18.5, ci_high=20.5)
    text = findings.side_by_side(CLAIMS, former)
    both = "| **reproduced**, 20.5 dB [20.2, 20.8] | **inconclusive**, 19.5 dB [18.5, 20.5] |"
    assert f"| **a-1** Twenty dB. | 20 {both}" in text
    assert "| **a-2** Lower. Read as: In bits. | < 0 | **contradicted**, 0.125 | – |" in text
    assert "| **a-3** Useful. | – | not testable | – |" in text
    alone = findings.side_by_side(CLAIMS, None)
    assert "| **a-1** Twenty dB. | 20 | **reproduced**, 20.5 dB [20.2, 20.8] |" in alone and "former" not in alone


def test_the_best_reading_is_told_with_its_answers_and_its_targets():
    text = findings.best_reading(READINGS, ANSWERS, CLAIMS, "a")
    start = "The nearest of 2 readings (3 replicates) fits every number and sign; its worst distance is 0.5 tolerances"
    assert text.startswith(f"{start}, on a-1: two layers; cross-entropy.")
    assert "| **a-1** Twenty dB. | 20 | 20.5 (0.50) |" in text and "likely" not in text


def test_a_likely_reading_stands_beside_the_nearest():
    likely = READINGS.assign(replicates=3, worst=[0.6, 0.5, 9.0], posterior=[0.9, 0.1, 1.0])
    text = findings.best_reading(likely, ANSWERS, CLAIMS, "a")
    assert "| 20 | 20.5 (0.50) | 21.5 (1.50) |" in text and "two layers; squared error" in text


def readings(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["reading", "replicates", "worst", "posterior"])


def test_likely_is_what_the_rule_says():
    near, likely, far = ("near", 3, 1.0, 0.1), ("likely", 3, 1.1, 0.2), ("far", 3, 1.11, 0.7)
    once = ("once", 1, 0.5, 0.9)
    assert findings.likely_reading(readings(once, near, likely, far))["reading"] == "likely"
    assert findings.likely_reading(readings(near, far))["reading"] == "near"
    assert findings.likely_reading(readings(once)) is None


def test_every_answer_has_its_posterior_and_each_question_stands_once():
    text = findings.posterior(ANSWERS, "a")
    assert "| Which loss? | cross-entropy | 0.50 | 0.88 | 0.5 |" in text
    assert "|  | squared error | 0.50 | 0.12 | 1.5 |" in text


def test_undecided_claims_are_those_of_which_a_part_is_open_and_none_fails():
    columns = ["id", "state", "power_10", "power_30", "replicates_80"]
    rows = [("a", "open", 0.5, 0.9, 21), ("b", "open", 0.1, 0.2, np.nan), ("c", "open", 0.5, 0.9, 5)]
    rows += [("c", "fails", 0.5, 0.9, 5), ("d", "holds", 1.0, 1.0, 2), ("a", "holds", 0.5, 0.9, 21)]
    text = findings.undecided(pd.DataFrame(rows, columns=columns))
    assert text.splitlines()[2:] == ["| a | 0.5 | 0.9 | 21 |", "| b | 0.1 | 0.2 | more than 10,000 |"]
    assert findings.undecided(pd.DataFrame(rows[4:5], columns=columns)) == "None."


def test_deviations_are_those_over_replicates():
    rows = [
        {"noise": noise, "variance": v, "model": "a_b", "psnr": 20.0 + r, "psnr_clean_input": clean * (22.0 + 3 * r)}
        for noise, v, clean in (("gaussian", 0.25, 1.0), ("none", 0.0, np.nan))
        for r in (0, 2)
    ]
    text = findings.deviations(pd.DataFrame(rows))
    assert text.splitlines()[2:] == ["| clean | a b | 1.4 | – |", "| gaussian 0.25 | a b | 1.4 | 2.8 |"]


def test_findings_replace_what_stands_between_their_marks():
    begin, end = "<!-- a: written by `make findings` -->", "<!-- end of a -->"
    text = f"before\n{begin}\nold\n{end}\nafter\n"
    assert findings.filled(text, {"a": r"new \1", "b": "x"}) == f"before\n{begin}\n\nnew \\1\n\n{end}\nafter\n"


def write(folder, study: str, **tables) -> None:
    (folder / study).mkdir()
    (folder / study / "README.md").touch()
    for name, table in tables.items():
        table.to_csv(folder / study / f"{name}.csv", index=False)


def test_blocks_are_those_of_the_studies_that_are_published(tmp_path):
    assert findings.blocks(tmp_path) == {}
    write(tmp_path, "convergence", claims=CLAIMS)
    assert list(findings.blocks(tmp_path)) == ["depth"]
    chances = pd.DataFrame([("a", "readings", 2.0)], columns=["report", "quantity", "value"])
    write(
        tmp_path,
        "readings",
        readings=READINGS[:2],
        answers=ANSWERS,
        chance=chances,
        claims=CLAIMS.fillna({"expected": ""}),
    )
    assert list(findings.blocks(tmp_path)) == ["best reading of a", "posterior of a", "chance for a", "depth"]


@pytest.mark.parametrize("name", ["side by side", "undecided", "depth", "spread"])
def test_the_page_has_a_place_for_each_finding(name):
    text = findings.DOCUMENT.read_text(encoding="utf-8")
    assert f"<!-- {name}: written by `make findings` -->" in text and f"<!-- end of {name} -->" in text


@pytest.mark.parametrize("report", ["dense", "conv"])
def test_the_page_has_a_place_for_the_readings_of_each_report(report):
    text = findings.DOCUMENT.read_text(encoding="utf-8")
    for name in (f"best reading of {report}", f"posterior of {report}", f"chance for {report}"):
        assert f"<!-- {name}: written by `make findings` -->" in text and f"<!-- end of {name} -->" in text
