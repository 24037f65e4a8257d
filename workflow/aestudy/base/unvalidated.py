"""What `settings` uses of pydantic, without validation, for machines on which pydantic is not installed."""

from typing import Any, TypeVar

Value = TypeVar("Value")


class BaseModel:
    """Keeps the values that it is given, and the defaults of its class for the others."""

    def __init__(self, **values: Any):
        self.__dict__.update(values)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def model_copy(self, update: dict[str, Any]):
        """A copy with changed values."""
        return type(self)(**vars(self) | update)


def ConfigDict(**settings: Any) -> dict:
    """Accepted and not used."""
    return settings


def Field(default: Any = None, **constraints: Any) -> Any:
    """The default alone."""
    return default


def BeforeValidator(function: Any) -> Any:
    """Accepted and not used."""
    return function


class SerializeAsAny:
    """`SerializeAsAny[X]` is X."""

    def __class_getitem__(cls, item: type[Value]) -> type[Value]:
        return item
