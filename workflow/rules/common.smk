"""What all rules share: the checked configuration, the plan of its runs, and the lookups that rules make in them."""

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

from aestudy import check, console, dependencies, figures, pictures, plan, progress, registry, running
from aestudy.datasets import folder
from aestudy.errors import UserError
from aestudy.pages import TEMPLATES, catalogue

console.make_library_importable(ROOT / "workflow")
try:
    STUDY, PLAN = check.load(config, workflow.configfiles)
except UserError as error:
    raise WorkflowError(str(error)) from None


def unlock_command():
    """What a user types to remove the lock of a killed run of this study."""
    overlays = " ".join(os.path.relpath(file) for file in workflow.overwrite_configfiles)
    return f"snakemake --unlock{f' --configfile {overlays}' if overlays else ''}"


def relative(file):
    """A file of this project as seen from where Snakemake runs."""
    return Path(os.path.relpath(file)).as_posix()


def trainings_at_once():
    """How many trainings Snakemake may run beside each other: by `gpu`, and by cores where jobs run here."""
    limits = [workflow.global_resources[name].value for name in ("gpu", "_cores") if name in workflow.global_resources]
    return min((limit for limit in limits if isinstance(limit, int)), default=1)


REPLICATES = range(STUDY.replicates)
CONDITIONS = PLAN.conditions()
SCHEMES = ["shared"] if STUDY.test_noise == "shared" else [f"replicate-{r}" for r in REPLICATES]

if workflow.is_main_process:
    console.banner(STUDY, PLAN, trainings_at_once())
    if "--unlock" not in sys.argv and (news := running.note(Path("results", STUDY.study), unlock_command())):
        print(f"\n{news}", file=sys.stderr)


@functools.cache  # asked for by every job; there are as many answers as kinds of model and noise
def code(script, *extra):
    """Source files of a script, as an input: a stage runs again when its code changes (see aestudy.dependencies)."""
    files = dependencies.sources(ROOT / "workflow/scripts" / script, extra)
    return [relative(file) for file in files]


def claims_file():
    """The file of the claims: as seen from where Snakemake runs, else from this project's folder."""
    return STUDY.claims if Path(STUDY.claims).exists() else relative(ROOT / STUDY.claims)


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
    """The source files of a data set by role: downloaded files, or pictures; none where a library brings the data."""
    source = STUDY.datasets[wildcards.dataset]
    if source.source == "folder":
        return {"pictures": [path.as_posix() for path in pictures.find(source.path)]}
    if source.source != "idx":
        return {}
    files = source.files.model_dump()
    return {
        role: f"<resources>/downloads/{wildcards.dataset}/{entry['file'].removesuffix('.gz')}"
        for role, entry in files.items()
    }


@functools.cache
def folder_content(path):
    """Digest of the pictures in a folder, computed once."""
    return folder.digest(path)


def source_content(wildcards):
    """What tells Snakemake that pictures have changed, whatever their times say; nothing for other sources."""
    source = STUDY.datasets[wildcards.dataset]
    return folder_content(source.path) if source.source == "folder" else None


def downloaded_file(wildcards):
    """The entry of the data-set table that a downloaded file belongs to."""
    files = STUDY.datasets[wildcards.dataset].files.model_dump()
    return next(entry for entry in files.values() if entry["file"].removesuffix(".gz") == wildcards.file)


# Figures of the reports whose experiment the study has, and one for each experiment that is not of a report.
FIGURES = [name for name, spec in figures.FIGURES.items() if spec.experiment in PLAN.experiments]
FIGURES += [f"{figures.SWEEP}{experiment.name}" for experiment in STUDY.experiments if experiment.report is None]
DATASETS = list(dict.fromkeys(run.dataset for run in PLAN.runs.values()))
LABELS = {name: part.label for part in (STUDY.datasets, STUDY.models) for name, part in part.items()}

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


def caption_source(figure):
    """The file that says what a figure shows, in reStructuredText."""
    name = "experiments" if figure.startswith(figures.SWEEP) else "-".join(Path(figure).parts)
    return relative(ROOT / "report/captions" / f"{name}.rst")


def template(*names):
    """Templates of a page, as an input."""
    return [relative(TEMPLATES / name) for name in names]


def experiment_of(figure):
    """The experiment that a figure shows."""
    name = figures.spec(figure).experiment
    return next(experiment for experiment in STUDY.experiments if experiment.name == name)


# The report's categories, and its subcategories: one per experiment of a report.
CATEGORIES = catalogue.categories([experiment.report for experiment in STUDY.experiments])
SUBCATEGORIES = {
    experiment.name: title
    for report in catalogue.REPORTS
    for own in [[experiment for experiment in STUDY.experiments if experiment.report == report]]
    for experiment, title in zip(own, catalogue.numbered([experiment.title for experiment in own]))
}


def figure_category(wildcards):
    """The report that a figure belongs to."""
    return CATEGORIES[experiment_of(wildcards.figure).report]


def figure_subcategory(wildcards):
    """The experiment that a figure shows, by its title."""
    return SUBCATEGORIES[experiment_of(wildcards.figure).name]


def figure_labels(wildcards):
    """What the report's list of results says of a figure, and filters it by."""
    beside = [figure for figure in FIGURES if experiment_of(figure) == experiment_of(wildcards.figure)]
    return catalogue.without_toggles({figure: _shown(figure) for figure in beside})[wildcards.figure]


def _shown(figure):
    runs = PLAN.experiments[experiment_of(figure).name]
    runs = figures.spec(figure).examples(runs, STUDY.stand_ins) or runs
    names = {key: ", ".join(dict.fromkeys(LABELS[getattr(run, key)] for run in runs)) for key in ("dataset", "model")}
    return {"figure": figures.title(figure), "data set": names["dataset"], "model": names["model"]}


def every_result():
    """The files that the study consists of, with the data that it was made from; logs and benchmarks are none."""
    data = ["train_images.npy", "train_labels.npy", "test_images.npy", "test_labels.npy", "dataset.json"]
    tables = ["metrics.csv", "generalisation.csv", "architecture.csv", "extremes.csv"]
    scores = [*tables, "scores.parquet", "examples.npy", "extremes.npy"]
    conditions = list(PLAN.conditions())
    return [
        *expand("<resources>/data/{dataset}/{file}", dataset=sorted({dataset for dataset, _ in conditions}), file=data),
        *[path for dataset, condition in conditions for path in noisy_test_images(dataset, condition)],
        *[
            f"<results>/baselines/{dataset}/{condition}/{file}"
            for dataset, condition in conditions
            for file in ("scores.parquet", "parameters.csv", "baselines.csv")
        ],
        *all_runs("<results>/runs/{run}/replicate-{replicate}/weights.safetensors"),
        *all_runs("<results>/runs/{run}/replicate-{replicate}/history.csv"),
        *all_runs("<results>/runs/{run}/replicate-{replicate}/manifest.json"),
        *expand("<results>/evaluation/{run}/{file}", run=PLAN.runs, file=scores),
        *expand("<results>/tables/{table}.csv", table=[*PAGES, "history"]),
        *expand("<results>/figures/{figure}.{format}", figure=FIGURES, format=["svg", "png"]),
        *expand("<results>/pages/{page}.html", page=[*PAGES, "explore", "opening"]),
        *expand("<results>/captions/{figure}.rst", figure=FIGURES),
    ]


def take_hold():
    """Called when a run starts: another one of the same study is refused."""
    try:
        running.hold(Path("results", STUDY.study))
    except UserError as error:
        raise WorkflowError(str(error)) from None


def training_work(wildcards):
    """What a training job has to do, for the display of its progress."""
    run = PLAN.runs.get("{dataset}/{model}/{variant}".format(**wildcards))
    return run and progress.Work(run.path, STUDY.replicates, plan.training_of(STUDY, run.model)["epochs"])


MONITOR = progress.Monitor(training_work)


def announce_start():
    """Called before the first job."""
    MONITOR.watch(logger)


def announce_end():
    """Called when a run has succeeded."""
    MONITOR.stop()
    console.end(STUDY)


def announce_failure():
    """Called when a run has failed."""
    MONITOR.stop()
    console.failure(STUDY, MONITOR.failed)
