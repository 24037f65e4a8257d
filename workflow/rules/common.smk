"""What all rules share: the checked configuration, the plan of its runs, and the lookups that several stages make in them.

What one stage alone looks up stands in lookups/, under the name of that stage.
"""

import functools
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

from aestudy import check, console, dependencies, plan
from aestudy.errors import UserError

console.make_library_importable(ROOT / "workflow")


def relative(file):
    """A file of this project as seen from where Snakemake runs."""
    return Path(os.path.relpath(file)).as_posix()


def claims_file():
    """The file of the claims: as seen from where Snakemake runs, else from this project's folder."""
    return STUDY.claims if Path(STUDY.claims).exists() else relative(ROOT / STUDY.claims)


def variations():
    """What the study's protocols ask for; most studies have none, and need not wait for what reads claims."""
    if not STUDY.protocols:
        return []
    from aestudy.claims import load_claims
    from aestudy.variations import of

    return of(STUDY, PLAN, load_claims(claims_file()))


try:
    STUDY, PLAN = check.load(config, workflow.configfiles)
    VARIATIONS = variations()
except UserError as error:
    raise WorkflowError(str(error)) from None

REPLICATES = range(STUDY.replicates)
CONDITIONS = PLAN.conditions()
# Runs that only protocols ask for. They are trained and evaluated, and stand in no table or figure of the study.
BESIDE = {v.trained.path: v.trained for v in VARIATIONS if v.trained.path not in PLAN.runs}
RUNS = PLAN.runs | BESIDE
TESTED = {tested.condition: tested for tested in (*RUNS.values(), *VARIATIONS)}
SCHEMES = ["shared"] if STUDY.test_noise == "shared" else [f"replicate-{r}" for r in REPLICATES]
LABELS = {name: part.label for part in (STUDY.datasets, STUDY.models) for name, part in part.items()}


@functools.cache  # asked for by every job; there are as many answers as kinds of model and noise
def code(script, *extra):
    """Source files of a script, as an input: a stage runs again when its code changes (see aestudy.dependencies)."""
    files = dependencies.sources(ROOT / "workflow/scripts" / script, extra)
    return [relative(file) for file in files]


def run_of(wildcards):
    """The run that a job belongs to."""
    return RUNS[f"{wildcards.dataset}/{wildcards.model}/{wildcards.variant}"]


def identity_of(wildcards):
    """What defines the run's weights; a change retrains it."""
    return plan.identity(STUDY, run_of(wildcards))


def keys_of(wildcards):
    """The columns that name the run in every table."""
    run = run_of(wildcards)
    return {name: getattr(run, name) for name in ("dataset", "l1", "latent", "model", "noise", "variance")}


def run_modules(wildcards):
    """Modules of the model and of the noise that a run uses: other models and noises are none of its business."""
    identity = identity_of(wildcards)
    modules = [f"models.{identity['network']['architecture']}"]
    return modules + ([f"noise.{identity['noise']['kind']}"] if identity["noise"] else [])


def noisy_test_images(dataset, condition):
    """Noisy test images, one file per scheme; none for the condition `clean`."""
    if condition == "clean":
        return []
    return [f"<results>/noisy/{dataset}/{condition}/{scheme}.npy" for scheme in SCHEMES]


def noisy_images_of_run(wildcards):
    """The noisy test images that a run is scored on."""
    run = run_of(wildcards)
    return noisy_test_images(run.dataset, run.condition)


def all_runs(pattern, runs=PLAN.runs):
    """The pattern for every run and replicate: of the study, unless other runs are given."""
    return expand(pattern, run=runs, replicate=REPLICATES)


def condition_of(wildcards):
    """Noise and variance of a condition as a dictionary; noise none for `clean`."""
    tested = TESTED[wildcards.condition]
    return {"noise": tested.noise, "variance": tested.variance}


def noise_parameters(wildcards):
    """The configuration of a condition's noise, or None."""
    noise = condition_of(wildcards)["noise"]
    return None if noise == "none" else STUDY.noises[noise].model_dump()


def noise_code(wildcards):
    """Modules of a condition's noise."""
    parameters = noise_parameters(wildcards)
    return [] if parameters is None else [f"noise.{parameters['kind']}"]
