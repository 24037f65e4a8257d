"""Claims: the expression language, what a study offers as evidence, and the verdicts on made-up studies."""

import contextlib
import functools
import itertools
import json
import math
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import yaml

from aestudy.base.errors import UserError
from aestudy.claims import VERDICTS, Claim, Evidence, check_selections, claims_schema, judge, load_claims
from aestudy.claims.language import FUNCTIONS, READERS, parse

ROOT = Path(__file__).parents[2]
CLAIMS = ROOT / "report" / "claims.yaml"
SCHEMA = ROOT / "workflow" / "schemas" / "claims.schema.json"
KEYS = ["dataset", "model", "latent", "l1", "noise", "variance"]

LATENTS = (15, 30, 50, 75, 100)
LAMBDAS = (1e-4, 1e-3, 0.01, 0.1, 1.0)
STAND_INS = {"mnist": "digits", "fmnist": "digits"}


def paper_runs(datasets=("mnist", "fmnist")) -> list[tuple]:
    """The runs of the two reports."""
    runs = [(d, m, k, 0.0, "none", 0.0) for d, m, k in itertools.product(datasets, ("dense3", "dense5"), LATENTS)]
    runs += [(d, "dense3", 100, l1, "none", 0.0) for d, l1 in itertools.product(datasets, LAMBDAS)]
    runs += [(d, "dense3", 100, 0.0, "gaussian", v) for d, v in itertools.product(datasets, (0.01, 0.05, 0.1, 0.2))]
    return [*runs, (datasets[0], "conv", 3136, 0.0, "gaussian_once", 0.25)]


def as_published(dataset, model, latent, l1, noise, variance) -> dict:
    """Numbers that agree with everything that the reports say."""
    numbers = {"psnr": 20 + 6.3 * (latent - 15) / 85, "ssim": 0.9, "psnr_noisy": math.nan, "ssim_noisy": math.nan}
    numbers |= {"bce": 0.1, "sparsity": 0.1, "gap_db": 0.1, "epochs": 15, "best_epoch": 8, "excess": 0.0, "lag": -0.02}
    if model == "dense5":
        numbers["psnr"] -= {"mnist": 0.5}.get(dataset, 1.0)
        numbers |= {"bce": 0.12, "gap_db": 0.3, "best_epoch": 12}
    if l1:
        numbers |= {"psnr": 25.9 if l1 <= 0.01 else 22, "sparsity": 0.6 + 0.1 * math.log10(l1)}
    if noise == "gaussian":
        gain = {"mnist": 5 * variance, "digits": 5 * variance}.get(dataset, -6 * variance)
        numbers |= {"psnr": 15 + gain, "psnr_noisy": 15.0, "ssim_noisy": 0.5}
    if model == "conv":
        numbers |= {"psnr": 20.3, "ssim": 0.86, "psnr_noisy": 9.3, "ssim_noisy": 0.4}
    return numbers


@functools.cache
def study(runs=None, numbers=as_published, replicates=3, images=120, baseline=16.8) -> Evidence:
    """A made-up study: the given numbers with noise from replicate to replicate and image to image."""
    scores, metrics, cost, history, generalisation = {}, [], [], [], []
    easy = easiness(images)
    for index, run in enumerate(paper_runs() if runs is None else runs):
        truth, keys = numbers(*run), dict(zip(KEYS, run, strict=True))
        frames = []
        for replicate in range(replicates):
            rng = np.random.default_rng([index, replicate])
            psnr = truth["psnr"] + easy + rng.normal(0, 0.01) + rng.normal(0, 0.1, images)
            frame = {"replicate": replicate, "image": range(images), "psnr": psnr, "mse": 10 ** (-psnr / 10)}
            frame |= {"ssim": truth["ssim"] + easy / 100, "bce": truth["bce"] + rng.normal(0, 1e-3, images)}
            frame |= {"psnr_noisy": truth["psnr_noisy"] + easy, "ssim_noisy": truth["ssim_noisy"]}
            frames.append(pd.DataFrame(frame))
            row = {**keys, "replicate": replicate}
            metrics.append({**row, "sparsity": truth["sparsity"], "epochs": truth["epochs"]})
            cost.append({**row, "seconds_per_epoch": 1.0 + rng.normal(0, 0.001)})
            generalisation.append({**row, "gap_db": truth["gap_db"] + rng.normal(0, 0.01)})
            for epoch in range(1, truth["epochs"] + 1):
                validation = 0.1 + 0.001 * abs(epoch - truth["best_epoch"]) * truth["excess"] + (epoch == 1) * 0.1
                validation += 1e-6 * (epoch != truth["best_epoch"])
                losses = {"train_loss": validation * (1 - truth["lag"]), "validation_loss": validation}
                history.append({**row, "epoch": epoch, **losses})
        scores[run] = pd.concat(frames, ignore_index=True)
    tables = {"metrics": metrics, "cost": cost, "history": history, "generalisation": generalisation}
    conditions = {(run[0], run[4], run[5]) for run in scores}
    return Evidence(
        {name: pd.DataFrame(rows) for name, rows in tables.items()},
        scores,
        {condition: baseline_scores(images, baseline) for condition in conditions},
    )


def easiness(images: int) -> np.ndarray:
    """Some images are easy for every model: dB above the average image."""
    easy = np.random.default_rng(0).normal(0, 2, images)
    return easy - easy.mean()


def baseline_scores(images: int, best: float) -> pd.DataFrame:
    easy = easiness(images)
    baselines = [("mean", "", math.nan, best - 5), ("pca", "clipped", 15, best - 2), ("pca", "clipped", 50, best)]
    baselines.append(("wiener", "affine", math.nan, best - 1))
    frames = [
        pd.DataFrame(
            {"baseline": baseline, "variant": variant, "latent": latent, "image": range(images), "psnr": psnr + easy}
            | {"ssim": 0.5, "mse": 0.02, "bce": 0.3}
        )
        for baseline, variant, latent, psnr in baselines
    ]
    return pd.concat(frames, ignore_index=True)


def claim(quantity: str, expected, tolerance: float = 0.0, direction: str | None = None, **fields) -> Claim:
    record = {"id": "made-up", "report": "dense", "source": "nowhere", "statement": "A claim.", "quantity": quantity}
    record |= {"expected": expected, "tolerance": tolerance, "tolerance_reason": "as good as any"}
    return Claim.model_validate(record | {"direction": direction, "evidence": ["metrics"]} | fields)


def verdict(quantity, expected, tolerance=0.0, direction=None, evidence=None, stand_ins=None) -> pd.Series:
    given = claim(quantity, expected, tolerance, direction)
    return judge([given], evidence or study(), stand_ins, seed=7).iloc[0]


def observed(quantity, **study_options) -> float:
    return verdict(quantity, 0, evidence=study(**study_options)).observed


MNIST = 'dataset="mnist", model="dense3"'
LATENT_RUNS = tuple(("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in LATENTS)


# --- the records of the two reports ---------------------------------------------------------------------------------


def test_every_claim_of_the_reports_has_a_record():
    reported = {"dense-1a", "dense-1b", "dense-1c", "dense-1d", "dense-1e", "dense-2a", "dense-2b", "dense-2c"}
    reported |= {"dense-3a", "dense-3b", "conv-1", "conv-2", "conv-3", "conv-4"}
    claims = load_claims(CLAIMS)
    assert reported <= {claim.id for claim in claims}
    assert all(claim.id.startswith(f"{claim.report}-") for claim in claims)


def test_a_study_that_agrees_with_the_reports_reproduces_every_claim():
    table = judge(load_claims(CLAIMS), study(), seed=7)
    columns = "id, report, statement, expected, observed, ci_low, ci_high, tolerance, verdict, reason, evidence"
    assert list(table.columns) == columns.split(", ")
    assert table[table.verdict != "reproduced"][["id", "verdict", "reason"]].to_dict("records") == []


def test_the_reports_claims_fit_one_run_each_in_the_reports_grid_and_beyond():
    check_selections(load_claims(CLAIMS), paper_runs())
    more = [("mnist", "dense3", 200, 0.0, "none", 0.0), ("cifar10", "conv", 4096, 0.0, "gaussian_once", 0.25)]
    check_selections(load_claims(CLAIMS), paper_runs() + more)


def test_claims_are_judged_on_stand_ins_where_they_can_be():
    table = judge(load_claims(CLAIMS), study(tuple(paper_runs(("digits",)))), STAND_INS, seed=7).set_index("id")
    assert table.verdict["dense-1a"] == "reproduced"
    assert table.evidence["dense-1a"] == "dense/fig2-1-bottom, metrics; digits standing in for mnist"
    assert table.evidence["dense-1c"].endswith("; digits standing in for mnist and fmnist")
    assert table.verdict["dense-1c-most"] == "not testable"
    assert "compares fmnist with mnist, but digits stands in for both" in table.reason["dense-1c-most"]
    assert (table.verdict == "not testable").sum() == 1


def test_an_empty_study_makes_every_claim_not_testable():
    claims = load_claims(CLAIMS)
    table = judge(claims, Evidence({}, {}, {}), seed=7)
    assert set(table.verdict) == {"not testable"}
    assert table[["observed", "ci_low", "ci_high"]].isna().all(axis=None)
    assert (table.reason.str.len() > 10).all()


def test_schema_file_agrees_with_the_model():
    assert json.loads(SCHEMA.read_text()) == claims_schema(), (
        "write it anew: aestudy.files.write_json('workflow/schemas/claims.schema.json', claims_schema())"
    )
    first_line = CLAIMS.read_text().splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=../workflow/schemas/claims.schema.json"


def test_examples_in_the_comments_of_the_claims_file_parse():
    comments = " ".join(line[1:].strip() for line in CLAIMS.read_text().splitlines() if line.startswith("#"))
    for example in ('psnr(dataset="mnist", model="dense3", latent=100)', "min(steps(psnr("):
        assert example in comments
    parse(
        'mean(psnr(dataset="mnist", model="dense3", latent=each) - psnr(dataset="mnist", model="dense5", latent=each))'
    )
    parse('min(steps(psnr(dataset="mnist", model="dense3", latent=each)))')
    assert all(f"{name}(" in comments or name in comments for name in [*READERS, *FUNCTIONS])


# --- mistakes in the records ----------------------------------------------------------------------------------------


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
        "dense-1a: unknown key 'tolerence' (did you mean 'tolerance'?)",
        "b: quantity: unknown function 'psnrr' (did you mean 'psnr'?)",
        "b: tolerance: Input should be greater than or equal to 0; found -1",
        "c: expected must be a number, a sign such as '> 0', or '~ 0' for no effect; found 'about 20'",
        "d: '~' needs a tolerance above 0",
        "e: the key 'report' is missing",
        "claim 7: ",
    ):
        assert part in message
    assert message.count("c: expected") == 1


def test_an_id_may_stand_once(tmp_path):
    record = yaml.safe_load(CLAIMS.read_text())[0]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump([record, record]))
    with pytest.raises(UserError, match="dense-1a: the id stands on several claims"):
        load_claims(path)


@pytest.mark.parametrize("text", ["id: x", "- [", None])
def test_a_file_that_is_no_list_of_claims(tmp_path, text):
    path = tmp_path / "claims.yaml"
    if text:
        path.write_text(text)
    with pytest.raises(UserError, match=r"claims\.yaml"):
        load_claims(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not an expression"),
        ("1 +", "is not an expression"),
        ("-" * 1500 + "1", "is not an expression"),
        ("1" * 3000, "3000 characters"),
        ("1" * 400, "is not an expression"),
        ("1 + 2", "reads nothing from the study"),
        ("__import__('os').system('true')", "is not part of the language"),
        ("open('x')", "unknown function 'open'"),
        (f"psnr({MNIST}).real", "is not part of the language"),
        (f"psnr({MNIST}) ** 2", "is not part of the language"),
        (f"psnr({MNIST}) > 0", "is not part of the language"),
        (f"psnr({MNIST}) + True", "is not part of the language"),
        (f"psnr({MNIST}) + 1e999", "is not part of the language"),
        (f"pnsr({MNIST})", r"unknown function 'pnsr' \(did you mean 'psnr'\?\); allowed: psnr, ssim"),
        ('psnr("mnist")', "psnr takes keywords only"),
        ("psnr(dataset='mnist')", "psnr needs model"),
        (f"psnr({MNIST}, latents=3)", r"unknown argument of psnr 'latents' \(did you mean 'latent'\?\)"),
        (f"psnr({MNIST}, latent='15')", "latent in psnr must be a number, each or between"),
        ("psnr(dataset=each, model='conv')", "dataset in psnr must be a name in quotes, found each"),
        (f"psnr({MNIST}, first=0)", "first in psnr must be a whole number from 1, found 0"),
        (f"psnr({MNIST}, variance=0.2)", "a variance but no noise"),
        (f"psnr({MNIST}, **x)", "unknown argument of psnr 'None'"),
        (f"metric({MNIST})", "metric takes one column"),
        (f"metric('sparse', {MNIST})", r"unknown column of metric 'sparse'.*allowed: psnr, .*sparsity"),
        (f"history('epoch', epoch='last', {MNIST})", "epoch in history must be a whole number but 0"),
        (f"psnr({MNIST}, latent=each)", "several values, one for each latent: put them into min, max or mean"),
        (f"max(psnr({MNIST}, latent=between(3, 2)))", "between takes a lower and a higher number"),
        (f"max(psnr({MNIST}, latent=each) - psnr({MNIST}, l1=each))", "cannot pair"),
        (f"max(steps(psnr({MNIST}, latent=each, l1=each)))", "steps takes values along one of"),
        (f"max(steps(psnr({MNIST})))", "steps takes values along one of"),
        (f"abs(psnr({MNIST}), 1)", "abs takes 1 argument, found 2"),
        ("min()", "min takes at least one argument, found 0"),
        (f"min(psnr({MNIST}), key=3)", "min takes no keywords"),
    ],
)
def test_what_the_language_refuses(text, message):
    with pytest.raises(UserError, match=message):
        parse(text)


PIECES = ["psnr", "max", "steps", "history", "each", "between", "dataset=", "latent=", "'mnist'", "1", "0", "(", ")"]


@hypothesis.given(st.one_of(st.text(), st.lists(st.sampled_from([*PIECES, ",", "-", "/", " "])).map("".join)))
def test_whatever_is_written_is_read_or_refused_with_a_message(text):
    with contextlib.suppress(UserError):
        parse(text)


# --- what expressions read ------------------------------------------------------------------------------------------


def test_scores_are_means_over_replicates_and_images():
    run = ("mnist", "dense3", 100, 0.0, "none", 0.0)
    frame = pd.DataFrame(list(itertools.product((0, 1), range(3))), columns=["replicate", "image"])
    frame["psnr"], frame["psnr_noisy"] = [10.0, 20, 30, 12, 22, 32], [1.0, 1, 1, 2, 2, 2]
    evidence = Evidence({}, {run: frame.sample(frac=1, random_state=0)}, {})
    assert verdict(f"psnr({MNIST})", 0, evidence=evidence).observed == 21
    assert verdict(f"psnr({MNIST}, first=2)", 0, evidence=evidence).observed == 16
    assert verdict(f"gain({MNIST}) * 2 - 1", 0, evidence=evidence).observed == 2 * 19.5 - 1
    row = verdict(f"psnr({MNIST}, first=4)", 0, evidence=evidence)
    assert row.verdict == "not testable" and "has 3 test images, not 4" in row.reason


def test_filters_not_given_mean_plain_reconstruction():
    value = observed(f"psnr({MNIST}, latent=100)")
    assert value == observed(f"psnr({MNIST}, latent=100, l1=0, noise='none', variance=0)")
    assert value == pytest.approx(26.3, abs=0.1)


def test_tables_are_read_by_run_and_averaged_over_replicates():
    row = dict(zip(KEYS, ("mnist", "conv", 3136, 0.0, "none", 0.0), strict=True))
    history = [
        {**row, "replicate": replicate, "epoch": epoch, "train_loss": epoch, "validation_loss": loss}
        for replicate, losses in enumerate([[5.0, 3.0, 4.0], [9.0, 8.0, 6.0]])
        for epoch, loss in enumerate(losses, 1)
    ]
    evidence = Evidence({"history": pd.DataFrame(history).sample(frac=1, random_state=0)}, {}, {})

    def value(epoch, column="validation_loss"):
        return verdict(f"history('{column}', {epoch} dataset='mnist', model='conv')", 0, evidence=evidence)

    assert value("").observed == value("epoch=-1,").observed == 5.0
    assert value("epoch=1,").observed == 7.0
    assert value("epoch=-2,").observed == 5.5
    assert value("epoch='best',").observed == 4.5
    assert value("epoch='best',", "epoch").observed == 2.5
    assert value("epoch=4,").verdict == value("epoch=-4,").verdict == "not testable"
    assert "has no epoch 4" in value("epoch=4,").reason


def test_baselines_and_the_strongest_of_them():
    assert observed("baseline('psnr', dataset='mnist', baseline='pca', latent=15)") == pytest.approx(14.8)
    assert observed("best_baseline('psnr', dataset='mnist')") == pytest.approx(16.8)
    assert observed("best_baseline('mse', dataset='mnist')") == pytest.approx(0.02)
    with pytest.raises(UserError, match=r"fits 2 baselines that differ in latent \(15, 50\): add latent="):
        observed("baseline('psnr', dataset='mnist', baseline='pca')")


def test_terms_with_several_values_are_paired_by_label():
    """dense3 has five latent sizes and dense5 loses the last: pairs are made of the four that both have."""
    runs = tuple(run for run in paper_runs() if run[1:4] != ("dense5", 100, 0.0))
    pairs = 'psnr(dataset="mnist", model="dense3", latent=each) - psnr(dataset="mnist", model="dense5", latent=each)'
    for text in (f"mean({pairs})", f"min({pairs})", f"max({pairs})"):
        assert observed(text, runs=runs) == pytest.approx(0.5, abs=0.1)
    assert observed(f"max(1, 2 * abs({pairs}), 3)", runs=runs) == 3


def test_steps_go_from_each_grid_point_to_the_next():
    def staircase(*run):
        return as_published(*run) | {"sparsity": {15: 0.1, 30: 0.4, 50: 0.6, 75: 0.5, 100: 0.9}[run[2]]}

    steps = f"steps(metric('sparsity', {MNIST}, latent=each))"
    assert observed(f"min({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(-0.1)
    assert observed(f"max({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(0.4)
    assert observed(f"mean({steps})", runs=LATENT_RUNS, numbers=staircase) == pytest.approx(0.2)
    inner = f"min(steps(metric('sparsity', {MNIST}, latent=between(30, 75))))"
    assert observed(inner, runs=LATENT_RUNS, numbers=staircase) == pytest.approx(-0.1)
    row = verdict(f"min({steps})", ">= 0", evidence=study(LATENT_RUNS[-1:]))
    assert row.verdict == "not testable" and "the study has only 100" in row.reason


def test_a_term_that_fits_several_runs_is_ambiguous():
    given = [
        claim(f"psnr({MNIST})", 20, 1, id="a-1"),
        claim(f"psnr({MNIST}, latent=15, noise='gaussian')", 1, id="a-2"),
    ]
    with pytest.raises(UserError) as error:
        judge(given[:1], study())
    assert "a-1: ambiguous: dataset=mnist, model=dense3, l1=0, noise=none, variance=0 fits 5 runs" in str(error.value)
    assert "latent (15, 30, 50, 75, 100): add latent=" in str(error.value)
    with pytest.raises(UserError, match=r"a-1: ambiguous"):
        check_selections(given, paper_runs())
    check_selections(given[1:], paper_runs())


def test_a_model_without_free_latent_may_be_planned_without_one():
    planned = ("mnist", "conv", None, 0.0, "gaussian_once", 0.25)
    quantity = 'psnr(dataset="mnist", model="conv", noise="gaussian_once", variance=0.25, first=100)'
    check_selections([claim(quantity, 20, 1)], [planned, *paper_runs()[:-1]])
    frame = pd.DataFrame({"replicate": 0, "image": range(100), "psnr": 20.0})
    assert verdict(quantity, 20, evidence=Evidence({}, {planned: frame}, {})).observed == 20


def test_evidence_is_read_from_the_files_of_a_study(tmp_path):
    run, condition = ("mnist", "dense3", 100, 0.0, "none", 0.0), ("mnist", "none", 0.0)
    scores, baselines = tmp_path / "scores.parquet", tmp_path / "baselines.parquet"
    frame = pd.DataFrame({"replicate": 0, "image": [0, 1], "psnr": [20.0, 22.0], "bce": 0.1})
    frame.to_parquet(scores)
    baseline_scores(2, 10.0).to_parquet(baselines)
    (tmp_path / "tables").mkdir()
    header, row = ",".join([*KEYS, "replicate", "sparsity"]), "mnist,dense3,100,0.0,none,0.0,0,0.25"
    (tmp_path / "tables" / "metrics.csv").write_text(f"{header}\n{row}\n")
    evidence = Evidence.from_study(tmp_path, {run: scores}, {condition: baselines})
    assert verdict(f"psnr({MNIST})", 0, evidence=evidence).observed == 21
    assert verdict(f"metric('sparsity', {MNIST})", 0, evidence=evidence).observed == 0.25
    assert verdict("best_baseline('ssim', dataset='mnist')", 0, evidence=evidence).observed == 0.5
    missing = verdict(f"cost('seconds_per_epoch', {MNIST})", 0, evidence=evidence)
    assert (missing.verdict, missing.reason) == ("not testable", "the study has no cost.csv")


# --- verdicts -------------------------------------------------------------------------------------------------------

RISE = f"psnr({MNIST}, latent=100) - psnr({MNIST}, latent=15)"


def rising(rise: float) -> Evidence:
    """A study whose PSNR rises by so many dB from a latent of 15 to one of 100."""
    return study(LATENT_RUNS, lambda *run: as_published(*run) | {"psnr": 20 + rise * (run[2] - 15) / 85})


@pytest.mark.parametrize(
    ("rise", "expected", "tolerance", "direction", "right"),
    [
        # a number
        (7.0, 7, 0.5, None, "reproduced"),
        (3.0, 7, 0.5, None, "not reproduced"),
        (3.0, 7, 0.5, RISE, "direction only"),
        (-3.0, 7, 0.5, RISE, "contradicted"),
        (0.0, 7, 0.5, RISE, "not reproduced"),
        (-3.0, 7, 0.5, None, "not reproduced"),
        # a sign
        (7.0, "> 0", 0, None, "reproduced"),
        (-7.0, "> 0", 0, None, "contradicted"),
        (0.0, "> 0", 0, None, "not reproduced"),
        (-7.0, "< 0", 0, None, "reproduced"),
        (7.0, "<= 0", 0, None, "contradicted"),
        (0.0, "< 0", 0, None, "not reproduced"),
        (0.0, ">= 0", 0.5, None, "reproduced"),
        (0.0, "<= 0", 0.5, None, "reproduced"),
        (-1.0, ">= 0", 0.5, None, "contradicted"),
        (7.0, "> 8", 0, RISE, "direction only"),
        # no effect
        (0.0, "~ 0", 0.5, None, "reproduced"),
        (0.5, "~ 0", 0.5, None, "not reproduced"),
        (2.0, "~ 0", 0.5, None, "contradicted"),
        (-2.0, "~ 0", 0.5, None, "contradicted"),
        (2.0, "~ 2", 0.5, None, "reproduced"),
    ],
)
def test_verdicts(rise, expected, tolerance, direction, right):
    row = verdict(RISE, expected, tolerance, direction, rising(rise))
    assert row.verdict == right, row.reason
    assert row.ci_low <= row.observed <= row.ci_high
    assert row.ci_low < rise < row.ci_high, "noise from replicate to replicate is 0.01 dB, and the interval knows"
    assert right in VERDICTS


def test_the_reason_is_made_from_the_numbers():
    row = verdict(f"psnr({MNIST}, latent=100)", 27, 1, RISE, rising(3.0))
    value, low, high = (f"{number:.4g}" for number in (row.observed, row.ci_low, row.ci_high))
    assert row.verdict == "direction only"
    assert row.reason.startswith(
        f"observed {value} [{low}, {high}] is {27 - row.observed:.4g} below the published 27, "
    )
    assert "beyond the tolerance of 1; the direction holds (" in row.reason
    assert row.reason.endswith("; 3 replicates")
    assert "\n" not in row.reason
    sign = verdict(RISE, "> 0", evidence=rising(-3.0))
    assert "] is on the other side, not > 0; 3 replicates" in sign.reason
    effect = verdict(RISE, "~ 0", 0.5, evidence=rising(3.0))
    assert "] lies outside 0 ± 0.5 (90 % interval [" in effect.reason


def test_sign_claims_say_what_the_replicates_say_alone():
    given = [claim(RISE, "> 0", id="a"), claim(RISE, "< 0", id="b"), claim(RISE, 7, 1, id="c")]
    table = judge(given, study(LATENT_RUNS, replicates=6), seed=7).set_index("id")
    # six replicates agree: 2 of 64 assignments of signs; two sign claims
    for name in "ab":
        assert "exact sign-flip p = 0.031, 0.062 with Holm's correction for 2 claims" in table.reason[name]
    assert "sign-flip" not in table.reason["c"]
    few = judge(given, study(LATENT_RUNS, replicates=5), seed=7)
    assert not few.reason.str.contains("sign-flip").any(), "2 of 32: five replicates cannot give a p below 0.05"


def test_one_replicate_still_has_test_images():
    row = verdict(RISE, "> 0", evidence=study(replicates=1))
    assert row.verdict == "reproduced" and row.ci_low > 0
    assert "one replicate: the interval covers the choice of test images only" in row.reason


@pytest.mark.parametrize(("expected", "right"), [("> 0", "reproduced"), ("< 0", "contradicted"), (0.1, "reproduced")])
def test_one_replicate_of_one_number_is_judged_by_value(expected, right):
    row = verdict(f"metric('sparsity', {MNIST}, latent=15)", expected, evidence=study(replicates=1))
    assert row.verdict == right
    assert math.isnan(row.ci_low) and math.isnan(row.ci_high)
    assert "one replicate: there is no interval" in row.reason


def test_a_missing_run_is_named():
    row = verdict(f"psnr({MNIST}, latent=64)", 20, 1)
    assert row.verdict == "not testable"
    assert row.reason == (
        "the study has no run with dataset=mnist, model=dense3, latent=64, l1=0, noise=none, variance=0; "
        "there is latent 15, 30, 50, 75, 100"
    )
    assert math.isnan(row.observed)


def test_a_missing_direction_leaves_the_number_to_be_judged():
    direction = f"psnr({MNIST}, latent=64)"
    near = verdict(f"psnr({MNIST}, latent=15)", 20, 1, direction)
    far = verdict(f"psnr({MNIST}, latent=15)", 30, 1, direction)
    assert (near.verdict, far.verdict) == ("reproduced", "not reproduced")
    assert "the direction is not testable (the study has no run with" in far.reason


def test_an_empty_score_is_not_testable():
    row = verdict(f"gain({MNIST}, latent=15)", 1, 1)
    assert row.verdict == "not testable" and "no gain for every image of dataset=mnist" in row.reason


def test_no_finite_number_is_not_testable():
    sparsity = f"metric('sparsity', {MNIST}, latent=15)"
    row = verdict(f"psnr({MNIST}, latent=15) / ({sparsity} - {sparsity})", 1, 1)
    assert row.verdict == "not testable" and "no finite number" in row.reason


def test_runs_without_a_replicate_in_common_are_not_testable():
    frame = pd.DataFrame({"replicate": 0, "image": range(3), "psnr": 20.0})
    scores = {
        ("mnist", "dense3", 15, 0.0, "none", 0.0): frame,
        ("mnist", "dense3", 100, 0.0, "none", 0.0): frame.assign(replicate=1),
    }
    row = verdict(RISE, "> 0", evidence=Evidence({}, scores, {}))
    assert row.verdict == "not testable" and "no replicate in common" in row.reason


def test_a_network_that_loses_to_a_baseline_is_contradicted():
    table = judge(load_claims(CLAIMS), study(baseline=22.0), seed=7).set_index("id")
    assert table.verdict["conv-4"] == "contradicted"


def test_overfitting_is_seen():
    table = judge(load_claims(CLAIMS), study(numbers=lambda *run: as_published(*run) | {"excess": 5.0}), seed=7)
    assert table.set_index("id").verdict["conv-3"] == "contradicted"


def test_denoising_that_works_contradicts_the_claim_that_it_does_not():
    def works(*run):
        numbers = as_published(*run)
        return numbers | {"psnr": 15 + 35 * run[5]} if run[4] == "gaussian" else numbers

    table = judge(load_claims(CLAIMS), study(numbers=works), seed=7).set_index("id")
    assert table.verdict["dense-3a"] == "direction only"
    assert table.verdict["dense-3b"] == table.verdict["dense-3b-growth"] == "contradicted"


def test_judging_twice_gives_the_same_table():
    claims, build = load_claims(CLAIMS), study.__wrapped__
    first, second = (judge(claims, build(), seed=7).to_csv() for _ in range(2))
    assert first == second
    assert first != judge(claims, study(), seed=8).to_csv(), "the seed reaches the resampling"
