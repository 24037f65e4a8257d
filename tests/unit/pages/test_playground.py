"""The page of the playground as a document; tests/browser shows that it works."""

import json
import logging
import re

import pytest

from aestudy.base.run import Run
from aestudy.pages import playground
from unit.pages.made_up import LABEL, NOISY, RUNS

IMAGES = {"mnist": {"shape": [1, 1, 1], "images": [{"number": 0, "label": 7, "pixels": "AA=="}]}}
FILTER = {"filter": "median", "parameters": {"size": 3.0}, "a": 1.0, "b": 0.0}


def network(run: Run, **changes) -> dict:
    described = {"run": run.keys, "replicate": 0, "parameters": 1234, "noise": None, "values": [], "bits": 9}
    return described | {"error": 0.0005} | changes


def page(networks, left_out=(), filters=None) -> str:
    offered = {"networks": networks, "left_out": list(left_out), "images": IMAGES}
    return playground.page("trial", offered, filters or [FILTER] * len(networks), "uniform7", LABEL)


def data(document: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', document, re.DOTALL)[1])


def test_networks_are_told_apart_by_name():
    found = data(page([network(NOISY, noise={"kind": "gaussian", "clip": True}), network(RUNS[0])]))
    assert [each["name"] for each in found["networks"]] == [
        "conv, Gaussian, variance 0.25",
        "3 layers, latent 15, no noise",
    ]
    assert found["networks"][1]["noise"] == playground.PLAIN_NOISE
    assert found["images"]["mnist"]["label"] == "MNIST"


def test_it_says_how_the_weights_were_rounded_and_how_far_that_is_from_torch():
    about = data(page([network(NOISY)]))["networks"][0]["about"]
    assert "1,234 weights are rounded to 9 bits" in about and "further than 0.13 of the 255 steps" in about


def test_what_is_not_offered_is_listed_with_the_reason():
    reason = "it has operations that the page does not know: aten.tan.default"
    document = page([network(NOISY)], [{"run": vars(RUNS[1]), "reason": reason}])
    assert f"MNIST, 3 layers, latent 50, no noise: {reason}." in document


def test_without_a_network_it_says_so_and_has_no_program():
    document = page([], [{"run": vars(RUNS[1]), "reason": "no"}])
    assert "has no trained network that this page can offer" in document and "<script" not in document


def test_it_asks_for_nothing():
    document = page([network(NOISY)])
    assert not re.search(r"""(?:src|href)=["']|@import|url\(|\bfetch\(|XMLHttpRequest|https?://""", document)


def test_too_large_a_page_is_told(caplog):
    caplog.set_level(logging.WARNING, "aestudy")
    page([network(NOISY, values=[{"values": "A" * playground.LARGEST}])])
    assert "The playground has 6.1 MB, more than 6." in caplog.text


@pytest.mark.parametrize("program", ["operations", "filters", "noises"])
def test_what_the_programs_know_is_read_from_them(program):
    assert len(playground.known(program)) >= {"operations": 20, "filters": 5, "noises": 1}[program]
