"""Protocols as work: which runs they ask for, and which scores are made anew."""

import copy

import pytest
import yaml

from aestudy.base.errors import UserError
from aestudy.claims.records import Claim
from aestudy.study import loading, variations

STUDY = yaml.safe_load("""
study: trial
seed: 1
replicates: 1
datasets:
  digits: {source: digits, label: Digits}
  letters: {source: digits, label: Letters}
noises:
  gaussian: {kind: gaussian, clip: true, draw: once}
  unclipped: {kind: gaussian, clip: false, draw: once}
models:
  dense: {label: dense, network: {architecture: dense, hidden: [32]}}
  deep: {label: deep, network: {architecture: dense, hidden: [32, 16]}}
  conv: {label: convolutional, network: {architecture: conv, filters: [8]}}
experiments:
  - {name: plain, title: Plain, dataset: [digits], model: [dense], latent: [5]}
  - {name: noise, title: Noise, dataset: [digits], model: [conv], noise: [gaussian], variance: [0.25]}
stand_ins: {mnist: digits, fmnist: letters}
together: [[plain-1, noise-1]]
protocols:
  - {id: pooled, axis: average, change: pooled error, reason: simple, claims: [plain-1], score: {average: pooled}}
""")


def claim(id: str, quantity: str, expected, tolerance: float = 1.0) -> Claim:
    record = {"id": id, "report": "dense", "source": "nowhere", "statement": "A claim.", "quantity": quantity}
    record |= {"unit": "dB", "expected": expected, "tolerance": tolerance, "tolerance_reason": "any"}
    return Claim.model_validate(record | {"evidence": ["metrics"]})


CLAIMS = [
    claim("plain-1", 'psnr(dataset="mnist", model="dense", latent=5)', 20),
    claim("noise-1", 'gain(dataset="mnist", model="conv", noise="gaussian", variance=0.25, first=2)', 8),
    claim("plain-sign", 'psnr(dataset="mnist", model="dense", latent=5)', "> 0"),
    claim("plain-epochs", 'metric("epochs", dataset="mnist", model="dense", latent=5)', 20),
]


def vary(*protocols: dict, **changes) -> list[variations.Variation]:
    """The variations of the study above; protocols are records without what is for display."""
    raw = copy.deepcopy(STUDY) | changes
    raw["protocols"] += [{"axis": "an axis", "change": "a change", "reason": "why not"} | p for p in protocols]
    study, plan, _ = loading.load(raw)
    return variations.of(study, plan, CLAIMS)


def only(id: str, **parts) -> variations.Variation:
    """The one variation that a protocol makes of the claim that it is tried on."""
    (found,) = (v for v in vary({"id": id} | parts) if v.protocol == id)
    return found


def test_published_numbers_are_numbers_read_from_scores():
    assert [claim.id for claim in variations.published(CLAIMS)] == ["plain-1", "noise-1"]


def test_the_base_protocol_scores_the_studys_own_runs():
    base, pooled = vary()
    assert (base.protocol, base.trained, base.rescored) == ("base", base.run, False)
    assert base.scores == "evaluation/digits/dense/latent-5/scores.parquet"
    assert (pooled.protocol, pooled.scores) == ("pooled", base.scores)


def test_another_run_is_trained_and_evaluated():
    found = only("deep", claims=["plain-1"], run={"model": "deep", "latent": 7, "l1": 0.1})
    assert found.scores == "evaluation/digits/deep/latent-7_l1-0.1/scores.parquet"
    assert found.run.path == "digits/dense/latent-5"


def test_another_noise_is_in_training_and_test():
    found = only("weak", claims=["noise-1"], run={"noise": "unclipped", "variance": 0.1})
    assert (found.trained.path, found.condition) == ("digits/conv/unclipped-0.1", "unclipped-0.1")
    assert not found.rescored


def test_another_test_is_scored_anew():
    found = only("mismatch", claims=["noise-1"], run={"noise": "none"}, test={"noise": "gaussian", "variance": 0.1})
    assert (found.trained.path, found.condition) == ("digits/conv/plain", "gaussian-0.1")
    assert found.scores == "protocols/mismatch/digits/conv/plain/scores.parquet"


@pytest.mark.parametrize("score", [{"ssim": "gaussian11"}, {"reference": "input"}, {"data_range": "signed"}])
def test_other_scores_are_made_anew(score):
    assert only("scores", claims=["plain-1"], score=score).rescored


def test_averages_and_first_images_are_not():
    found = only("cheap", claims=["plain-1"], score={"average": "pooled"}, test={"images": "first_100"})
    assert not found.rescored


def test_data_sets_are_stood_in_for():
    assert only("fashion", claims=["plain-1"], run={"dataset": "fmnist"}).trained.dataset == "letters"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"claims": ["plain-2"]}, "no published number has the name 'plain-2'; there are: plain-1, noise-1"),
        ({"claims": ["plain-sign"]}, "no published number has the name 'plain-sign'"),
        ({"claims": ["plain-1"], "run": {"model": "dens"}}, "did you mean dense?"),
        ({"claims": ["plain-1"], "run": {"dataset": "faces"}}, "run.dataset: no data set has the name 'faces'"),
        ({"claims": ["noise-1"], "test": {"noise": "salt"}}, "test.noise: no noise has the name 'salt'"),
        ({"claims": ["plain-1"], "run": {"noise": "gaussian"}}, "run.variance: this key is missing"),
        ({"claims": ["plain-1"], "test": {"noise": "gaussian"}}, "test.variance: this key is missing"),
        ({"claims": ["plain-1"], "run": {"model": "conv"}}, "run.latent: model conv has none"),
        ({"claims": ["noise-1"], "run": {"model": "dense"}}, "run.latent: model dense needs a latent size"),
        ({"claims": ["noise-1"], "test": {"images": "training", "variance": 0.1}}, "come with their own noise"),
        ({"claims": ["plain-1"], "id": "base"}, "the id is taken"),
        ({"claims": ["plain-1"], "id": "pooled"}, "the id is taken"),
    ],
)
def test_mistakes_are_told_before_anything_runs(parts, words):
    with pytest.raises(UserError) as error:
        vary({"id": "wrong"} | parts)
    assert words in str(error.value) and "nothing was run" in str(error.value)


def test_all_mistakes_come_at_once():
    with pytest.raises(UserError, match=r"have 2 mistake"):
        vary({"id": "a", "claims": ["none"]}, {"id": "b", "claims": ["plain-1"], "run": {"model": "no"}})


def test_a_study_without_the_run_says_so():
    with pytest.raises(UserError, match=r"plain-1: the study has no run .*add it to an experiment"):
        vary(stand_ins={"mnist": "letters"})
