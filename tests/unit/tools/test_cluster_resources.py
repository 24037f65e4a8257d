"""Suggestions of memory, time and batch size from benchmark files."""

import math

import pytest
import yaml

from aestudy.base.errors import UserError
from aestudy.tools import cluster_resources


def test_usage_takes_the_mean_and_the_largest_of_each_rule():
    records = [("train", 10.0, 700.0), ("train", 30.0, 900.0), ("evaluate", 4.0, math.nan)]
    evaluate, train = cluster_resources.usage(records)
    assert train == cluster_resources.Usage("train", 2, 20.0, 30.0, 900.0)
    assert (evaluate.jobs, evaluate.largest_mb) == (1, 0)


def test_more_than_the_largest_job_is_asked_for():
    used = cluster_resources.Usage("train", 3, mean_seconds=600, longest_seconds=1_200, largest_mb=2_345)
    asked = cluster_resources.suggest(used)
    assert asked.mem_mb > 1.5 * 2_345 and asked.mem_mb % 100 == 0
    assert asked.runtime >= 3 * 20
    assert asked.batch == 1


def test_short_jobs_are_batched_to_some_ten_minutes():
    used = cluster_resources.Usage("train", 300, mean_seconds=10, longest_seconds=12, largest_mb=500)
    asked = cluster_resources.suggest(used)
    assert 500 <= asked.batch * (10 + cluster_resources.SNAKEMAKE_SECONDS) <= 600
    assert asked.runtime == cluster_resources.SHORTEST_MINUTES  # of one job: Snakemake adds up those of a group


def benchmark(folder, name, seconds, memory):
    path = folder / f"{name}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"s\th:m:s\tmax_rss\tmax_vms\n{seconds}\t0:00:01\t{memory}\t1.0\n")


def test_benchmark_files_are_read_by_rule(tmp_path):
    benchmark(tmp_path, "train/digits/dense3/latent-15", 8.5, 879.25)
    benchmark(tmp_path, "baselines/digits/clean", 0.4, "-")
    (first, _, memory), second = cluster_resources.read(tmp_path)
    assert first == "baselines" and math.isnan(memory)
    assert second == ("train", 8.5, 879.25)


def test_no_benchmarks_is_a_mistake_that_says_what_to_do(tmp_path):
    with pytest.raises(UserError, match="Run the study once"):
        cluster_resources.read(tmp_path)


def test_lines_for_the_profile_are_yaml_that_grows_with_attempts():
    text = cluster_resources.report(cluster_resources.usage([("train", 100.0, 1_000.0), ("evaluate", 5.0, 400.0)]))
    lines = yaml.safe_load(text[text.index("set-resources:") :])["set-resources"]
    assert lines.keys() == {"train", "evaluate"}
    assert eval(lines["train"]["mem_mb"], {"attempt": 2}) == 2 * eval(lines["train"]["mem_mb"], {"attempt": 1})
