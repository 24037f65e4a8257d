"""What is said and done when Snakemake starts and when it ends."""

from aestudy.claims.checks import untestable
from aestudy.base.machine import memory_mb
from aestudy.driver import lock, progress


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


if private_snakemake.is_main(workflow):
    beside = [run for path, run in RUNS.items() if path not in PLAN.runs]
    everything = plan.Plan(RUNS, PLAN.experiments | ({"readings": beside} if beside else {}))
    if private_snakemake.runs_here(workflow):
        private_snakemake.limit_memory(workflow, memory_mb())
    lacking = untestable(CLAIMS, loading.planned_by(CONFIGURATION, PLAN), STUDY.stand_ins)
    console.banner(STUDY, everything, trainings_at_once(), where_trainings_run(), lacking)
    if "--unlock" not in sys.argv and (news := lock.notice(Path("results", STUDY.study), unlock_command())):
        print(f"\n{news}", file=sys.stderr)


def acquire_lock():
    """Called when a run starts: another one of the same study is refused."""
    try:
        lock.acquire(Path("results", STUDY.study))
    except UserError as error:
        raise WorkflowError(str(error)) from None


def training_work(wildcards):
    """What a training job has to do, for the display of its progress."""
    run = RUNS.get("{dataset}/{model}/{variant}".format(**wildcards))
    return run and progress.Work(run.path, STUDY.replicates, plan.training_of(STUDY, run.model).epochs)


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
