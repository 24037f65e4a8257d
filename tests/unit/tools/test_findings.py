"""What finished studies found: text that follows from their tables."""

import pandas as pd
import yaml

from aestudy.claims import sensitivity
from aestudy.tools import findings
from unit.claims import made_up_protocols
from unit.figures import made_up_convergence


def test_finding_has_a_row_per_network_and_epochs():
    tables = made_up_convergence.tables()
    text = findings.depth(tables["metrics"], tables["generalisation"])
    assert "| digits | deep | 40 | 21.55 | 21.05 | 0.50 |" in text
    assert text.count("\n| letters |") == 4


def test_finding_has_a_row_per_verdict():
    claims = pd.DataFrame([{"id": "a", "statement": "Deeper is worse.", "verdict": "reproduced", "reason": "so | so"}])
    assert "| a | Deeper is worse. | **reproduced** | so \\| so |" in findings.verdicts(claims)


def test_findings_say_found_or_unexplained():
    table = made_up_protocols.table()
    together = sensitivity.together(table, [("plain-1", "noise-1")])
    found = findings.explained(together, "plain-1 and noise-1")
    assert found.startswith("**Found.** 1 of 4 protocols") and "together: with better." in found
    without = together[together["protocol"] != "better"]
    unexplained = findings.explained(without, "plain-1 and noise-1")
    assert unexplained.startswith("**Unexplained.** None of the 3 protocols") and "1.5 tolerances away" in unexplained
    assert "| plain-1 | 20 ± 1 | 18.5 [" in findings.moves(table)


def test_findings_replace_what_stands_between_their_marks():
    begin, end = "<!-- a: written by `make findings` -->", "<!-- end of a -->"
    text = f"before\n{begin}\nold\n{end}\nafter\n"
    assert findings.filled(text, {"a": r"new \1", "b": "x"}) == f"before\n{begin}\n\nnew \\1\n\n{end}\nafter\n"


def test_findings_page_has_a_place_for_each_finding_of_the_studies():
    text = findings.DOCUMENT.read_text()
    study = yaml.safe_load((findings.ROOT / "workflow/studies/sensitivity.yaml").read_text())
    for name in [
        "moves",
        "depth in the paper study",
        "depth",
        *(" and ".join(group) for group in study["together"]),
    ]:
        assert f"<!-- {name}: written by `make findings` -->" in text and f"<!-- end of {name} -->" in text


def test_blocks_are_those_of_the_studies_that_are_finished(tmp_path):
    assert findings.blocks(tmp_path) == {}
    tables = tmp_path / "sensitivity/tables"
    tables.mkdir(parents=True)
    table = made_up_protocols.table()
    table.to_csv(tables / "sensitivity.csv", index=False)
    sensitivity.together(table, [("plain-1", "noise-1")]).to_csv(tables / "together.csv", index=False)
    assert list(findings.blocks(tmp_path)) == ["moves", "plain-1 and noise-1"]
