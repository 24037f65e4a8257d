"""What all rules share: the checked configuration, the plan of its runs, and the lookups that rules make in them."""

import functools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir, "workflow")))

from aestudy import check, console, dependencies, figures, plan, registry
from aestudy.errors import UserError

console.make_library_importable(Path(workflow.basedir, "workflow"))
try:
    STUDY, PLAN = check.load(config, workflow.configfiles)
except UserError as error:
    raise WorkflowError(str(error)) from None

REPLICATES = range(STUDY.replicates)
CONDITIONS = PLAN.conditions()
SCHEMES = ["shared"] if STUDY.test_noise == "shared" else [f"replicate-{r}" for r in REPLICATES]

if workflow.is_main_process:
    console.banner(STUDY, PLAN)


@functools.cache  # asked for by every job; there are as many answers as kinds of model and noise
def code(script, *extra):
    """Source files of a script, as an input: a stage runs again when its code changes (see aestudy.dependencies)."""
    files = dependencies.sources(Path(workflow.basedir, "workflow/scripts", script), extra)
    return [file.relative_to(workflow.basedir).as_posix() for file in files]


def run_of(wildcards):
    """The run that a job belongs to."""
    return PLAN.runs[f"{wildcards.dataset}/{wildcards.model}/{wildcards.variant}"]


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


def all_runs(pattern, replicates=REPLICATES):
    """The pattern for every run (and replicate) of the study."""
    return expand(pattern, run=PLAN.runs, replicate=replicates)


def condition_of(wildcards):
    """Noise and variance of a condition as a dictionary; noise none for `clean`."""
    run = CONDITIONS[wildcards.dataset, wildcards.condition][0]
    return {"noise": run.noise, "variance": run.variance}


def noise_parameters(wildcards):
    """The configuration of a condition's noise, or None."""
    noise = condition_of(wildcards)["noise"]
    return None if noise == "none" else STUDY.noises[noise].model_dump()


def noise_code(wildcards):
    """Modules of a condition's noise."""
    parameters = noise_parameters(wildcards)
    return [] if parameters is None else [f"noise.{parameters['kind']}"]


def noisy_images_of_condition(wildcards):
    """The noisy test images that the baselines of a condition are scored on: the same as the networks'."""
    return noisy_test_images(wildcards.dataset, wildcards.condition)


def latents_of_condition(wildcards):
    """Latent sizes that networks have on a condition: PCA is fitted with as many components."""
    runs = CONDITIONS[wildcards.dataset, wildcards.condition]
    return sorted({run.latent for run in runs if run.latent is not None})


def baseline_modules():
    """All rungs, as modules."""
    return [f"baselines.{kind}" for kind in registry.kinds("baselines")]


def source_files(wildcards):
    """The downloaded files of a data set by role; none for a data set that comes with a library."""
    source = STUDY.datasets[wildcards.dataset]
    if source.source != "idx":
        return {}
    files = source.files.model_dump()
    return {
        role: f"<resources>/downloads/{wildcards.dataset}/{entry['file'].removesuffix('.gz')}"
        for role, entry in files.items()
    }


def downloaded_file(wildcards):
    """The entry of the data-set table that a downloaded file belongs to."""
    files = STUDY.datasets[wildcards.dataset].files.model_dump()
    return next(entry for entry in files.values() if entry["file"].removesuffix(".gz") == wildcards.file)


# Figures of the reports whose experiment the study has, and one for each experiment that is not of a report.
FIGURES = [name for name, spec in figures.FIGURES.items() if spec.experiment in PLAN.experiments]
FIGURES += [f"{figures.SWEEP}{experiment.name}" for experiment in STUDY.experiments if experiment.report is None]
LABELS = {name: part.label for part in (STUDY.datasets, STUDY.models) for name, part in part.items()}
TITLES = {experiment.name: experiment.title for experiment in STUDY.experiments}

# Tables that the report shows as pages, with their titles.
PAGES = {
    "claims": "Verdicts on the claims",
    "metrics": "Scores of every run",
    "baselines": "Sanity rungs",
    "generalisation": "Test-minus-train gap",
    "cost": "Cost of training",
    "architecture": "Layers of the models",
}


def figure_runs(wildcards):
    """The runs of the experiment that a figure shows."""
    return PLAN.experiments[figures.spec(wildcards.figure).experiment]


def figure_tables(wildcards):
    """The tables that a figure reads, by name."""
    return {table: f"<results>/tables/{table}.csv" for table in figures.spec(wildcards.figure).tables}


def figure_examples(wildcards):
    """The example images that a figure shows, one file per run."""
    shown = figures.spec(wildcards.figure).examples(figure_runs(wildcards), STUDY.stand_ins)
    return [f"<results>/evaluation/{run.path}/examples.npy" for run in shown]


def figure_caption(wildcards):
    """The caption of a figure, in reStructuredText."""
    name = "experiments" if wildcards.figure.startswith(figures.SWEEP) else "-".join(Path(wildcards.figure).parts)
    return Path(workflow.basedir, "report/captions", f"{name}.rst").read_text(encoding="utf-8")


def figure_labels(wildcards):
    """What the report's list of results says of a figure."""
    experiment = figures.spec(wildcards.figure).experiment
    return {"experiment": TITLES[experiment], "figure": Path(wildcards.figure).name}


def announce_end():
    """Called when a run has succeeded."""
    console.end(STUDY)


def announce_failure():
    """Called when a run has failed."""
    console.failure(STUDY)
