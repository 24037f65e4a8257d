"""What all rules share: the checked configuration, the plan of its runs, and the lookups that several stages make in them.

What one stage alone looks up is in lookups/, under the name of that stage.
"""

import os
import sys
from pathlib import Path

# The folder of this project, also where another workflow imports it as a module (`workflow.basedir` is then that one's).
ROOT = Path(str(workflow.current_basedir.get_path_or_uri(secret_free=True))).parents[1]
if not ROOT.is_dir():
    raise WorkflowError(
        f"This workflow comes with a library beside its rules, and {ROOT} is no local folder: "
        "clone the repository and import its Snakefile from there."
    )
sys.path.insert(0, str(ROOT / "workflow"))

from aestudy.base import gpus, levels, registry
from aestudy.base.errors import UserError
from aestudy.driver import console, private_snakemake
from aestudy.driver.digest import digest
from aestudy.study import loading, plan, readings, tests

console.make_library_importable(ROOT / "workflow")


def relative(file):
    """A file of this project as seen from where Snakemake runs."""
    return Path(os.path.relpath(file)).as_posix()


try:
    STUDY, PLAN, CLAIMS = loading.load(config, workflow.configfiles, ROOT)
    PLANNED = readings.planned(STUDY, PLAN, CLAIMS)
except UserError as error:
    raise WorkflowError(str(error)) from None

TRANSFERS = tests.transfers(STUDY, PLAN)
TESTS = list(dict.fromkeys([*PLANNED.tests, *TRANSFERS]))
CLAIMS_FILE = relative(loading.claims_file(STUDY, ROOT))
REPLICATES = range(STUDY.replicates)
CONDITIONS = PLAN.conditions()
CONFIGURATION = STUDY
# With the models and noises of the readings. Runs that only they ask for are in no table or figure of the study but theirs.
STUDY = PLANNED.study
RUNS = PLAN.runs | PLANNED.runs
TESTED = {tested.condition: tested for tested in (*RUNS.values(), *(test.tested for test in TESTS))}
SCHEMES = ["shared"] if STUDY.test_noise == "shared" else [f"replicate-{r}" for r in REPLICATES]
# What the strengths of the study's noises are called.
LEVELS = sorted({run.level_name for run in (*PLAN.runs.values(), *(test.tested for test in TRANSFERS))})
LABELS = {
    "dataset": {name: part.label for name, part in CONFIGURATION.datasets.items()},
    "model": {name: part.label for name, part in CONFIGURATION.models.items()},
    "level": {name: levels.known()[name].label for name in LEVELS},
    "symbol": {name: levels.known()[name].symbol for name in LEVELS},
}


# Found once, without torch, where trainings may run on this machine.
GPUS = [] if STUDY.device == "cpu" else gpus.visible()


def gpu_of_training(wildcards):
    """GPUs that a training asks for: one, but none where it would run on this machine without one.

    Then the cores decide how many trainings run at once.
    """
    if STUDY.device == "cpu":
        return 0
    return 1 if GPUS or STUDY.device == "cuda" or not private_snakemake.runs_here(workflow) else 0


def gpu_of_scoring(wildcards):
    """GPUs that an evaluation asks for: on this machine as many as a training. On a cluster its cores are enough."""
    return gpu_of_training(wildcards) if private_snakemake.runs_here(workflow) or STUDY.device == "cuda" else 0


def run_of(wildcards):
    """The run that a job belongs to."""
    return RUNS[f"{wildcards.dataset}/{wildcards.model}/{wildcards.variant}"]


def keys_of(wildcards):
    """The columns that name the run in every table."""
    return dict(sorted(run_of(wildcards).keys.items()))


def noise_of(wildcards):
    """The noise of a condition at its level, as parameters; None for `clean`."""
    tested = TESTED[wildcards.condition]
    noise = plan.noise_of(STUDY, tested.noise, tested.level)
    return noise and noise.as_params()


def kinds_of_run(wildcards):
    """The model and the noise of a run, as entries for `digest`: other models and noises do not concern it."""
    run = run_of(wildcards)
    network = STUDY.models[run.model].network
    return [f"models.{network.architecture}.build", *noise_kind(run.noise, getattr(network, "takes_level", False))]


def kind_of_condition(wildcards):
    """The noise of a condition, as an entry for `digest`; none for `clean`."""
    return noise_kind(TESTED[wildcards.condition].noise)


def noise_kind(noise, with_deviation=False):
    """What of a kind of noise decides numbers: its strength as a deviation only where a network is told it."""
    if noise == "none":
        return []
    kind = STUDY.noises[noise].kind
    names = ["add", "draw_levels", *(["deviation"] if with_deviation else [])]
    return [f"noise.{kind}.{name}" for name in names if hasattr(registry.load("noise", kind), name)]


def noisy_test_images(dataset, condition):
    """Noisy test images, one file per scheme; none for the condition `clean`."""
    if condition == "clean":
        return []
    return [f"<results>/noisy/{dataset}/{condition}/{scheme}.npy" for scheme in SCHEMES]


def noisy_images_of_run(wildcards):
    """The noisy test images that a run is scored on."""
    run = run_of(wildcards)
    return noisy_test_images(run.dataset, run.condition)


def of_runs(output, runs=PLAN.runs):
    """Output files of a rule with one job per run, for every run of the study unless other runs are given."""
    patterns = [output] if isinstance(output, str) else output
    return [pattern.replace("{dataset}/{model}/{variant}", run) for run in runs for pattern in patterns]


def of_conditions(output):
    """Output files of a rule with one job per condition, for every condition of the study."""
    patterns = [output] if isinstance(output, str) else output
    return [p.replace("{dataset}", d).replace("{condition}", c) for d, c in CONDITIONS for p in patterns]
