"""The line that tells how far a study is: steps, trainings with their latest loss, and the time that is left."""

from aestudy.driver import trainings
from aestudy.driver.forecast import Forecast, Running
from aestudy.driver.jobs import Jobs, State, Step
from aestudy.driver.outlook import Outlook

SOON = 45.0
"""Seconds below which no number is told."""


class Progress:
    """Of the jobs that `jobs` listens to. extra: seconds that come after the last of them."""

    def __init__(self, jobs: Jobs, outlook: Outlook, forecast: Forecast, extra: float = 0.0):
        self._jobs, self._outlook, self._forecast, self._extra = jobs, outlook, forecast, extra
        self._learnt = 0

    def line(self) -> tuple[str, float]:
        """What to show now, the most important first, and the share of the steps that is done."""
        state = self._jobs.state()
        for step, seconds in state.finished[self._learnt :]:
            self._forecast.finished(self._outlook.expected(step), seconds)
            self._outlook.finished(step)
        self._learnt = len(state.finished)
        running = [(job, *self._look(job, state.now)) for job in state.running]
        left = self._forecast.left(
            (self._outlook.expected(step) for step in state.waiting.elements()), [look for _, look, _ in running]
        )
        done = len(state.finished)
        steps = done + len(running) + state.waiting.total()
        parts = [f"{done} of {steps} steps", *self._trained(state)]
        parts.append(remaining(None if left is None else left + self._extra))
        others = list(dict.fromkeys(job.step[0] for job, _, news in running if not news))
        details = [*(news for _, _, news in running if news), *others]
        return ", ".join(parts) + (f" | {'; '.join(details)}" if details else ""), done / max(1, steps)

    def _look(self, job, now: float) -> tuple[Running, str]:
        """How far a running job is, and what there is to tell of it: something if it is a training."""
        expected, elapsed = self._outlook.expected(job.step), now - job.began
        if job.step not in self._outlook.trainings:
            return Running(expected, elapsed), ""
        _, work = self._outlook.trainings[job.step]
        position = trainings.read(job.log, work.epochs) if job.log else trainings.Position()
        share = max(0, position.epochs - work.done) / max(1, work.all_epochs - work.done)
        news = f"{work.name}: epoch {position.epochs}/{work.all_epochs}, loss {position.loss}"
        return Running(expected, elapsed, min(1.0, share)), news if position.loss else f"{work.name}: starting"

    def _trained(self, state: State) -> list[str]:
        """How many of the trainings are done, if there are any."""
        every = len(self._outlook.trainings)
        done = sum(self._is_training(step) for step, _ in state.finished)
        return [f"{done} of {every} trained"] if every else []

    def _is_training(self, step: Step) -> bool:
        return step in self._outlook.trainings


def remaining(seconds: float | None) -> str:
    """How long it will still take, in words."""
    if seconds is None:
        return "time left: being measured"
    if seconds < SOON:
        return "less than a minute left"
    if seconds < 5_400:
        return f"about {max(1, round(seconds / 60))} min left"
    return f"about {seconds / 3600:.1f} h left"
