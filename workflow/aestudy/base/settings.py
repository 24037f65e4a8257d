"""Building blocks of everything that is configured: a base class that refuses unknown keys, and common kinds of text.

Where pydantic is not installed (`gpu-check` runs on a machine with torch and numpy alone), values are taken as they
are: they were validated where the study was planned, or are written in code.
"""

from typing import Annotated

try:
    from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny
except ModuleNotFoundError:
    from aestudy.base.unvalidated import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny

__all__ = ["BeforeValidator", "Field", "Name", "Rate", "SerializeAsAny", "Settings", "Text", "WholeNumber", "patterned"]


class Settings(BaseModel):
    """Base of every part of the configuration: unknown keys are errors, text is never taken for a number."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def patterned(pattern: str, words: str):
    """Text that matches a regular expression; `words` describe it in messages, here and in editors."""
    return Annotated[str, Field(pattern=pattern, json_schema_extra={"patternErrorMessage": words})]


def _whole(number):
    if type(number) is not int:
        raise ValueError("not a whole number")
    return number


Text = patterned(r"\S", "text that is not blank")

Name = patterned(
    r"^[a-z][a-z0-9_]{0,39}$",
    "a name of lower-case letters a-z, digits and underscores that starts with a letter, at most 40 long",
)
"""A name that becomes part of a path."""

Rate = Annotated[float, Field(ge=0, lt=1)]
"""A share in [0, 1)."""

WholeNumber = BeforeValidator(_whole)
"""Put beside a Literal of numbers, which would accept true for 1 and 3.0 for 3."""
