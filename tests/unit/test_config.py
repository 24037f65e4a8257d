"""The configuration: every mistake is one readable line, all of them come at once, and the schema says the same."""

import copy
import itertools
import json
import re
import tempfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from faults import inputs, tried
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake.utils import update_config

from aestudy.base.errors import UserError
from aestudy.study import config, load
from aestudy.tools import schemas

ROOT = Path(__file__).parents[2]
STUDIES = sorted((ROOT / "workflow/studies").glob("*.yaml"))
DELETE = object()

VALID = """
study: trial
seed: 1
replicates: 2
device: cpu
test_noise: shared
datasets:
  letters:
    source: idx
    label: Letters
    licence: CC0
    homepage: https://example.org/letters
    mirrors: [https://example.org/letters/, /data/letters]
    files:
      train_images:
        file: a.gz
        sha256: &sum 0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9
        shape: [600, 28, 28]
      train_labels: {file: b.gz, sha256: *sum, shape: [600]}
      test_images: {file: c.gz, sha256: *sum, shape: [100, 28, 28]}
      test_labels: {file: d.gz, sha256: *sum, shape: [100]}
  digits:
    source: digits
    label: Digits
  photos: {source: folder, label: Photos, path: my/photos, size: [32, 48], colour: rgb, test_share: 0.3}
noises:
  gaussian:
    kind: gaussian
    clip: true
    draw: once
training:
  epochs: 3
  batch_size: 64
  learning_rate: 1.0e-3
  adam_epsilon: 1.0e-8
  initialisation: pytorch
  l1_reduction: mean
  validation: {source: train, share: 0.1}
models:
  shallow:
    label: one layer
    network: {architecture: dense, hidden: [32], latent_activation: linear}
  conv:
    label: convolutional
    network: {architecture: conv, filters: [8, 8], kernel: 3, dropout: 0.2, dropout_after: encoder}
    training: {epochs: 2}
experiments:
  - name: latent
    title: Latent size
    report: dense
    dataset: [letters, digits]
    model: [shallow]
    latent: [5, 10]
    l1: [0, 0.01]
  - name: denoising
    title: Denoising
    dataset: [digits]
    model: [conv]
    noise: [none, gaussian]
    variance: [0.1, 0.2]
evaluation:
  ssim: uniform7
  sparsity_threshold: 0.01
  examples: 10
claims: report/claims.yaml
stand_ins:
  letters: digits
protocols:
  - id: deeper
    axis: depth
    change: deeper
    reason: The depth is not stated.
    claims: [dense-1]
    run: {dataset: digits, model: shallow, latent: 7, l1: 0.1, noise: gaussian, variance: 0.3}
    test: {noise: gaussian, variance: 0.1, images: all}
    score: {average: pooled, ssim: gaussian11, reference: input, data_range: picture}
together:
  - [dense-1, dense-2]
"""

PARSED = yaml.safe_load(VALID)


def changed(*changes: tuple[str, object]) -> dict:
    """The valid configuration with other YAML text (or DELETE) at places such as `experiments.0.latent`."""
    raw = copy.deepcopy(PARSED)
    for place, text in changes:
        *outer, last = [yaml.safe_load(part) for part in place.split(".")]
        inner = raw
        for part in outer:
            inner = inner[part]
        if text is DELETE:
            del inner[last]
        else:
            inner[last] = yaml.safe_load(text)
    return raw


def mistakes(raw, files=()) -> list[str]:
    """The lines about single mistakes."""
    with pytest.raises(UserError) as caught:
        load.load(raw, files)
    head, *lines = str(caught.value).splitlines()
    count = int(re.search(r"has (\d+) mistakes?; nothing was run\.$", head)[1])
    assert count == len(lines)
    assert all(line.startswith("  ") for line in lines)
    return [line.removeprefix("  ") for line in lines]


# Words of the implementation that tell a user nothing.
JARGON = re.compile(
    r"pydantic|NoneType|Input should|dictionary|OrderedDict|\bdict\b|\bstr\b|\bint\b|\bfloat\b|\bbool\b|\btuple\b"
    r"|None\b|\bTrue\b|\bFalse\b|Parameters|Traceback|Literal|discriminator|instance|valid (string|integer|list)|regex"
)


def assert_readable(line: str) -> None:
    assert not JARGON.search(line), line
    assert re.match(r"\S.*?: \S", line), f"no place: {line}"
    assert len(line) < 330, line
    assert line.isprintable(), line


def test_the_valid_configuration_is_valid():
    study, plan = load.load(PARSED)
    assert study.study == "trial"
    assert len(plan.runs) == 2 * 2 * 2 + 3


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
    ("datasets.digits.mirrors", "[a]", "unknown key; allowed here: source, label"),
    ("datasets.letters.files.images", "{}", "unknown key; ", "train_images"),
    ("experiments.0.latents", "[5]", "unknown key; ", "did you mean latent?"),
    ("evaluation.psnr", "mean", "unknown key; allowed here: ssim, sparsity_threshold, examples"),
    ("datasets", "", "found no value (null); allowed: a mapping of one or more names"),
    ("datasets", "{}", "found an empty mapping; allowed: a mapping of one or more names"),
    ("datasets", "[mnist]", "found ['mnist']; allowed: a mapping of one or more names"),
    ("datasets", DELETE, "this key is required and missing; allowed: a mapping of one or more names"),
    ("datasets.other", "", "found no value (null); allowed: a mapping with the key source (digits, folder, idx)"),
    ("datasets.other", "digits", "found 'digits'; allowed: a mapping with the key source"),
    ("datasets.digits.source", "digit", "found 'digit'; allowed: digits, folder, idx; did you mean digits?"),
    ("datasets.digits.source", "", "found no value (null); allowed: digits, folder, idx"),
    ("datasets.digits.source", "[idx]", "found ['idx']; allowed: digits, folder, idx"),
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
    ("datasets.letters.files.test_images.shape", "[100, 28, 27]", "found [100, 28, 27]"),
    ("datasets.letters.files.test_images.shape", "[]", "found an empty list; "),
    ("datasets.letters.files.test_labels.shape.0", "0", "found 0; ", "at least 1"),
    ("datasets.letters.files.test_labels.shape", "[100, 1]", "found [100, 1]; "),
    ("datasets.letters.files.test_labels.shape", "[100, 1, 1, 1, 1]", "", "1 to 4"),
    ("noises", "", "found no value (null); allowed: a mapping of any number of names"),
    ("noises.gaussian", "", "found no value (null); allowed: a mapping with the key"),
    ("noises.gaussian.kind", "gauss", "found 'gauss'; allowed: ", "did you mean gaussian?"),
    ("noises.gaussian.kind", DELETE, "this key is required and missing; allowed: gaussian"),
    ("noises.gaussian.clip", "1", "found 1; allowed: true or false"),
    ("noises.gaussian.clip", "'yes'", "found 'yes'; ", "remove the quotation marks"),
    ("noises.gaussian.clip", "'['", "found '['; allowed: true or false"),
    ("noises.gaussian.draw", "twice", "found 'twice'; allowed: once, each_epoch"),
    ("noises.none", "{kind: gaussian, clip: true, draw: once}", "this name is taken", "clean input"),
    ("noises.l1", "{kind: gaussian, clip: true, draw: once}", "this name is taken", "the penalty"),
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
    ("training.validation", "0.1", "found 0.1; allowed: a mapping with the keys source, share"),
    ("training.validation.source", "tets", "found 'tets'; ", "did you mean test?"),
    ("training.validation.share", "0", "found 0; allowed: a finite number, above 0, at most 0.5"),
    ("training.validation.share", "0.6", "found 0.6; ", "at most 0.5"),
    ("models", "{}", "found an empty mapping; allowed: a mapping of one or more names"),
    ("models.other", "[]", "found an empty list; allowed: a mapping with the keys label, network, training"),
    ("models.conv.label", "", "found no value (null); allowed: text that is not blank"),
    ("models.conv.network", DELETE, "this key is required and missing; ", "architecture (conv, dense)"),
    ("models.conv.network", "conv", "found 'conv'; allowed: a mapping with the key architecture"),
    ("models.conv.network.architecture", "cnov", "found 'cnov'; ", "did you mean conv?"),
    ("models.conv.network.architecture", "true", "found true; allowed: conv, dense"),
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
    ("experiments.0.report", "dence", "found 'dence'; allowed: dense, conv; did you mean dense?"),
    ("experiments.0.dataset", "digits", "found 'digits'; ", "(a single value is written [digits])"),
    ("experiments.0.dataset", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.0.dataset", "[digits, digits]", "'digits' stands there 2 times; keep one"),
    ("experiments.0.latent", DELETE, "this key is missing; model shallow needs at least one size"),
    ("experiments.0.latent", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.0.latent", "10", "found 10; ", "(a single value is written [10])"),
    ("experiments.0.latent", "[5, 0x5]", "5 stands there 2 times; keep one"),
    ("experiments.1.latent", "[5]", "found [5], but the code size of model conv follows"),
    ("experiments.0.l1", "[]", "found an empty list; allowed: a list of one or more"),
    ("experiments.0.l1", "[0.01, 1.0e-2]", "0.01 stands there 2 times; keep one"),
    ("experiments.0.l1", "[0, 0.0, -0.0]", "0 stands there 3 times; keep one"),
    ("experiments.1.variance", DELETE, "this key is missing; noise gaussian needs"),
    ("experiments.1.variance", "{low: 0.1}", "found a mapping; allowed: a list"),
    ("evaluation", "uniform7", "found 'uniform7'; allowed: a mapping with the keys ssim"),
    ("evaluation.ssim", "gausian11", "found 'gausian11'; ", "did you mean gaussian11?"),
    ("evaluation.sparsity_threshold", "-0.01", "found -0.01; ", "at least 0"),
    ("evaluation.examples", "3", "found 3; allowed: a whole number, at least 10, at most 100"),
    ("protocols", "{}", "found an empty mapping; allowed: a list of any number of values, each a mapping"),
    ("protocols.0.id", DELETE, "this key is required and missing; ", "an id of lower-case letters"),
    ("protocols.0.id", "Deeper", "found 'Deeper'; allowed: an id of lower-case letters and digits"),
    ("protocols.0.axis", "' '", "found ' '; allowed: text that is not blank"),
    ("protocols.0.change", "3", "found 3; allowed: text that is not blank (put quotation marks"),
    ("protocols.0.reason", "", "found no value (null); allowed: text that is not blank"),
    ("protocols.0.claims", "[]", "found an empty list; allowed: a list of one or more values, each the id of a claim"),
    ("protocols.0.run", "deep", "found 'deep'; allowed: a mapping with the keys dataset, model, latent"),
    ("protocols.0.run.depth", "5", "unknown key; allowed here: dataset, model, latent, l1, noise, variance"),
    ("protocols.0.run.latent", "0", "found 0; ", "at least 1"),
    ("protocols.0.run.variance", "0", "found 0; allowed: a finite number, above 0, at most 100"),
    ("protocols.0.test.images", "first_10", "found 'first_10'; ", "did you mean first_100?"),
    ("protocols.0.test.variance", "high", "found 'high'; allowed: a finite number"),
    ("protocols.0.score.average", "mean", "found 'mean'; allowed: per_image, pooled"),
    ("protocols.0.score.ssim", "gaussian", "found 'gaussian'; ", "did you mean gaussian11?"),
    ("protocols.0.score.reference", "noisy", "found 'noisy'; allowed: clean, input"),
    ("protocols.0.score.data_range", "255", "found 255; allowed: unit, signed, picture"),
    ("together", "dense-1", "found 'dense-1'; ", "(a single value is written [dense-1])"),
    ("together.0", "[]", "found an empty list; allowed: a list of one or more values, each the id of a claim"),
    ("claims", "''", "found ''; allowed: text that is not blank"),
    ("claims", "[a.yaml]", "found ['a.yaml']; allowed: text that is not blank"),
    ("stand_ins", "", "found no value (null); allowed: a mapping of any number of names"),
    ("stand_ins", "[digits]", "found ['digits']; allowed: a mapping of any number of names"),
    ("stand_ins.letters", "digitz", "no dataset has the name 'digitz'; ", "did you mean digits?"),
    ("stand_ins.letters", "3", "found 3; allowed: the name of a data set"),
]

# (place, YAML text put there, the message about another place)
MISTAKES_ELSEWHERE = [
    ("my key", "1", "'my key': unknown key; ", KEYS),
    ("1", "1", "the configuration: found 1 as a key; ", KEYS),
    ("datasets.My Data", "{source: digits, label: x}", "datasets: found 'My Data'; ", NAME),
    ("datasets.1", "{source: digits, label: x}", "datasets: found 1; ", NAME, "quotation marks"),
    ("datasets.other", "{}", "datasets.other.source: this key is required and missing; allowed: digits, folder, idx"),
    ("datasets.other", "{1: x}", "datasets.other.source: this key is required and missing; allowed: digits, folder,"),
    ("datasets.letters.files.test_images.file", "b", "datasets.letters.files: the file name 'b' stands there 2 times"),
    ("datasets.letters.files.test_labels.shape.0", "99",
     "datasets.letters.files.test_labels.shape: found [99]; allowed: [100]"),
    ("noises.on", "{kind: gaussian, clip: true, draw: once}", "noises: found true; ", "YAML reads yes, no, on and off"),
    ("models.deep net", CONV, "models: found 'deep net'; ", NAME),
    ("models.conv.network.filters", "[8, [8]]", "models.conv.network.filters[1]: found [8]; allowed: a whole number"),
    ("models.conv.network.filters", "[4, 4, 4]",
     "experiments[1]: model conv does not fit data set digits: ", "28 x 28"),
    ("models.conv.training.validation", "{share: 2}",
     "models.conv.training.validation.share: found 2; ", "at most 0.5"),
    ("experiments.0.name", "denoising",
     "experiments: 2 of them have the name 'denoising'; give each a name of its own"),
    ("experiments.0.dataset", "[digtis]",
     "experiments[0].dataset[0]: no dataset has the name 'digtis'; ", "did you mean digits?"),
    ("experiments.0.dataset", "[../digits]",
     "experiments[0].dataset[0]: no dataset has the name '../digits'; ", "letters, digits"),
    ("experiments.0.dataset", "[1]", "experiments[0].dataset[0]: found 1; allowed: the name of a data set"),
    ("experiments.0.model", "[shalow]",
     "experiments[0].model[0]: no model has the name 'shalow'; ", "did you mean shallow?"),
    ("experiments.0.model", "[sh\u0430llow]",
     "experiments[0].model[0]: no model has the name ", "did you mean shallow?"),
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
    ("experiments.1.noise", "[gausian]",
     "experiments[1].noise[0]: no noise has the name 'gausian'; ", "did you mean gaussian?"),
    ("experiments.1.noise", "[none]", "experiments[1].variance: found [0.1, 0.2], but noise is none"),
    ("experiments.1.noise", DELETE, "experiments[1].variance: found [0.1, 0.2], but noise is none"),
    ("experiments.1.variance", "[0]",
     "experiments[1].variance[0]: found 0; allowed: a finite number, above 0, at most 100"),
    ("experiments.1.variance", "[1.0e+9]", "experiments[1].variance[0]: found 1000000000.0; ", "at most 100"),
    ("stand_ins.UPPER", "digits", "stand_ins: found 'UPPER'; ", NAME),
]
# fmt: on


def shown(place: str) -> str:
    return re.sub(r"\.(\d+)", r"[\1]", place)


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
    tried = {key for place, *_ in MISTAKES + MISTAKES_ELSEWHERE for key in place.split(".")}
    assert keys - tried <= {"train_images", "train_labels"}, "the like of test_images and test_labels"


def objects(document: dict) -> list[dict]:
    return [node for node in (document, *document["$defs"].values()) if "properties" in node]


def test_all_mistakes_come_at_once(tmp_path):
    """Of every kind: repeated keys, unknown keys, wrong values, unknown names, and parts that do not fit together."""
    file = tmp_path / "config.yaml"
    file.write_text("seed: 1\nseed: 2\n")
    raw = changed(
        ("seed", "-1"),
        ("devise", "cpu"),
        ("noises.none", "{kind: gaussian, clip: true, draw: once}"),
        ("training.learning_rate", "1e-3"),
        ("training.validation.share", ".nan"),
        ("models.shallow.network.hidden", "[0, '32']"),
        ("models.conv.network.filters", "[4, 4, 4]"),
        ("datasets.letters.files.test_labels.shape", "[99]"),
        ("experiments.0.report", "dens"),
        ("experiments.0.model", "[shallow, deep]"),
        ("experiments.0.latent", "[5, 5]"),
        ("experiments.1.name", "latent"),
        ("experiments.1.variance", DELETE),
        ("stand_ins.letters", "numbers"),
    )
    lines = mistakes(raw, [file])
    for words in (
        "seed: this key stands twice",
        "seed: found -1",
        "devise: unknown key",
        "noises.none: this name is taken",
        "training.learning_rate: found '1e-3'",
        "training.validation.share: found nan",
        "models.shallow.network.hidden[0]: found 0",
        "models.shallow.network.hidden[1]: found '32'",
        "experiments[1]: model conv does not fit data set digits",
        "datasets.letters.files.test_labels.shape: found [99]",
        "experiments[0].report: found 'dens'",
        "experiments[0].model[1]: no model has the name 'deep'",
        "experiments[0].latent: 5 stands there 2 times",
        "experiments: 2 of them have the name 'latent'",
        "experiments[1].variance: this key is missing",
        "stand_ins.letters: no dataset has the name 'numbers'",
    ):
        assert sum(line.startswith(words) for line in lines) == 1, words
    assert len(lines) == 16
    for line in lines:
        assert_readable(line)


def test_thousands_of_mistakes_are_counted_and_the_first_shown():
    raw = changed()
    raw["experiments"][0]["latent"] = [0] * 5_000
    with pytest.raises(UserError, match="has 5,001 mistakes") as caught:
        load.load(raw)
    assert str(caught.value).endswith("\n  ... and 4,901 more")


def test_grids_are_counted_before_they_are_made():
    """This grid has 10^12 runs: making them would end in a lack of memory."""
    raw = changed(("experiments.0.latent", str(list(range(1, 1001)))))
    raw["experiments"][0]["l1"] = [i / 1e6 for i in range(1_000)]
    raw["experiments"][0]["noise"] = ["gaussian"]
    raw["experiments"][0]["variance"] = [(1 + i) / 1e6 for i in range(500_000)]
    (line,) = mistakes(raw)
    assert line.startswith(
        "experiments: found 1,000,000,000,003 runs x 2 replicates; allowed: at most 100,000 trainings"
    )
    assert_readable(line)


def test_replicates_count_towards_the_limit():
    raw = changed(("replicates", "1000"), ("experiments.0.latent", str(list(range(1, 101)))))
    assert "found 403 runs x 1,000 replicates" in mistakes(raw)[0]
    assert len(load.load(raw | {"replicates": 200})[1].runs) == 403


def test_colour_images_fit_as_their_shape_says():
    """Sizes are (n, channels, height, width): 3 x 30 x 28 images cannot be halved twice."""
    shape = "datasets.letters.files.{}_images.shape"
    places = [(shape.format("train"), "[600, 3, 30, 28]"), (shape.format("test"), "[100, 3, 30, 28]")]
    (line,) = mistakes(changed(*places, ("experiments.1.dataset", "[letters]")))
    assert line.startswith("experiments[1]: model conv does not fit data set letters")
    assert line.endswith("the images are 30 x 28")


def test_images_of_a_strange_shape():
    lines = mistakes(changed(("datasets.letters.files.train_images.shape", "[600, 784]")))
    assert lines[0].endswith("found [600, 784]; allowed: [n, height, width] or [n, channels, height, width]")


class TestAllowed:
    """What could be taken for a mistake and is none."""

    @pytest.mark.parametrize(
        ("place", "text"),
        [
            ("seed", "0"),
            ("seed", str(2**63 - 1)),
            ("training", DELETE),
            ("training.learning_rate", "1"),
            ("training.learning_rate", "1.0e-3"),
            ("training.validation", "{source: test}"),
            ("models.conv.training.epochs", "~"),  # as if left out: an overlay can take a key back
            ("models.conv.training", DELETE),
            ("models.shallow.network.hidden", "[]"),
            ("experiments.0.report", "~"),
            ("experiments.0.l1", DELETE),
            ("experiments.0.l1", "[0, 5.0e-324, 1.0e+6]"),
            ("experiments.1.noise", "[gaussian]"),
            ("noises.unused", "{kind: gaussian, clip: false, draw: each_epoch}"),
            ("stand_ins", DELETE),
            ("stand_ins.mnist", "digits"),  # of the reports, though this study has none of that name
            ("datasets.digits.label", "'μ-digits'"),
        ],
    )
    def test_value(self, place, text):
        load.load(changed((place, text)))

    def test_anchors_and_merge_keys(self, tmp_path):
        file = tmp_path / "config.yaml"
        text = VALID.replace("gaussian:\n", "gaussian: &noise\n", 1)
        text = text.replace("training:\n", "  other:\n    <<: *noise\n    clip: false\ntraining:\n", 1)
        file.write_text(text)
        study, _ = load.load(yaml.safe_load(text), [file])
        assert (study.noises["other"].draw, study.noises["other"].clip) == ("once", False)


class TestFiles:
    """What only the files show: keys that stand twice, and files that are no YAML."""

    def lines(self, tmp_path, content: str | bytes) -> list[str]:
        file = tmp_path / "overlay.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        lines = mistakes(changed(), [file])
        for line in lines:
            assert_readable(line.replace(str(tmp_path), ""))
            assert str(file) in line
        return lines

    @pytest.mark.parametrize(
        ("content", "start"),
        [
            ("seed: 1\nstudy: a\nseed: 1\n", "seed: this key stands twice, in lines 1 and 3 of "),
            ("seed: 1\n'seed': 2\n", "seed: this key stands twice, in lines 1 and 2 of "),
            ("{seed: 1, seed: 2}", "seed: this key stands twice, in lines 1 and 1 of "),
            ("models:\n a:\n  label: x\n b: {}\n a: {}\n", "models.a: this key stands twice, in lines 2 and 5 of "),
            ("experiments:\n- name: x\n  l1: [0]\n  l1: [1]\n", "experiments[0].l1: this key stands twice, in lines 3"),
            ("a: &a {x: 1, x: 2}\nb: *a\n", "a.x: this key stands twice"),
        ],
    )
    def test_repeated_key(self, tmp_path, content, start):
        (line,) = self.lines(tmp_path, content)
        assert line.startswith(start)
        assert line.endswith("; keep one")
        tried("bad configurations")

    def test_three_times_is_two_too_many(self, tmp_path):
        assert len(self.lines(tmp_path, "a: 1\na: 2\na: 3\n")) == 2

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text in UTF-8"),
            ("naïve: é".encode("latin-1"), "not text in UTF-8"),
            (b"study: \x00", "not text in UTF-8"),
            ("study: [paper\nseed: 1\n", "line 2: "),
            ("study:\tpaper: x\n", "line 1: "),
            ("study: *nowhere\n", "line 1: "),
            ("a: 1\n---\nb: 2\n", "line 2: "),
            ("[" * 5_000, "nested too deeply"),
        ],
    )
    def test_unreadable_file(self, tmp_path, content, words):
        (line,) = self.lines(tmp_path, content)
        assert line.startswith(f"{tmp_path / 'overlay.yaml'}: cannot be read as YAML, ")
        assert words in line
        tried("bad configurations")

    def test_missing_file(self, tmp_path):
        (line,) = mistakes(changed(), [tmp_path / "nowhere.yaml"])
        assert line == f"{tmp_path / 'nowhere.yaml'}: cannot be read: No such file or directory; give a YAML file"

    @pytest.mark.parametrize("content", ["", "# nothing\n", "a: &a [*a]\n", "a: &a {b: *a}\n"])
    def test_odd_but_without_repetition(self, tmp_path, content):
        file = tmp_path / "overlay.yaml"
        file.write_text(content)
        assert load.repeated_keys(file) == []

    def test_aliases_of_aliases_are_read_once(self, tmp_path):
        """Expanded, this would be 9^30 nodes."""
        file = tmp_path / "overlay.yaml"
        names = [f"a{i}" for i in range(30)]
        pairs = itertools.pairwise(names)
        file.write_text(
            "a0: &a0 {x: 1, x: 2}\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairs)
        )
        assert len(load.repeated_keys(file)) == 1

    def test_all_files_are_named(self, tmp_path):
        files = [tmp_path / name for name in ("config.yaml", "overlay.yaml")]
        for file in files:
            file.write_text("{}")
        with pytest.raises(UserError, match=re.escape(f"({files[0]} + {files[1]}) has 1 mistake;")):
            load.load(changed(("seed", "x")), files)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**62, 2**63, 2**300, -(10**400)])
    | st.floats()
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=8)
    | st.binary(max_size=4)
    | st.dates()
    | st.sampled_from(["none", "gaussian", "conv", "dense", "idx", "digits", "letters", "shallow", "1e-3", "test"])
)
KEYS_OF_VALID = re.findall(r"(\w+):", VALID)
NAMES = st.sampled_from(KEYS_OF_VALID) | SCALARS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8
)


def mutate(raw, data) -> None:
    """Put something in place of, beside, or instead of a random part."""
    node = raw
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        deeper = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
        if not deeper or data.draw(st.booleans()):
            break
        node = node[data.draw(st.sampled_from(deeper))]
    action = data.draw(st.sampled_from(["replace", "delete", "add", "copy"])) if keys else "add"
    if action == "add" and isinstance(node, list):
        node.append(data.draw(VALUES))
    elif action == "add":
        node[data.draw(NAMES)] = data.draw(VALUES)
    elif action == "delete":
        del node[data.draw(st.sampled_from(keys))]
    elif action == "replace":
        node[data.draw(st.sampled_from(keys))] = data.draw(VALUES)
    else:
        node[data.draw(st.sampled_from(keys))] = copy.deepcopy(node[data.draw(st.sampled_from(keys))])


def assert_loads_or_tells(raw, files=()) -> None:
    try:
        load.load(raw, files)
    except UserError as error:
        str(error).encode()  # can be printed
        for line in str(error).splitlines():
            own_words = re.sub(r"\S+:", "", re.sub(r"'[^']*'|\"[^\"]*\"|!!float", "", line))  # without what was found
            assert not JARGON.search(own_words), line


@pytest.mark.fuzz
@settings(max_examples=inputs(200), deadline=None)
@given(st.data())
def test_any_mutation_loads_or_is_a_users_mistake(data):
    tried("random inputs: configuration loader")
    raw = copy.deepcopy(PARSED)
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(raw, data)
    assert_loads_or_tells(raw)


PIECES = st.text(max_size=6) | st.sampled_from(
    ["\n", "  ", ": ", "- ", "{", "}", "[", "]", "&a ", "*a", "*sum", "<<: *sum", "|", ">", "!!float ", "!!binary "]
    + ["~", ".nan", "-.inf", "1e-3", "0x1F", "1_0", "12:30:45", "2025-02-30", "'", '"', "---\n", "\t", "\0"]
    + ["\u0430", "\u200b", "\ufeff"]
    + [f"{key}: " for key in ("study", "seed", "latent", "models", "experiments", "datasets")]
)


@pytest.mark.fuzz
@settings(max_examples=inputs(100), deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_any_change_of_the_text_loads_or_is_a_users_mistake(changes):
    """Pieces of YAML put into the file, or in place of a part of it."""
    tried("random inputs: configuration files")
    text = VALID
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.yaml")
        file.write_bytes(text.encode(errors="surrogatepass"))
        try:
            raw = yaml.safe_load(file.read_bytes())
        # Snakemake reads the file first and tells so; PyYAML lets the last two through, as for an empty !!float.
        except (yaml.YAMLError, ValueError, LookupError, AttributeError):
            load.repeated_keys(file)
            return
        assert_loads_or_tells(raw, [file])


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_anything_else_is_a_users_mistake(raw):
    with pytest.raises(UserError):
        load.load(raw)


class TestStudies:
    """The configurations that come with the project."""

    def test_there_are_some(self):
        assert [file.stem for file in STUDIES] == ["convergence", "demo", "precision", "quick", "sensitivity"]

    @pytest.mark.parametrize("overlay", [None, *STUDIES], ids=lambda file: file.stem if file else "paper")
    def test_is_valid(self, overlay):
        files = [ROOT / "config.yaml", *filter(None, [overlay])]
        raw = {}
        for file in files:
            update_config(raw, yaml.safe_load(file.read_text()))
        study, plan = load.load(raw, files)
        assert study.study == (overlay.stem if overlay else "paper")
        assert plan.runs

    @pytest.mark.parametrize("file", [ROOT / "config.yaml", *STUDIES], ids=lambda file: file.stem)
    def test_agrees_with_the_schema(self, file):
        jsonschema.validate(yaml.safe_load(file.read_text()), config.schema())

    @pytest.mark.parametrize("file", [ROOT / "config.yaml", *STUDIES], ids=lambda file: file.stem)
    def test_tells_editors_its_schema(self, file):
        first, _ = file.read_text().split("\n", 1)
        path = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / path).resolve() == schemas.FOLDER / "config.schema.json"


class TestSchema:
    @pytest.mark.parametrize("name", schemas.documents())
    def test_file_agrees_with_the_model(self, name):
        stored = json.loads((schemas.FOLDER / name).read_text())
        assert stored == schemas.documents()[name], f"{name} is out of date: run `make schemas`"

    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(config.schema())

    def test_every_key_is_described(self):
        document = config.schema()
        for node in objects(document):
            for key, part in node["properties"].items():
                target = document["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else {}
                assert part.get("description") or target.get("description"), f"{node['title']}.{key}"

    def test_descriptions_are_the_docstrings(self):
        assert config.schema()["properties"]["study"]["description"] == "Results go to results/<study>."

    @pytest.mark.parametrize(
        ("place", "text"),
        [
            ("seed", "-1"),
            ("seed", "'1'"),
            ("devise", "cpu"),
            ("study", "Paper"),
            ("models.My Model", CONV),
            ("models.conv.network.architecture", "cnov"),
            ("models.conv.network.hidden", "[3]"),
            ("models.conv.training.epohcs", "5"),
            ("datasets.digits.mirrors", "[a]"),
            ("experiments.0.name", DELETE),
            ("experiments.0.latent", "[]"),
            ("training.learning_rate", "1e-3"),
        ],
    )
    def test_an_editor_shows_the_mistake(self, place, text):
        jsonschema.validate(changed(), config.schema())
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed((place, text)), config.schema())

    def test_an_overlay_may_give_a_part(self):
        jsonschema.validate({"models": {"conv": {"training": {"epochs": 1}}}}, config.schema())
        jsonschema.validate({"datasets": {"mnist": {"mirrors": ["/data"]}}}, config.schema())
