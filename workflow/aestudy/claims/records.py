"""The records of report/claims.yaml: what they hold, and how mistakes in them are reported."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import (
    AllowInfNan,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    Strict,
    ValidationError,
    field_validator,
    model_validator,
)

from aestudy.base.errors import UserError
from aestudy.base.wording import show, unknown
from aestudy.claims.language import Node, parse

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's where PyYAML was built with it
REPRODUCED, DIRECTION_ONLY, NOT_REPRODUCED = "reproduced", "direction only", "not reproduced"
INCONCLUSIVE, CONTRADICTED, NOT_TESTABLE = "inconclusive", "contradicted", "not testable"
VERDICTS = (REPRODUCED, DIRECTION_ONLY, INCONCLUSIVE, NOT_REPRODUCED, CONTRADICTED, NOT_TESTABLE)

EXPECTED = r"^\s*(>=|<=|>|<|~)?\s*([+-]?[0-9]+\.?[0-9]*([eE][+-]?[0-9]+)?)\s*$"
REQUIRED = ("quantity", "expected", "tolerance", "tolerance_reason", "evidence")
"""Keys of a claim that can be tested."""


@dataclass(frozen=True)
class Expectation:
    """What a claim says of its quantity: a number ("="), a sign (">", ">=", "<", "<=") or no effect ("~")."""

    relation: str
    value: float

    def mirrored(self) -> "Expectation":
        """What is expected of the quantity with the other sign."""
        return Expectation(self.relation.translate(str.maketrans("<>", "><")), -self.value)

    def __str__(self) -> str:
        return f"{self.value:g}" if self.relation == "=" else f"{self.relation} {self.value:g}"


Text = Annotated[str, Field(min_length=1)]


class Claim(BaseModel):
    """One statement of a report, and how it is recomputed and judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="short name, unique; the report's name first")
    report: str = Field(pattern=r"^[a-z0-9]+$", description="short name of the report")
    source: Text = Field(description="where in the report the claim stands")
    statement: Text = Field(description="the claim, in words of our own")
    read_as: str = Field("", description="how a sentence that names no number was read")
    exploratory: bool = Field(
        False, description="written after results that it is about had been seen: it describes, and tests nothing"
    )
    untestable: str | None = Field(None, description="why no run can test it; stands in place of the keys below")
    quantity: Text | None = Field(None, description="expression for the number that the claim is about")
    unit: str = Field("", description="unit of the quantity, for messages")
    expected: Annotated[float, Strict(), AllowInfNan(False)] | Annotated[str, Field(pattern=EXPECTED)] | None = Field(
        None, description="a number; a sign, such as '> 0'; or no effect, such as '~ 0'"
    )
    tolerance: float = Field(0, ge=0, allow_inf_nan=False, description="in units of the quantity, set before any run")
    tolerance_reason: str = Field("", description="why this tolerance")
    scale: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="what counts as one tolerance of a sign that has none, in figures"
    )
    direction: str | None = Field(None, description="expression that is positive where the claim's direction holds")
    evidence: list[Text] = Field([], description="figures and tables that show it")

    @field_validator("quantity", "direction")
    @classmethod
    def _parses(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                parse(text)
            except UserError as error:
                raise ValueError(str(error)) from None
        return text

    @model_validator(mode="after")
    def _is_whole(self):
        given = [key for key in (*REQUIRED, "direction", "unit", "scale") if key in self.model_fields_set]
        if self.untestable is not None:
            if given:
                raise ValueError(f"an untestable claim has no {given[0]}: nothing is computed for it")
            return self
        if missing := [key for key in REQUIRED if key not in given or getattr(self, key) in (None, "", [])]:
            keys = "keys" if len(missing) > 1 else "key"
            raise ValueError(f"the {keys} {' and '.join(missing)} must be given (or `untestable`, with the reason)")
        if self.expectation.relation == "~" and not self.tolerance:
            raise ValueError("'~' needs a tolerance above 0: no data can show an effect to be exactly nothing")
        return self

    @property
    def expectation(self) -> Expectation:
        """`expected`, read; of a claim that can be tested."""
        relation, value, _ = re.match(EXPECTED, str(self.expected)).groups()
        return Expectation(relation or "=", float(value))

    @property
    def unit_of_distance(self) -> float:
        """What distances from what is expected are counted in: the scale, the tolerance, or 1."""
        return self.scale or self.tolerance or 1.0

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The expressions by key: quantity, and direction where there is one."""
        texts = {"quantity": self.quantity, "direction": self.direction}
        return {key: parse(text) for key, text in texts.items() if text is not None}


class Claims(RootModel[list[Claim]]):
    """Claims of the rebuilt reports."""


def claims_schema() -> dict:
    """JSON schema of report/claims.yaml, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Claims.model_json_schema()}


def read(path: str | Path) -> tuple[list[Claim], list[str]]:
    """The claims in a YAML file, in its order, and a sentence for each mistake in it, with its place."""
    try:
        records = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=LOADER)
    except OSError as error:
        return [], [f"{path}: cannot be read: {error.strerror}; give a YAML file"]
    except (yaml.YAMLError, ValueError, IndexError) as error:
        return [], [f"{path}: cannot be read as YAML, {error}"]
    if not isinstance(records, list):
        return [], [f"{path}: found no list; allowed: a list of claims, each starting with '- id: ...'"]
    mistakes, claims, names = [], [], set()
    for number, record in enumerate(records, 1):
        name = record.get("id") if isinstance(record, dict) else None
        name = name if isinstance(name, str) else f"claim {number}"
        try:
            claims.append(Claim.model_validate(record))
        except ValidationError as error:
            mistakes += dict.fromkeys(f"{path}: {name}{_sentence(e)}" for e in error.errors())
        if name in names:
            mistakes.append(f"{path}: {name}: several claims have this id; each needs its own")
        names.add(name)
    return claims, mistakes


def load_claims(path: str | Path) -> list[Claim]:
    """The claims in a YAML file, in its order. Raises UserError with all mistakes at once, each with its place."""
    claims, mistakes = read(path)
    if mistakes:
        raise UserError("\n".join(mistakes))
    return claims


def _sentence(error: dict) -> str:
    """One mistake that pydantic found, to follow the claim's id: the key, what is wrong, what was found."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f": {unknown('key', error['loc'][-1], Claim.model_fields)}"
    if error["type"] == "missing":
        return f": the key {place[1:]} is required and missing"
    if error["type"] == "value_error":
        return f"{place}: {error['ctx']['error']}"
    found = show(error["input"])
    if error["loc"][:1] == ("expected",):
        return f".expected: found {found}; allowed: a number, a sign such as '> 0', or '~ 0' for no effect"
    return f"{place}: found {found}; {error['msg'][:1].lower()}{error['msg'][1:]}"
