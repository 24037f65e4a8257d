"""Mistakes in a configuration: every one is one readable line, whatever is found in the place of what is allowed."""

import re

import pytest
import yaml
from faults import tried

from aestudy.study import config
from unit.study.valid import DELETE, VALID, assert_readable, changed, mistakes, shown

CONV = "{label: x, network: {architecture: conv, filters: [4]}}"
NAME = "allowed: a name of lower-case letters"
POSITIVE_SIZE = "allowed: a whole number, at least 1, at most 65,536"
KEYS = "allowed here: study, seed, replicates, device, test_noise, datasets"

# fmt: off
# (place, YAML text put there, words of the message about that place: how it starts, and what else is in it)
MISTAKES = [
    ("study", DELETE, "this key is required and missing; ", NAME),
    ("study", "", "found no value (null); ", NAME),
    ("study", "12", "found 12; ", NAME, "quotation marks"),
    ("study", "2025-01-01", "found 2025-01-01; ", NAME, "quotation marks"),
    ("study", "no", "found false; ", NAME, "YAML reads yes, no, on and off as true and false"),
    ("study", "Paper", "found 'Paper'; ", NAME),
    ("study", "a/b", "found 'a/b'; ", NAME),
    ("study", "..", "found '..'; ", NAME),
    ("study", "../up", "found '../up'; ", NAME),
    ("study", "my study", "found 'my study'; ", NAME),
    ("study", "-study", "found '-study'; ", NAME),
    ("study", "2nd", "found '2nd'; ", NAME),
    ("study", "''", "found ''; ", NAME),
    ("study", '"line\\n"', "found 'line\\n'; ", NAME),
    ("study", '"nul\\0"', "found 'nul\\x00'; ", NAME),
    ("study", '"\\uD800"', "found '\\ud800'; ", NAME),
    ("study", "p\u0430per", "found 'p\u0430per'; ", NAME, "is CYRILLIC SMALL LETTER A"),
    ("study", "étude", "found 'étude'; ", NAME, "LATIN SMALL LETTER E WITH ACUTE"),
    ("study", "a" * 41, "found 'aaaa", "at most 40 long"),
    ("study", "a" * 100000, "found 'aaaa", "...; allowed"),
    ("study", "[paper]", "found ['paper']; ", NAME),
    ("study", "{a: 1}", "found a mapping; ", NAME),
    ("study", "!!binary aGVsbG8=", "found binary data; ", NAME),
    ("seed", "1.5", "found 1.5; allowed: a whole number, at least 0, at most 9,223,372,036,854,775,807"),
    ("seed", "-1", "found -1; allowed: a whole number, at least 0"),
    ("seed", str(2**63), "found 9223372036854775808; allowed: a whole number", "at most 9,223,372,036,854,775,807"),
    ("seed", "0x" + "f" * 5000, "found a number of some 6,021 digits; allowed: a whole number"),
    ("seed", "true", "found true; allowed: a whole number"),
    ("seed", "'7'", "found '7'; allowed: a whole number", "remove the quotation marks"),
    ("seed", '"\\x1c7"', "found '\\x1c7'; allowed: a whole number"),
    ("seed", "1e3", "found '1e3'; allowed: a whole number", "(YAML reads 1e3 as text: write 1000)"),
    ("seed", "1.0e+3", "found 1000.0; allowed: a whole number"),
    ("seed", ".nan", "found nan; allowed: a whole number"),
    ("seed", "[1]", "found [1]; allowed: a whole number"),
    ("seed", "~", "found no value (null); allowed: a whole number"),
    ("replicates", "0", "found 0; allowed: a whole number, at least 1, at most 1,000"),
    ("replicates", "1001", "found 1001; allowed: a whole number, at least 1, at most 1,000"),
    ("replicates", "2.0", "found 2.0; allowed: a whole number"),
    ("replicates", "many", "found 'many'; allowed: a whole number"),
    ("device", "gpu", "found 'gpu'; allowed: auto, cpu, cuda; did you mean cpu?"),
    ("device", "CPU", "found 'CPU'; allowed: auto, cpu, cuda"),
    ("device", "true", "found true; allowed: auto, cpu, cuda"),
    ("device", "", "found no value (null); allowed: auto, cpu, cuda"),
    ("test_noise", "per_replicat", "found 'per_replicat'; ", "did you mean per_replicate?"),
    ("replicate", "3", "unknown key; ", KEYS, "did you mean replicates?"),
    ("pathvars", "{results: /tmp}", "unknown key; ", KEYS),
    ("training.epoch", "3", "unknown key; allowed here: epochs, batch_size", "did you mean epochs?"),
    ("training.validation.fraction", "0.1", "unknown key; allowed here: source, share"),
    ("models.conv.networks", "{}", "unknown key; ", "did you mean network?"),
    ("models.shallow.network.kernel", "3", "unknown key; ", "architecture, hidden"),
    ("models.conv.network.hidden", "[3]", "unknown key; ", "architecture, filters"),
    ("noises.gaussian.variance", "1", "unknown key; allowed here: kind, clip, draw"),
    ("datasets.digits.mirrors", "[a]", "unknown key; allowed here: label, source"),
    ("datasets.letters.files.images", "{}", "unknown key; ", "train_images"),
    ("experiments.0.latents", "[5]", "unknown key; ", "did you mean latent?"),
    ("evaluation.psnr", "mean", "unknown key; allowed here: ssim, sparsity_threshold, examples"),
    ("datasets", "", "found no value (null); allowed: a mapping of one or more names"),
    ("datasets", "{}", "found an empty mapping; allowed: a mapping of one or more names"),
    ("datasets", "[mnist]", "found ['mnist']; allowed: a mapping of one or more names"),
    ("datasets", DELETE, "this key is required and missing; allowed: a mapping of one or more names"),
    ("datasets.other", "", "found no value (null); ", "a mapping with the key source (cifar, digits, folder, idx)"),
    ("datasets.other", "digits", "found 'digits'; allowed: a mapping with the key source"),
    ("datasets.digits.source", "digit", "found 'digit'; allowed: cifar, digits, folder, idx; did you mean digits?"),
    ("datasets.digits.source", "", "found no value (null); allowed: cifar, digits, folder, idx"),
    ("datasets.digits.source", "[idx]", "found ['idx']; allowed: cifar, digits, folder, idx"),
    ("datasets.digits.label", DELETE, "this key is required and missing; allowed: text"),
    ("datasets.digits.label", "' '", "found ' '; allowed: text that is not blank"),
    ("datasets.digits.label", "5", "found 5; allowed: text", "quotation marks"),
    ("datasets.letters.licence", "''", "found ''; allowed: text that is not blank"),
    ("datasets.letters.homepage", "[]", "found an empty list; allowed: text"),
    ("datasets.letters.mirrors", "[]", "found an empty list; allowed: a list of one or more"),
    ("datasets.letters.mirrors", "/data", "found '/data'; allowed: a list of one or more"),
    ("datasets.letters.mirrors.0", "ftp://a.b/", "found 'ftp://a.b/'; ", "https://"),
    ("datasets.letters.mirrors.1", "", "found no value (null); allowed: an address"),
    ("datasets.letters.files", "[]", "found an empty list; ", "with the keys train_images"),
    ("datasets.letters.files.test_labels", DELETE, "this key is required and missing"),
    ("datasets.letters.files.test_images.file", "../c.gz", "found '../c.gz'; "),
    ("datasets.letters.files.test_images.sha256", "abc", "found 'abc'; ", "64"),
    ("datasets.letters.files.test_images.sha256", "1" * 64, "found 111", "64"),
    ("datasets.letters.files.test_images.shape", "[]", "found an empty list; "),
    ("datasets.letters.files.test_labels.shape.0", "0", "found 0; ", "at least 1"),
    ("datasets.letters.files.test_labels.shape", "[100, 1, 1, 1, 1]", "", "1 to 4"),
    ("noises", "", "found no value (null); allowed: a mapping of any number of names"),
    ("noises.gaussian", "", "found no value (null); allowed: a mapping with the key"),
    ("noises.gaussian.kind", "gauss", "found 'gauss'; allowed: ", "did you mean gaussian?"),
    ("noises.gaussian.kind", DELETE, "this key is required and missing; allowed: gaussian"),
    ("noises.gaussian.clip", "1", "found 1; allowed: true or false"),
    ("noises.gaussian.clip", "'yes'", "found 'yes'; ", "remove the quotation marks"),
    ("noises.gaussian.clip", "'['", "found '['; allowed: true or false"),
    ("noises.gaussian.draw", "twice", "found 'twice'; allowed: once, each_epoch"),
    ("training", "", "found no value (null); allowed: a mapping with the keys epochs, batch_size"),
    ("training", "[epochs]", "found ['epochs']; allowed: a mapping with the keys epochs"),
    ("training.epochs", "0", "found 0; allowed: a whole number, at least 1, at most 100,000"),
    ("training.epochs", "1000000000", "found 1000000000; allowed: a whole number", "at most 100,000"),
    ("training.epochs", "2.5", "found 2.5; allowed: a whole number"),
    ("training.epochs", "true", "found true; allowed: a whole number"),
    ("training.epochs", "", "found no value (null); allowed: a whole number"),
    ("training.batch_size", "-128", "found -128; allowed: a whole number, at least 1"),
    ("training.batch_size", "all", "found 'all'; allowed: a whole number"),
    ("datasets.photos.path", "' '", "found ' '; allowed: text that is not blank"),
    ("datasets.photos.size", "[32]", "found [32]; allowed: a list of 2 values, each a whole number, at least 7"),
    ("datasets.photos.size", "32", "found 32; allowed: a list of 2 values"),
    ("datasets.photos.size.0", "6", "found 6; allowed: a whole number, at least 7"),
    ("datasets.photos.colour", "gray", "found 'gray'; allowed: grey, rgb; did you mean grey?"),
    ("datasets.photos.test_share", "1", "found 1; allowed: a finite number, above 0, below 1"),
    ("training.precision", "fp16", "found 'fp16'; allowed: fp32, bf16, auto"),
    ("training.learning_rate", "1e-05", "found '1e-05'; ", "(YAML reads 1e-05 as text: write 1.0e-5)"),
    ("training.learning_rate", "1.5e3", "found '1.5e3'; ", "(YAML reads 1.5e3 as text: write 1500)"),
    ("training.learning_rate", "'0.1'", "found '0.1'; ", "remove the quotation marks"),
    ("training.learning_rate", "0", "found 0; allowed: a finite number, above 0, at most 10"),
    ("training.learning_rate", "-.inf", "found -inf; allowed: a finite number, above 0"),
    ("training.learning_rate", ".inf", "found inf; allowed: a finite number, above 0"),
    ("training.learning_rate", ".nan", "found nan; allowed: a finite number, above 0"),
    ("training.learning_rate", "nan", "found 'nan'; allowed: a finite number, above 0"),
    ("training.learning_rate", "true", "found true; allowed: a finite number"),
    ("training.learning_rate", "0x" + "f" * 500, "found a number of some 602 digits; "),
    ("training.learning_rate", "0,001", "found '0,001'; allowed: a finite number"),
    ("training.adam_epsilon", "1e-8", "found '1e-8'; ", "write 1.0e-8"),
    ("training.adam_epsilon", "2", "found 2; allowed: a finite number, above 0, at most 1"),
    ("training.initialisation", "tensorflow", "found 'tensorflow'; allowed: pytorch, keras"),
    ("training.precision", "fp16", "found 'fp16'; allowed: "),
    ("training.l1_reduction", "average", "found 'average'; allowed: mean, sum"),
    ("training.loss", "cross_entropy", "found 'cross_entropy'; allowed: bce, mse, l1"),
    ("training.target", "clear", "found 'clear'; allowed: clean, noisy_copy; did you mean clean?"),
    ("training.shared", "order", "found 'order'; allowed: a list", "(a single value is written [order])"),
    ("training.validation", "0.1", "found 0.1; allowed: a mapping with the keys source, share"),
    ("training.validation.source", "tets", "found 'tets'; ", "did you mean test?"),
    ("training.validation.share", "0", "found 0; allowed: a finite number, above 0, at most 0.5"),
    ("training.validation.share", "0.6", "found 0.6; ", "at most 0.5"),
    ("models", "{}", "found an empty mapping; allowed: a mapping of one or more names"),
    ("models.other", "[]", "found an empty list; allowed: a mapping with the keys label, network, training"),
    ("models.conv.label", "", "found no value (null); allowed: text that is not blank"),
    ("models.conv.may_fail", "1", "found 1; allowed: true or false"),
    ("models.conv.network", DELETE, "this key is required and missing; ", "architecture (attention, conv, dense, "),
    ("models.conv.network", "conv", "found 'conv'; allowed: a mapping with the key architecture"),
    ("models.conv.network.architecture", "cnov", "found 'cnov'; ", "did you mean conv?"),
    ("models.conv.network.architecture", "true", "found true; allowed: attention, conv, dense, dncnn, "),
    ("models.conv.network.filters", "[]", "found an empty list; ", "1 to 8 values"),
    ("models.conv.network.filters", "64", "found 64; ", "(a single value is written [64])"),
    ("models.conv.network.filters.1", "5000", "found 5000; ", "at most 4,096"),
    ("models.conv.network.kernel", "4", "found 4; allowed: 1, 3, 5, 7, 9, 11"),
    ("models.conv.network.kernel", "true", "found true; allowed: 1, 3, 5, 7, 9, 11"),
    ("models.conv.network.kernel", "3.0", "found 3.0; allowed: 1, 3, 5, 7, 9, 11"),
    ("models.conv.network.dropout", "1", "found 1; allowed: a finite number, at least 0, below 1"),
    ("models.conv.network.dropout_after", "decoder", "found 'decoder'; ", "encoder+decoder"),
    ("models.shallow.network.hidden", DELETE, "this key is required and missing; ", "up to 20"),
    ("models.shallow.network.hidden.0", "0", "found 0; ", POSITIVE_SIZE),
    ("models.shallow.network.hidden.0", "1000000", "found 1000000; ", POSITIVE_SIZE),
    ("models.shallow.network.hidden", "{a: 1}", "found a mapping; allowed: a list of up to 20"),
    ("models.shallow.network.latent_activation", "none", "found 'none'; ", "relu"),
    ("models.conv.training.epochs", "-1", "found -1; allowed: a whole number, at least 1"),
    ("models.conv.training.epohcs", "5", "unknown key; ", "did you mean epochs?"),
    ("experiments", "", "found no value (null); allowed: a list of one or more values, each a mapping"),
    ("experiments", "[]", "found an empty list; allowed: a list of one or more values, each a mapping"),
    ("experiments", "no", "found false; allowed: a list of one or more values, each a mapping"),
    ("experiments", "{latent: {}}", "found a mapping; allowed: a list of one or more values, each a mapping"),
    ("experiments.0", "latent", "found 'latent'; allowed: a mapping with the keys name, title"),
    ("experiments.0.name", DELETE, "this key is required and missing; ", NAME),
    ("experiments.0.name", "latent/size", "found 'latent/size'; ", NAME),
    ("experiments.0.title", "''", "found ''; allowed: text that is not blank"),
    ("experiments.0.dataset", "digits", "found 'digits'; ", "(a single value is written [digits])"),
    ("experiments.0.dataset", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.0.latent", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.0.latent", "10", "found 10; ", "(a single value is written [10])"),
    ("experiments.0.l1", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.1.variance", "{low: 0.1}", "found a mapping; allowed: a list"),
    ("evaluation", "uniform7", "found 'uniform7'; allowed: a mapping with the keys ssim"),
    ("evaluation.ssim", "gausian11", "found 'gausian11'; ", "did you mean gaussian11?"),
    ("evaluation.sparsity_threshold", "-0.01", "found -0.01; ", "at least 0"),
    ("evaluation.examples", "3", "found 3; allowed: a whole number, at least 10, at most 100"),
    ("experiments.1.transfer", "{}", "found an empty mapping; allowed: a list of any number of values, each"),
    ("experiments.1.transfer.0.datasets", "[digits]", "unknown key; allowed here: dataset, noise, variance"),
    ("experiments.1.transfer.0.dataset", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.1.transfer.0.dataset", "letters", "found 'letters'; ", "(a single value is written [letters])"),
    ("experiments.1.transfer.0.variance.0", "0", "found 0; allowed: a finite number, above 0, at most 100"),
    ("readings", "{}", "found an empty mapping; allowed: a list of any number of values, each a mapping"),
    ("readings.0.report", "Dense", "found 'Dense'; ", NAME),
    ("readings.0.questions", "[]", "found an empty list; allowed: a list of one or more values, each a mapping"),
    ("readings.0.questions.0.id", "2", "found 2; ", NAME),
    ("readings.0.questions.0.question", "' '", "found ' '; allowed: text that is not blank"),
    ("readings.0.questions.0.answers", "[{id: a, answer: one}]", "found a list of 1; allowed: a list of 2 or more"),
    ("readings.0.questions.0.answers.0.id", "as-written", "found 'as-written'; allowed: an id of at most ten"),
    ("readings.0.questions.0.answers.0.answer", DELETE, "this key is required and missing; allowed: text"),
    ("readings.0.questions.0.answers.0.prior", "0", "found 0; allowed: a finite number, above 0"),
    ("readings.0.questions.0.answers.1.network", "{}", "unknown key; ", "did you mean networks?"),
    ("readings.0.questions.0.answers.1.networks", "wide", "found 'wide'; allowed: a mapping of any number of names"),
    ("readings.0.questions.0.answers.1.networks.shallow", "3", "found 3; allowed: a mapping"),
    ("readings.0.questions.1.answers.1.noise", "[clip]", "found ['clip']; allowed: a mapping"),
    ("readings.0.questions.0.answers.1.training.epohcs", "5", "unknown key; ", "did you mean epochs?"),
    ("readings.0.questions.0.answers.1.training.epochs", "0", "found 0; allowed: a whole number, at least 1"),
    ("readings.0.questions.0.answers.1.reason", "1", "found 1; allowed: text", "quotation marks"),
    ("readings.0.questions.2.answers.1.quantities.dense-1", "20", "found 20; allowed: text", "quotation marks"),
    ("readings.0.targets.1.quantity", "' '", "found ' '; allowed: text that is not blank"),
    ("readings.0.questions.1.answers.1.squared", "1", "found 1; allowed: true or false"),
    ("readings.0.questions.1.answers.1.trained_on", "noisy", "found 'noisy'; allowed: own, clean, or a finite number"),
    ("readings.0.questions.1.answers.1.trained_on", "0", "found 0; allowed: own, clean, or a finite number, above 0"),
    ("readings.0.questions.2.answers.1.score", "mean", "found 'mean'; allowed: per_image, pooled, own_range"),
    ("readings.0.questions.2.answers.1.gain", "clean", "found 'clean'; ", "restored, clean_input"),
    ("readings.0.questions.2.answers.1.ssim", "gaussian", "found 'gaussian'; ", "did you mean gaussian11?"),
    ("readings.0.questions.2.answers.1.only_with.tests", "clean", "found 'clean'; ", "written [clean])"),
    ("readings.0.targets", "[]", "found an empty list; allowed: a list of one or more values, each a mapping"),
    ("readings.0.targets.0.claim", "Dense 1", "found 'Dense 1'; allowed: the id of a claim"),
    ("readings.0.chosen_by", DELETE, "this key is required and missing; allowed: text"),
    ("readings.0.repeated.replicates", "1", "found 1; allowed: a whole number, at least 2, at most 1,000"),
    ("readings.0.repeated.readings", "[]", "found an empty list; allowed: a list of one or more"),
    ("claims", "''", "found ''; allowed: text that is not blank"),
    ("claims", "[a.yaml]", "found ['a.yaml']; allowed: text that is not blank"),
    ("stand_ins", "", "found no value (null); allowed: a mapping of any number of names"),
    ("stand_ins", "[digits]", "found ['digits']; allowed: a mapping of any number of names"),
    ("stand_ins.letters", "3", "found 3; allowed: the name of a data set"),
    ("experiments.1.noise", "gaussian", "found 'gaussian'; ", "(a single value is written [gaussian])"),
    ("experiments.0.report", "3", "found 3; allowed: the name of a report"),
    ("experiments.0.drawing", "~", "found no value (null); allowed: the name of a drawing"),
    ("reports", "[dense]", "found ['dense']; allowed: a mapping of any number of names"),
    ("reports.dense", "Dense", "found 'Dense'; allowed: a mapping with the keys title, figures"),
    ("reports.dense.title", DELETE, "this key is required and missing; allowed: text that is not blank"),
    ("reports.dense.titel", "Dense", "unknown key; allowed here: title, figures", "did you mean title?"),
    ("reports.dense.figures", "[]", "found an empty list; allowed: a mapping of any number of names"),
    ("reports.dense.figures.fig2", "sweep", "found 'sweep'; ", "with the keys experiment, drawing, dataset"),
    ("reports.dense.figures.fig2.experiment", DELETE, "this key is required and missing; ", "name of an experiment"),
    ("reports.dense.figures.fig2.drawing", "true", "found true; allowed: the name of a drawing"),
    ("reports.dense.figures.fig2.dataset", "[digits]", "found ['digits']; allowed: the name of a data set"),
]



def cifar(**changes: str) -> str:
    """A data set in CIFAR's format as YAML, with some keys changed."""
    member = f"{{file: a.bin, sha256: {'a' * 64}, images: 9}}"
    keys = {"label": "x", "licence": "none", "homepage": "h", "mirrors": "[m]", "archive": "a.tar.gz", "folder": "a"}
    keys |= {"source": "cifar", "labels": "1", "train": f"[{member}]", "test": f"[{member}]"}
    return "{" + ", ".join(f"{key}: {text}" for key, text in (keys | changes).items()) + "}"


# (place, YAML text put there, the message about another place)
MISTAKES_ELSEWHERE = [
    ("my key", "1", "'my key': unknown key; ", KEYS),
    ("1", "1", "the configuration: found 1 as a key; ", KEYS),
    ("datasets.My Data", "{source: digits, label: x}", "datasets: found 'My Data'; ", NAME),
    ("datasets.1", "{source: digits, label: x}", "datasets: found 1; ", NAME, "quotation marks"),
    ("datasets.other", "{}", "datasets.other.source: this key is required and missing; ", "cifar, digits, folder, idx"),
    ("datasets.other", "{1: x}", "datasets.other.source: this key is required and missing; allowed: cifar, digits,"),
    ("noises.on", "{kind: gaussian, clip: true, draw: once}", "noises: found true; ", "YAML reads yes, no, on and off"),
    ("models.deep net", CONV, "models: found 'deep net'; ", NAME),
    ("models.conv.network.filters", "[8, [8]]", "models.conv.network.filters[1]: found [8]; allowed: a whole number"),
    ("models.conv.training.validation", "{share: 2}",
     "models.conv.training.validation.share: found 2; ", "at most 0.5"),
    ("experiments.0.dataset", "[1]", "experiments[0].dataset[0]: found 1; allowed: the name of a data set"),
    ("experiments.0.model", "[~]", "experiments[0].model[0]: found no value (null); allowed: the name of a model"),
    ("experiments.0.latent", "[0]", "experiments[0].latent[0]: found 0; ", POSITIVE_SIZE),
    ("experiments.0.latent", "[5, 10.0]", "experiments[0].latent[1]: found 10.0; ", POSITIVE_SIZE),
    ("experiments.0.latent", "[true]", "experiments[0].latent[0]: found true; ", POSITIVE_SIZE),
    ("experiments.0.latent", "['5']", "experiments[0].latent[0]: found '5'; ", POSITIVE_SIZE),
    ("experiments.0.latent", "[1000000000000]", "experiments[0].latent[0]: found 1000000000000; ", POSITIVE_SIZE),
    ("experiments.0.l1", "[-0.1]",
     "experiments[0].l1[0]: found -0.1; allowed: a finite number, at least 0, at most 1,000,000"),
    ("experiments.0.l1", "[.nan, 0]", "experiments[0].l1[0]: found nan; allowed: a finite number"),
    ("experiments.0.l1", "[.inf]", "experiments[0].l1[0]: found inf; allowed: a finite number"),
    ("experiments.0.l1", "[1e-4]", "experiments[0].l1[0]: found '1e-4'; ", "(YAML reads 1e-4 as text: write 0.0001)"),
    ("experiments.0.l1", "[false]", "experiments[0].l1[0]: found false; allowed: a finite number"),
    ("models.conv.network", "{architecture: unet, filters: [8, 8], convolutions: 0}",
     "models.conv.network.convolutions: found 0; allowed: a whole number, at least 1"),
    ("models.conv.network", "{architecture: dncnn, depth: 2}", "models.conv.network.depth: found 2; ", "at least 3"),
    ("models.conv.network", "{architecture: dncnn, width: 0}", "models.conv.network.width: found 0; ", "at least 1"),
    ("models.conv.network", "{architecture: attention, filters: [8], kernel: 3, dropout: 0, heads: 0}",
     "models.conv.network.heads: found 0; ", "at least 1"),
    ("noises.gaussian", "{kind: gaussian_random, lowest_share: 2, clip: true, draw: once}",
     "noises.gaussian.lowest_share: found 2; ", "at most 1"),
    ("datasets.other", cifar(archive="a.zip"), "datasets.other.archive: found 'a.zip'; ", "tar archive"),
    ("datasets.other", cifar(folder="../a"), "datasets.other.folder: found '../a'; "),
    ("datasets.other", cifar(train="[]"), "datasets.other.train: found an empty list; "),
    ("datasets.other", cifar(test="3"), "datasets.other.test: found 3; ", "a list of"),
    ("datasets.other", cifar(labels="0"), "datasets.other.labels: found 0; "),
    ("experiments.1.peak", "[0]", "experiments[1].peak[0]: found 0; allowed: a finite number, above 0"),
    ("experiments.1.deviation", "[-1]", "experiments[1].deviation[0]: found -1; allowed: a finite number, above 0"),
    ("experiments.1.half_width", "[0]", "experiments[1].half_width[0]: found 0; allowed: a finite number, above 0"),
    ("experiments.1.largest_deviation", "[0]", "experiments[1].largest_deviation[0]: found 0; "),
    ("experiments.1.share", "[x]", "experiments[1].share[0]: found 'x'; allowed: a finite number, above 0"),
    ("experiments.1.variance", "[0]",
     "experiments[1].variance[0]: found 0; allowed: a finite number, above 0, at most 100"),
    ("experiments.1.variance", "[1.0e+9]", "experiments[1].variance[0]: found 1000000000.0; ", "at most 100"),
    ("stand_ins.UPPER", "digits", "stand_ins: found 'UPPER'; ", NAME),
    ("reports.My Report", "{title: x}", "reports: found 'My Report'; ", NAME),
    ("reports.dense.figures.Fig 3", "{experiment: latent, drawing: sweep}",
     "reports.dense.figures: found 'Fig 3'; allowed: a name of lower-case letters and digits, joined by dashes"),
]
# fmt: on


@pytest.mark.parametrize(
    ("place", "text", "start", "words"),
    [(place, text, f"{shown(place)}: {start}", words) for place, text, start, *words in MISTAKES]
    + [(place, text, start, words) for place, text, start, *words in MISTAKES_ELSEWHERE],
)
def test_a_mistake_is_one_readable_line(place, text, start, words):
    lines = mistakes(changed((place, text)))
    assert len(lines) == 1, lines
    assert lines[0].startswith(start), lines[0]
    assert all(part in lines[0] for part in words), lines[0]
    assert_readable(lines[0])
    tried("bad configurations")


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ("  epochs: 3\n", "  <<: {epohcs: 3}\n  epochs: 3\n", "training.epohcs: unknown key; "),
        ("{source: train, share: 0.1}", "{<<: {share: 7}, source: train}", "training.validation.share: found 7; "),
        ("{architecture: dense, hidden: [32],", "{<<: &n {hidden: [0]}, architecture: dense,",
         "models.shallow.network.hidden[0]: found 0; "),
        ("claims: report/claims.yaml", "claims: [*sum]", "claims: found ['0a1b2c3d4e"),
        ("stand_ins:\n  letters: digits", "stand_ins: *sum", "stand_ins: found '0a1b2c3d4e"),
        ("experiments:\n", "experiments: &e [*e]\nrest:\n", "experiments[0]: found a list of 1; "),
        ("models:\n", "models: &m {self: *m}\nrest:\n", "models.self.self: unknown key; "),
    ],
)  # fmt: skip
def test_mistakes_behind_anchors_aliases_and_merge_keys(old, new, start):
    """They are told at the place where they come to stand, also where a list or a mapping holds itself."""
    assert old in VALID
    lines = mistakes(yaml.safe_load(VALID.replace(old, new, 1)))
    assert any(line.startswith(start) for line in lines), lines
    for line in lines:
        assert_readable(line)
    tried("bad configurations")


@pytest.mark.parametrize("raw", [None, [], ["study"], "study", 3, 0.5, True])
def test_a_configuration_that_is_no_mapping(raw):
    (line,) = mistakes(raw)
    assert line.startswith("the configuration: found ")
    assert "allowed: a mapping with the keys study, seed" in line
    assert_readable(line)
    tried("bad configurations")


def test_an_empty_configuration_lacks_what_has_no_default():
    lines = mistakes({})
    places = [line.partition(":")[0] for line in lines]
    assert places == ["study", "seed", "replicates", "datasets", "noises", "models", "experiments"]
    assert all("required and missing" in line for line in lines)


def test_every_key_is_in_the_table_of_mistakes():
    """Whatever keys the configuration gets, somebody has to try wrong values for them."""
    keys = {key for node in objects(config.schema()) for key in node["properties"]}
    places = [place for place, *_ in MISTAKES]
    places += [name for place, _, start, *_ in MISTAKES_ELSEWHERE for name in (place, start.partition(":")[0])]
    tried = {key for place in places for key in re.sub(r"\[\d+\]", "", place).split(".")}
    assert keys - tried <= {"train_images", "train_labels"}, "the like of test_images and test_labels"


def objects(document: dict) -> list[dict]:
    return [node for node in (document, *document["$defs"].values()) if "properties" in node]
