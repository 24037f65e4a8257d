"""A valid configuration, changes of it, and the lines that tell mistakes; shared by the tests of this folder."""

import copy
import re

import pytest
import yaml

from aestudy.base.errors import UserError
from aestudy.study import loading

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
    transfer:
      - {dataset: [letters], noise: [none, gaussian], variance: [0.3]}
evaluation:
  ssim: uniform7
  sparsity_threshold: 0.01
  examples: 10
claims: report/claims.yaml
stand_ins:
  letters: digits
readings:
  - report: dense
    questions:
      - id: widths
        question: How wide is it?
        answers:
          - {id: narrow, answer: as written, prior: 2}
          - id: wide
            answer: wider
            reason: The width is not stated.
            networks: {shallow: {hidden: [64]}}
            training: {epochs: 4}
      - id: tests
        question: How is it tested?
        answers:
          - {id: own, answer: on its own noise}
          - {id: clean, answer: trained on clean images, noise: {clip: false}, squared: true, trained_on: clean}
      - id: scores
        question: How is it scored?
        answers:
          - {id: each, answer: image by image}
          - id: pooled
            answer: all pixels at once
            score: pooled
            gain: clean_input
            ssim: gaussian11
            quantities: {dense-1: 'bce(dataset="letters", model="shallow", latent=5)'}
            only_with: {tests: [clean]}
    targets:
      - {claim: dense-1, experiment: latent}
      - {claim: dense-2, experiment: latent, quantity: 'psnr(dataset="letters", model="shallow", latent=10)'}
    chosen_by: latent
    repeated: {replicates: 3, readings: [narrow-own-each]}
reports:
  dense:
    title: "Report: dense"
    figures:
      fig1-top: {experiment: latent, drawing: reconstructions, dataset: digits}
      fig2: {experiment: later, drawing: latent_sizes}
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
        loading.load(raw, files)
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


def shown(place: str) -> str:
    """A place such as `experiments.0.latent` as messages write it."""
    return re.sub(r"\.(\d+)", r"[\1]", place)
