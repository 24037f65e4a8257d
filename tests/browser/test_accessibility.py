"""axe-core finds nothing serious on pages of ours."""

import json

import pytest

PAGES = ("opening", "explore", "claims", "metrics", "baselines", "generalisation", "cost", "architecture")


@pytest.mark.parametrize("name", PAGES)
def test_no_serious_finding(page, finished, axe, name):
    page.goto((finished.folder / f"results/tiny/pages/{name}.html").as_uri())
    for details in page.locator("details").all():
        details.evaluate("details => { details.open = true }")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    serious = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
    told = [(rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in serious]
    assert not told, json.dumps(told, indent=1)
