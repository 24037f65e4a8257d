"""The language of claims: what expressions become, and what is refused."""

import contextlib

import hypothesis
import hypothesis.strategies as st
import pytest

from aestudy.base.errors import UserError
from aestudy.claims.language import FUNCTIONS, READERS, Between, Call, Each, Number, Own, Term, labelling, parse, terms

MNIST = 'dataset="mnist", model="dense3"'
KEYS = (("dataset", "mnist"), ("model", "dense3"))
PLAIN = (("l1", 0.0), ("noise", "none"), ("variance", 0.0))


def test_filters_not_given_mean_plain_reconstruction():
    assert parse(f"psnr({MNIST})") == Term("metrics", "psnr", (*KEYS, *PLAIN))
    full = f"psnr({MNIST}, l1=0, noise='none', variance=0)"
    assert parse(full) == parse(f"psnr({MNIST})")


def test_filters_come_in_the_order_of_the_keys():
    expected = (*KEYS, ("latent", 5.0), ("l1", 0.1), ("noise", "gaussian"), ("variance", 0.2))
    assert parse(f"psnr(variance=0.2, l1=0.1, noise='gaussian', latent=5, {MNIST})").filters == expected


@pytest.mark.parametrize(
    ("text", "table", "column", "epoch"),
    [
        (f"gain({MNIST}, first=100)", "metrics", "gain_db_first_100", None),
        (f"metric('sparsity', {MNIST})", "metrics", "sparsity", None),
        (f"cost('seconds_per_epoch', {MNIST})", "cost", "seconds_per_epoch", None),
        (f"generalisation('gap_db', {MNIST})", "generalisation", "gap_db", None),
        (f"history('train_loss', {MNIST})", "history", "train_loss", -1),
        (f"history('epoch', epoch='best', {MNIST})", "history", "epoch", "best"),
        ("baseline('ssim', dataset='mnist', baseline='pca', latent=5, first=100)", "baselines", "ssim_first_100", None),
    ],
)
def test_readers_name_table_and_column(text, table, column, epoch):
    term = parse(text)
    assert (term.table, term.column, term.epoch) == (table, column, epoch)


def test_the_best_baseline_is_the_best_of_all_of_them():
    keys = (("dataset", "mnist"), ("noise", "none"), ("variance", 0.0))
    every = (*keys, ("baseline", Each()), ("variant", Each()), ("latent", Each()))
    assert parse("best_baseline('psnr', dataset='mnist')") == Call("max", (Term("baselines", "psnr", every),))
    assert parse("best_baseline('mse', dataset='mnist')") == Call("min", (Term("baselines", "mse", every),))


def test_arithmetic_has_the_precedence_of_python():
    node = parse(f"1 - 2 * psnr({MNIST}) / -3")
    product = Call("*", (Number(2.0), parse(f"psnr({MNIST})")))
    assert node == Call("-", (Number(1.0), Call("/", (product, Call("-", (Number(3.0),))))))


def test_terms_come_in_the_order_in_which_they_are_written():
    node = parse(f"max(ssim({MNIST}), psnr({MNIST}) - min(bce({MNIST})))")
    assert [term.column for term in terms(node)] == ["ssim", "psnr", "bce"]


def test_filters_that_take_several_values_label_them():
    term = next(terms(parse(f"max(psnr({MNIST}, latent=each, l1=between(0.1, 1)))")))
    assert term.free == ("latent", "l1")
    assert dict(term.filters)["l1"] == Between(0.1, 1.0)
    assert str(term) == "dataset=mnist, model=dense3, latent=each, l1=between(0.1, 1), noise=none, variance=0"


def test_all_takes_the_values_of_a_whole_expression():
    node = parse(f"all(psnr({MNIST}, latent=each) - 20, psnr({MNIST}, latent=100))")
    assert isinstance(node, Call) and node.function == "all"
    assert [labelling(argument) for argument in node.arguments] == [("latent",), ()]
    assert labelling(node) == ()


def test_a_test_set_that_is_not_named_is_the_networks_own():
    term = parse(f"transfer('psnr', {MNIST}, noise='gaussian', variance=0.2, test_dataset='fmnist')")
    filters = dict(term.filters)
    assert (term.table, term.column, filters["test_dataset"]) == ("transfer", "psnr", "fmnist")
    assert filters["test_noise"] == filters["test_variance"] == Own()
    assert "test_noise=its own" in str(term)
    clean = dict(parse(f"transfer('psnr', {MNIST}, noise='gaussian', variance=0.2, test_noise='none')").filters)
    assert (clean["test_noise"], clean["test_variance"], clean["variance"]) == ("none", 0.0, 0.2)


def test_white_space_and_line_ends_do_not_count():
    assert parse(f"\n  psnr(\n {MNIST}) \n - 1") == parse(f"psnr({MNIST}) - 1")


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
        (f"pnsr({MNIST})", r"unknown function 'pnsr'; allowed: psnr, ssim, .*; did you mean psnr\?"),
        ('psnr("mnist")', "psnr takes keywords only"),
        ("psnr(dataset='mnist')", "psnr needs model"),
        (f"psnr({MNIST}, latents=3)", r"unknown argument of psnr 'latents'; allowed: .*; did you mean latent\?"),
        (f"psnr({MNIST}, latent='15')", "latent in psnr must be a number, each or between"),
        ("psnr(dataset=each, model='conv')", "dataset in psnr must be a name in quotes, found each"),
        (f"psnr({MNIST}, first=0)", "first in psnr must be 100: .* is kept of a part, found 0"),
        (f"mse({MNIST}, first=100)", "first=100 is there for psnr, ssim, psnr_noisy, ssim_noisy, gain and not for mse"),
        (f"all(psnr({MNIST}, latent=each)) - 1", "all stands around a whole expression, with one argument or more"),
        (f"mean(all(psnr({MNIST})))", "all stands around a whole expression"),
        ("all()", "all stands around a whole expression, with one argument or more"),
        (f"all(psnr({MNIST}), key=1)", "all stands around a whole expression"),
        (f"transfer('ssim', {MNIST})", r"unknown column of transfer 'ssim'; allowed: psnr, "),
        (f"transfer('psnr', {MNIST}, test_latent=3)", "unknown argument of transfer 'test_latent'"),
        (f"transfer('psnr', {MNIST}, test_dataset=3)", "test_dataset in transfer must be a name in quotes or each"),
        (f"psnr({MNIST}, test_dataset='fmnist')", "unknown argument of psnr 'test_dataset'"),
        (f"psnr({MNIST}, variance=0.2)", "a variance but no noise"),
        (f"psnr({MNIST}, **x)", "unknown argument of psnr 'None'"),
        (f"metric({MNIST})", "metric takes one column"),
        (f"metric('sparse', {MNIST})", r"unknown column of metric 'sparse'.*allowed: psnr, .*sparsity"),
        (f"history('epoch', epoch='last', {MNIST})", "epoch in history must be a whole number but 0"),
        (f"psnr({MNIST}, latent=each)", "several values, one for each latent: put them into all, min, max or mean"),
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
        assert any(terms(parse(text)))


def test_every_function_has_a_reader_or_an_operation():
    """Written out: the comments of report/claims.yaml explain these."""
    assert set(READERS) == {
        *("psnr", "ssim", "mse", "bce", "psnr_noisy", "ssim_noisy", "psnr_clean_input", "gain"),
        *("metric", "cost", "generalisation", "transfer", "history", "baseline", "best_baseline"),
    }
    assert set(FUNCTIONS) == {"min", "max", "mean", "all", "abs", "decibel", "steps"}
