"""What is said and done when Snakemake starts and when it ends."""

from aestudy.claims.checks import untestable
from aestudy.driver import lock, private_snakemake, progress


def unlock_command():
    """What a user types to remove the lock of a killed run of this study."""
    overlays = " ".join(map(os.path.relpath, private_snakemake.overlays(workflow)))
    return f"snakemake --unlock{f' --configfile {overlays}' if overlays else ''}"


def trainings_at_once():
    """How many trainings Snakemake may run beside each other: by `gpu`, and by cores where jobs run here."""
    limits = [private_snakemake.limit(workflow, name) for name in ("gpu", "_cores")]
    return min((limit for limit in limits if limit is not None), default=1)


if private_snakemake.is_main(workflow):
    everything = plan.Plan(RUNS, PLAN.experiments | ({"protocols": list(BESIDE)} if BESIDE else {}))
    console.banner(STUDY, everything, trainings_at_once(), untestable(CLAIMS, PLAN.runs.values(), STUDY.stand_ins))
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
