"""What is said and done when Snakemake starts and when it ends."""

from aestudy.base.machine import memory_mb
from aestudy.claims.checks import untestable
from aestudy.driver import lock, notices, owner
from aestudy.driver.calibration import Calibration
from aestudy.driver.costs import Costs
from aestudy.driver.forecast import Forecast
from aestudy.driver.jobs import Jobs, step
from aestudy.driver.outlook import Outlook
from aestudy.driver.progress import Progress

RESULTS = Path("results", STUDY.study)


def say(text):
    """Tell the user something."""
    console.say(logger, text)


def unlock_command():
    """What a user types to remove the lock of a killed run of this study."""
    overlays = " ".join(map(os.path.relpath, private_snakemake.overlays(workflow)))
    return f"snakemake --unlock{f' --configfile {overlays}' if overlays else ''}"


def trainings_at_once():
    """How many trainings Snakemake may run beside each other: by `gpu` where they ask for one, and by cores here."""
    counted = ["gpu", "_cores"] if gpu_of_training(None) else ["_cores"]
    limits = [private_snakemake.limit(workflow, name) for name in counted]
    return min((limit for limit in limits if limit is not None), default=1)


def where_trainings_run():
    """What a training runs on, and why, in a sentence."""
    if not private_snakemake.runs_here(workflow):
        return "each on a GPU that the scheduler gives" if gpu_of_training(None) else "on processors (device: cpu)"
    if gpu_of_training(None):
        names = ", ".join(dict.fromkeys(gpu.name for gpu in GPUS)) or "device: cuda"
        return f"each on a GPU of its own; visible here: {len(GPUS)} ({names})"
    reason = "device: cpu" if STUDY.device == "cpu" else "no GPU is visible here"
    return f"each on one core of this machine ({reason}); --cores decides how many at once"


def take_over():
    """Called before Snakemake locks files: the locks of killed runs are removed. Returns why the run may not go on."""
    if private_snakemake.is_dry_run(workflow):
        say(notices.dry_run(RESULTS, unlock_command()))
        return None
    me = owner.this_process(not private_snakemake.runs_here(workflow), private_snakemake.log_file(workflow))
    try:
        say(lock.acquire(RESULTS, me, unlock_command()))
    except UserError as error:
        return str(error)
    say(notices.beside(RESULTS))


JOBS = Jobs(begin=take_over)
DISPLAYS = private_snakemake.displays(workflow)
CALIBRATIONS = []

if private_snakemake.is_main(workflow):
    logger.addHandler(JOBS)
    beside = [run for path, run in RUNS.items() if path not in PLAN.runs]
    everything = plan.Plan(RUNS, PLAN.experiments | ({"readings": beside} if beside else {}))
    if private_snakemake.runs_here(workflow):
        private_snakemake.limit_memory(workflow, memory_mb())
    lacking = untestable(CLAIMS, loading.planned_by(CONFIGURATION, PLAN), STUDY.stand_ins)
    say(console.banner(STUDY, everything, trainings_at_once(), where_trainings_run(), lacking, measured=bool(DISPLAYS)))


def announce_start():
    """Called before the first job: from now on the progress is shown, by a logger that does so."""
    steps = [step(rule, wildcards) for rule, wildcards in private_snakemake.planned_jobs(workflow)]
    JOBS.plan(steps)
    costs = Costs(STUDY, RESULTS.parent)
    outlook = Outlook(costs, steps, RUNS, {"train": REPLICATES, "repeat": FURTHER}, CONTINUED)
    at_once = private_snakemake.limit(workflow, "_cores") or private_snakemake.limit(workflow, "_nodes") or 1
    after = costs.report() if console.writes_report() else 0.0
    progress = Progress(JOBS, outlook, Forecast(at_once, trainings_at_once()), after)
    for display in DISPLAYS:
        display.attach(progress.line)
    if DISPLAYS and private_snakemake.runs_here(workflow):
        CALIBRATIONS.append(Calibration(costs, outlook.trainings.values()))
        CALIBRATIONS[0].start()


def announce_end():
    """Called when a run has succeeded."""
    end_progress()
    say(console.end(STUDY, brief=bool(DISPLAYS)))


def announce_failure():
    """Called when a run has failed."""
    end_progress()
    say(console.failure(STUDY, JOBS.failed, told=bool(DISPLAYS)))


def end_progress():
    """The jobs have ended: no more line of progress, and nothing more to measure."""
    for running in [*CALIBRATIONS, *DISPLAYS]:
        running.stop()
