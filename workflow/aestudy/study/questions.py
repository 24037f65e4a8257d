"""Open questions: what a report leaves open, the answers that are tried, and what each answer changes.

A joint reading answers all questions about a report at once. Answers that change a network or its training need
networks of their own; answers that change a test or a score only read other columns.
"""

import itertools
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from aestudy.base.columns import SSIM_VARIANTS
from aestudy.base.identity import Training
from aestudy.base.settings import Name, Settings, Text, patterned

ClaimId = patterned(r"^[a-z0-9]+(-[a-z0-9]+)*$", "the id of a claim")
AnswerId = patterned(r"^[a-z0-9]{1,10}$", "an id of at most ten lower-case letters and digits")
ModelName = patterned(r"\S", "the name of a model")

# A model or an answer may set some of the training keys; those that are left out or null stay as they are.
TrainingOverrides = create_model(
    "TrainingOverrides",
    __base__=Settings,
    __doc__="Training keys that differ from the study's.",
    **{
        name: (field.rebuild_annotation() | None, Field(default=None, description=field.description))
        for name, field in Training.model_fields.items()
    },
)


class Answer(Settings):
    """One answer to an open question, and what it changes. What is left out stays as the study has it."""

    id: AnswerId
    """Short name, unique among the answers to the question; it becomes a part of the names of models."""
    answer: Text
    """The answer in a few words."""
    reason: Text = "-"
    """Why it is plausible."""
    prior: Annotated[float, Field(gt=0)] = 1.0
    """How plausible it is before any result, relative to the other answers."""
    networks: dict[Name, dict[str, Any]] = Field({})
    """Keys of the networks of models that differ, by model."""
    training: Annotated[TrainingOverrides, Field(default_factory=TrainingOverrides)]
    """Training keys that differ, for all models."""
    noise: dict[str, Any] = Field({})
    """Keys of the noise that differ, in training and test."""
    squared: bool = False
    """Whether the published variances are standard deviations: the variances are then their squares."""
    trained_on: Literal["own", "clean"] | Annotated[float, Field(gt=0)] = "own"
    """What the network of a test under noise was trained on: its own noise, clean images, or noise of one variance."""
    score: Literal["per_image", "pooled", "own_range"] | None = None
    """How PSNR is taken: mean over images, of the error over all images, or with each picture's own range."""
    gain: Literal["restored", "clean_input"] | None = None
    """PSNR of restored minus noisy images, or the network's PSNR for clean minus that for noisy input."""
    ssim: Literal[*SSIM_VARIANTS] | None = None
    """Another variant of SSIM."""
    quantities: dict[ClaimId, Text] = Field({})
    """Other expressions for the quantities of claims."""
    only_with: dict[Name, list[AnswerId]] = Field({})
    """Answers to other questions beside which this one is tried; beside all unless given."""

    @property
    def trains(self) -> bool:
        """Whether it needs networks of its own, whatever they are tested on."""
        return bool(self.networks or self.training.model_dump(exclude_none=True))


class Question(Settings):
    """What a report leaves open."""

    id: Name
    """Short name, unique."""
    question: Text
    """The question."""
    answers: Annotated[list[Answer], Field(min_length=2)]
    """The answers that are tried; the first one is the study's own setting, as far as it says nothing else."""


class Target(Settings):
    """A claim that a reading is held against."""

    claim: ClaimId
    """Its id."""
    experiment: Text
    """The experiment of the report that it is about."""
    quantity: Text | None = None
    """Another expression for its quantity, where a study of readings has fewer runs than the claim asks for."""


class Repeated(Settings):
    """Readings whose networks are trained more than once."""

    replicates: Annotated[int, Field(ge=2, le=1_000)]
    """How often in all."""
    readings: Annotated[list[Text], Field(min_length=1)]
    """Their ids, as in tables/readings.csv."""


class Readings(Settings):
    """The open questions about one report, and what every joint reading is held against."""

    report: Name
    """The report."""
    questions: Annotated[list[Question], Field(min_length=1)]
    """What is open. Every combination of answers is a reading."""
    targets: Annotated[list[Target], Field(min_length=1)]
    """The claims that a reading should bring out, all at once."""
    chosen_by: Text
    """The experiment by which alone readings are chosen, to see what they say of the others."""
    repeated: Repeated | None = None
    """Readings with more than one replicate."""


Reading = dict[str, Answer]
"""The answer to each question, by the question's id."""


def combinations(readings: Readings) -> Iterator[Reading]:
    """All joint readings, in the order of the answers."""
    names = [question.id for question in readings.questions]
    for answers in itertools.product(*(question.answers for question in readings.questions)):
        reading = dict(zip(names, answers, strict=True))
        if all(reading[name].id in allowed for answer in answers for name, allowed in answer.only_with.items()):
            yield reading


def reading_id(reading: Reading) -> str:
    """The ids of a reading's answers, in the order of the questions."""
    return "-".join(answer.id for answer in reading.values())
