"""The runs that the playground considers."""

from aestudy.pages import playground
from aestudy.playground import choice

OFFERED = choice.candidates(PLAN.runs.values())
OFFERED_DATASETS = sorted({run.dataset for run in OFFERED})
OFFERED_CONDITIONS = sorted({(run.dataset, run.condition) for run in OFFERED})


def offered_files(name):
    """A file of the first replicate of each of these runs, in the order in which they are offered."""
    return [f"<results>/runs/{run.path}/replicate-0/{name}" for run in OFFERED]


def offered_kinds():
    """Kinds of their models, as entries for `digest`."""
    return sorted({f"models.{STUDY.models[run.model].network.architecture}.build" for run in OFFERED})
