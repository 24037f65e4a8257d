"""What `make` shows: little, of what matters all, and where the rest is."""

import re

import pytest


@pytest.fixture(scope="module")
def checkout(small_demo, new_project):
    """One to do harm to."""
    return new_project().take_over(small_demo.folder)


def log_named_in(output: str) -> str:
    return re.findall(r"^Snakemake's complete output: (\S+)$", output, re.MULTILINE)[-1]


def test_a_demo_in_at_most_sixty_lines(small_demo):
    checkout, output = small_demo, small_demo.output
    lines = output.splitlines()
    assert len(lines) <= 60
    steps = [
        re.match(r"(\d+) of (\d+) steps, [0-2] of 2 trained, (.+? left|time left: being measured)", x) for x in lines
    ]
    shown = [(int(found[1]), int(found[2])) for found in steps if found]
    assert len(shown) >= 3, output
    assert shown == sorted(shown) and {total for _, total in shown} == {shown[0][1]}
    assert "Study demo is done: results/demo/, and now its report is written." in lines
    assert lines[-1] == f"Snakemake's complete output: {log_named_in(output)}"
    assert (checkout.folder / "results/demo/report.html").stat().st_size > 1e6
    complete = (checkout.folder / log_named_in(output)).read_text()
    for words in ("Study demo: 2 runs", "Finished jobid", "localrule train:", "Study demo is done"):
        assert words in complete
    assert "Shell command: None" not in complete


def test_a_second_time_there_is_nothing_to_do_but_the_end_is_the_same(checkout):
    done = checkout.run(["make", "demo", "CORES=2"])
    assert done.returncode == 0, done.stdout[-3_000:]
    assert " steps, " not in done.stdout
    assert "Report: results/demo/report.html" in done.stdout
    assert len(done.stdout.splitlines()) <= 40


def test_a_failed_job_is_shown_with_the_end_of_its_log(checkout):
    (checkout.folder / "resources/data/digits/train_images.npy").write_bytes(b"damaged")
    study = (*("--configfile", "workflow/studies/demo.yaml"), *("--config", "seed=7"))
    target = "results/demo/runs/digits/dense3/latent-15/replicate-0/manifest.json"
    run = ("env", "PYTHONPATH=workflow", "snakemake", target, "--logger", "aestudy", "--cores", "1", *study)
    done = checkout.run(list(run))
    assert done.returncode != 0
    assert done.stdout.count("A job of rule train failed. The end of results/demo/logs/train/digits/dense3") == 1
    assert done.stdout.count("These files are not what was written when they were made") == 1
    assert "A job of rule train failed again" in done.stdout  # Snakemake tries it twice
    end = done.stdout[done.stdout.index("Study demo did not finish.") :]
    assert "1 job failed" in end and "seed=7" in end
    assert "Error in rule" not in done.stdout and "Traceback" not in done.stdout
    assert "Error in rule train" in (checkout.folder / log_named_in(done.stdout)).read_text()
    assert done.stdout.splitlines()[-1].startswith("Snakemake's complete output: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("study: demo\nseed: !!float\n", "line 2: found '', which is no value of the kind !!float"),
        ("study: [demo\nseed: 1\n", "cannot be read as YAML, line"),
    ],
)
def test_a_configuration_that_snakemake_cannot_read_ends_in_a_sentence(checkout, text, words):
    study = checkout.folder / "workflow/studies/demo.yaml"
    whole = study.read_text()
    study.write_text(text)
    done = checkout.run(["make", "demo"])
    study.write_text(whole)
    assert done.returncode != 0
    assert words in done.stdout and "Traceback" not in done.stdout
    assert " snakemake " not in done.stdout


def test_plain_snakemake_is_as_its_users_know_it(checkout):
    done = checkout.snakemake("-n", "--forceall", "--configfile", "workflow/studies/demo.yaml")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "Job stats:" in done.stdout and "rule train:" in done.stdout


def test_a_dry_run_is_shown_whole(checkout):
    arguments = ("-n", "--forceall", "--logger", "aestudy", "--configfile", "workflow/studies/demo.yaml")
    done = checkout.snakemake(*arguments, PYTHONPATH="workflow")
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "Job stats:" in done.stdout and "rule train:" in done.stdout
