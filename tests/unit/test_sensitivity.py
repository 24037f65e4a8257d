"""Protocols: what they ask for, what becomes of the scores, and what the tables, pages and figures say of them."""

import copy
import types

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from aestudy.base.errors import UserError
from aestudy.claims import Claim, sensitivity
from aestudy.figures import protocols as figure
from aestudy.network import autoencoder, inference
from aestudy.pages import captions, opening
from aestudy.scoring import rescoring
from aestudy.study import load, variations
from aestudy.study.protocols import Protocol
from aestudy.tools import findings
from aestudy.training import feed

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
PLAIN = ("digits", "dense", 5, 0.0, "none", 0.0)
NOISY = ("digits", "conv", None, 0.0, "gaussian", 0.25)


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


def protocol(id: str, claims: list[str], **parts) -> Protocol:
    record = {"id": id, "axis": "an axis", "change": f"with {id}", "reason": "why not", "claims": claims}
    return Protocol.model_validate(record | parts)


def vary(*protocols: dict, **changes) -> list[variations.Variation]:
    """The variations of the study above; protocols are records without what is for display."""
    raw = copy.deepcopy(STUDY) | changes
    raw["protocols"] += [{"axis": "an axis", "change": "a change", "reason": "why not"} | p for p in protocols]
    study, plan = load.load(raw)
    return variations.of(study, plan, CLAIMS)


def only(id: str, **parts) -> variations.Variation:
    """The one variation that a protocol makes of the claim that it is tried on."""
    (found,) = (v for v in vary({"id": id} | parts) if v.protocol == id)
    return found


class TestVariations:
    def test_published_numbers_are_numbers_read_from_scores(self):
        assert [claim.id for claim in variations.published(CLAIMS)] == ["plain-1", "noise-1"]

    def test_the_base_protocol_scores_the_studys_own_runs(self):
        base, pooled = vary()
        assert (base.protocol, base.trained, base.rescored) == ("base", base.run, False)
        assert base.scores == "evaluation/digits/dense/latent-5/scores.parquet"
        assert (pooled.protocol, pooled.scores) == ("pooled", base.scores)

    def test_another_run_is_trained_and_evaluated(self):
        found = only("deep", claims=["plain-1"], run={"model": "deep", "latent": 7, "l1": 0.1})
        assert found.scores == "evaluation/digits/deep/latent-7_l1-0.1/scores.parquet"
        assert found.run.path == "digits/dense/latent-5"

    def test_another_noise_is_in_training_and_test(self):
        found = only("weak", claims=["noise-1"], run={"noise": "unclipped", "variance": 0.1})
        assert (found.trained.path, found.condition) == ("digits/conv/unclipped-0.1", "unclipped-0.1")
        assert not found.rescored

    def test_another_test_is_scored_anew(self):
        found = only("mismatch", claims=["noise-1"], run={"noise": "none"}, test={"noise": "gaussian", "variance": 0.1})
        assert (found.trained.path, found.condition) == ("digits/conv/plain", "gaussian-0.1")
        assert found.scores == "protocols/mismatch/digits/conv/plain/scores.parquet"

    @pytest.mark.parametrize("score", [{"ssim": "gaussian11"}, {"reference": "input"}, {"data_range": "signed"}])
    def test_other_scores_are_made_anew(self, score):
        assert only("scores", claims=["plain-1"], score=score).rescored

    def test_averages_and_first_images_are_not(self):
        found = only("cheap", claims=["plain-1"], score={"average": "pooled"}, test={"images": "first_100"})
        assert not found.rescored

    def test_data_sets_are_stood_in_for(self):
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
    def test_mistakes_are_told_before_anything_runs(self, parts, words):
        with pytest.raises(UserError) as error:
            vary({"id": "wrong"} | parts)
        assert words in str(error.value) and "nothing was run" in str(error.value)

    def test_all_mistakes_come_at_once(self):
        with pytest.raises(UserError, match="2 to mend"):
            vary({"id": "a", "claims": ["none"]}, {"id": "b", "claims": ["plain-1"], "run": {"model": "no"}})

    def test_a_study_without_the_run_says_so(self):
        with pytest.raises(UserError, match=r"plain-1: the study has no run .*add it to an experiment"):
            vary(stand_ins={"mnist": "letters"})


def scores(psnr, noisy=np.nan) -> pd.DataFrame:
    psnr = np.asarray(psnr, float)
    frame = {"replicate": 0, "image": range(len(psnr)), "psnr": psnr, "mse": 10 ** (-psnr / 10)}
    return pd.DataFrame(frame | {"ssim": 0.5, "psnr_noisy": noisy})


BASE_PSNR = np.linspace(17, 20, 40)
PROTOCOLS = [
    protocol("pooled", ["plain-1", "noise-1"], score={"average": "pooled"}),
    protocol("better", ["plain-1"], run={"model": "deep"}),
    protocol("all", ["noise-1"], test={"images": "all"}),
]
NOISY_PSNR = [18.0, 20.0, 22.0, 24.0]


@pytest.fixture
def table() -> pd.DataFrame:
    """Of made-up scores: the base protocol 1.5 dB too low, `better` 1 dB above it on every image."""
    sources = {(name, PLAIN): scores(BASE_PSNR) for name in ("base", "pooled")}
    sources |= {("better", PLAIN): scores(BASE_PSNR + 1)}
    sources |= {(name, NOISY): scores(NOISY_PSNR, 10.0) for name in ("base", "pooled", "all")}
    return sensitivity.table(CLAIMS[:2], PROTOCOLS, sources, stand_ins={"mnist": "digits"}, seed=3)


class TestTable:
    def row(self, table, claim, protocol) -> pd.Series:
        return table.set_index(["claim", "protocol"]).loc[claim, protocol]

    def test_has_a_row_per_number_and_protocol_tried_on_it(self, table):
        pairs = [("plain-1", "base"), ("plain-1", "pooled"), ("plain-1", "better")]
        pairs += [("noise-1", "base"), ("noise-1", "pooled"), ("noise-1", "all")]
        assert list(zip(table["claim"], table["protocol"], strict=True)) == pairs
        assert tuple(table.columns) == sensitivity.COLUMNS

    def test_observed_are_the_means_that_protocols_ask_for(self, table):
        pooled = -10 * np.log10(np.mean(10 ** (-BASE_PSNR / 10)))
        assert self.row(table, "plain-1", "base").observed == pytest.approx(18.5)
        assert self.row(table, "plain-1", "pooled").observed == pytest.approx(pooled, rel=1e-5)
        assert self.row(table, "noise-1", "base").observed == pytest.approx(9)  # of the first two images
        assert self.row(table, "noise-1", "all").observed == pytest.approx(11)
        first = -10 * np.log10((10**-1.8 + 10**-2) / 2) - 10
        assert self.row(table, "noise-1", "pooled").observed == pytest.approx(first, rel=1e-5)

    def test_shifts_are_paired_by_image(self, table):
        better = self.row(table, "plain-1", "better")
        assert [better["shift"], better["shift_low"], better["shift_high"]] == pytest.approx([1, 1, 1])
        assert better["ci_high"] - better["ci_low"] > 0.3
        assert np.isnan(self.row(table, "plain-1", "base")["shift"])

    def test_within_is_about_the_tolerance_and_covers_about_the_interval(self, table):
        base, better = self.row(table, "plain-1", "base"), self.row(table, "plain-1", "better")
        assert (base.within, better.within) == ("no", "yes")  # 18.5 and 19.5, of 20 with a tolerance of 1
        for row in (base, better, self.row(table, "noise-1", "base")):
            assert row.covers == ("yes" if row.ci_low <= row.published <= row.ci_high else "no")
        assert self.row(table, "noise-1", "base").covers == "yes"

    def test_what_is_missing_is_said(self):
        sources = {("base", PLAIN): scores(BASE_PSNR), ("pooled", PLAIN): scores(BASE_PSNR).assign(mse=np.nan)}
        table = sensitivity.table(CLAIMS[:1], PROTOCOLS[:1], sources, stand_ins={"mnist": "digits"})
        assert "there is no mse for every image" in table["change"][1]
        assert (table["within"][1], table["covers"][1]) == ("no", "no")

    def test_together_takes_the_base_protocol_where_another_is_not_tried(self, table):
        found = sensitivity.together(table, [("plain-1", "noise-1")]).set_index("protocol")
        assert list(found.index) == ["base", "pooled", "better", "all"]
        assert found.loc["better", "observed"].startswith("plain-1 19.5 [")
        assert "; noise-1 9 [" in found.loc["better", "observed"]
        assert found.loc["better", "observed"].endswith("] (as configured)")
        assert "as configured" not in found.loc["base", "observed"]
        assert found["within"].to_dict() == {"base": "no", "pooled": "no", "better": "yes", "all": "no"}
        assert found.loc["better", "distance"] == pytest.approx(1)  # noise-1 is 1 dB off, which is its tolerance
        assert found.loc["all", "distance"] == pytest.approx(3)


class TestRescoring:
    """Against scikit-image, which takes the data range as an argument."""

    PLAIN = {"images": "test", "ssim": "uniform7", "reference": "clean", "data_range": "unit"}  # noqa: RUF012

    @pytest.fixture
    def case(self, make_identity, make_bars):
        noise = {"kind": "gaussian", "clip": False, "draw": "each_epoch"}
        identity = make_identity(noise=noise, variance=0.1)
        images = make_bars(30)
        model = autoencoder.create(identity, images.shape[1:], 0)
        clean = feed.to_device(images, torch.device("cpu"))
        noisy = feed.corrupt(clean, identity, 0, "test-noise")
        restored, _ = inference.restore(model, noisy)
        parts = {"clean": clean.numpy(), "noisy": noisy.numpy(), "restored": restored.numpy()}
        return types.SimpleNamespace(model=model, identity=identity, images=images, **parts)

    def rescored(self, case, noisy=True, **changes) -> pd.DataFrame:
        given = case.noisy if noisy else None
        return rescoring.rescore(case.model, case.identity, 0, case.images, case.images, given, self.PLAIN | changes)

    def test_scores_of_both_images(self, case):
        table = self.rescored(case)
        for i in range(len(table)):
            clean, noisy, restored = case.clean[i, 0], case.noisy[i, 0], case.restored[i, 0]
            assert table.psnr[i] == pytest.approx(peak_signal_noise_ratio(clean, restored, data_range=1), abs=1e-5)
            assert table.psnr_noisy[i] == pytest.approx(peak_signal_noise_ratio(clean, noisy, data_range=1), abs=1e-5)
            assert table.ssim[i] == pytest.approx(structural_similarity(clean, restored, data_range=1), abs=1e-5)
        assert np.allclose(table.mse, 10 ** (-table.psnr / 10))

    @pytest.mark.parametrize("data_range", ["signed", "picture"])
    def test_data_range(self, case, data_range):
        table = self.rescored(case, data_range=data_range)
        for i in range(len(table)):
            clean = case.clean[i, 0]
            for picture, name in ((case.restored[i, 0], ""), (case.noisy[i, 0], "_noisy")):
                peak = 2.0 if data_range == "signed" else float(picture.max() - picture.min())
                psnr = peak_signal_noise_ratio(clean, picture, data_range=peak)
                ssim = structural_similarity(clean, picture, data_range=peak)
                assert table[f"psnr{name}"][i] == pytest.approx(psnr, abs=1e-5)
                assert table[f"ssim{name}"][i] == pytest.approx(ssim, abs=1e-5)
        assert np.allclose(table.mse, 10 ** (-table.psnr / 10))

    def test_reference(self, case):
        table = self.rescored(case, reference="input")
        first = peak_signal_noise_ratio(case.noisy[0, 0], case.restored[0, 0], data_range=1)
        assert table.psnr[0] == pytest.approx(first, abs=1e-5)
        assert np.allclose(table.psnr_noisy, self.rescored(case).psnr_noisy)

    def test_without_noise_there_is_no_noisy_score(self, case):
        table = self.rescored(case, noisy=False)
        assert table[["psnr_noisy", "ssim_noisy"]].isna().all(axis=None) and table.psnr.notna().all()

    def test_training_images_are_those_trained_on_with_their_last_noise(self, case):
        table = self.rescored(case, images="training")
        trained_on = feed.Feed(case.identity, [0], case.images, case.images, torch.device("cpu"))
        trained_on.draw_noise(case.identity["training"]["epochs"])
        clean = trained_on.images[trained_on.chosen[0]].numpy()
        expected = peak_signal_noise_ratio(clean[3, 0], trained_on.inputs[3, 0].numpy(), data_range=1)
        assert len(table) == len(clean) == 24
        assert table.psnr_noisy[3] == pytest.approx(expected, abs=1e-4)


class TestShown:
    def test_figure_has_a_panel_per_number_and_a_dot_per_protocol(self, table):
        drawn = figure.draw(table)
        plain, noise = drawn.axes
        assert [label.get_text() for label in plain.get_yticklabels()] == [
            "base protocol",
            "with pooled",
            "with better",
        ]
        dots = sorted(line.get_xdata()[0] for line in plain.get_lines() if line.get_marker() in "os")
        assert dots == pytest.approx(sorted(table["observed"][:3]))
        assert noise.get_xlabel() == "dB, published 8"
        (band,) = plain.patches
        assert (band.get_x(), band.get_x() + band.get_width()) == (19, 21)

    def test_caption_says_what_moves_and_what_explains(self, table):
        together = sensitivity.together(table, [("plain-1", "noise-1")])
        page = opening.html_of(captions.sensitivity("Shown.", table, together))
        assert "moved most by: with better, 1 dB. Within the tolerance under 1 of 3 protocols." in page
        assert "<strong>plain-1 and noise-1</strong>: together within their tolerances under: with better" in page

    def test_findings_say_found_or_unexplained(self, table):
        together = sensitivity.together(table, [("plain-1", "noise-1")])
        found = findings.explained(together, "plain-1 and noise-1")
        assert found.startswith("**Found.** 1 of 4 protocols") and "together: with better." in found
        without = together[together["protocol"] != "better"]
        unexplained = findings.explained(without, "plain-1 and noise-1")
        assert (
            unexplained.startswith("**Unexplained.** None of the 3 protocols") and "1.5 tolerances away" in unexplained
        )
        assert "| plain-1 | 20 ± 1 | 18.5 [" in findings.moves(table)

    def test_findings_replace_what_stands_between_their_marks(self):
        begin, end = "<!-- a: written by `make findings` -->", "<!-- end of a -->"
        text = f"before\n{begin}\nold\n{end}\nafter\n"
        assert findings.filled(text, {"a": r"new \1", "b": "x"}) == f"before\n{begin}\n\nnew \\1\n\n{end}\nafter\n"

    def test_findings_page_has_a_place_for_each_finding_of_the_studies(self):
        text = findings.DOCUMENT.read_text()
        study = yaml.safe_load((findings.ROOT / "workflow/studies/sensitivity.yaml").read_text())
        for name in [
            "moves",
            "depth in the paper study",
            "depth",
            *(" and ".join(group) for group in study["together"]),
        ]:
            assert f"<!-- {name}: written by `make findings` -->" in text and f"<!-- end of {name} -->" in text
