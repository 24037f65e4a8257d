"""Words that messages, pages and tables share: values as text, the nearest valid name, what stands in for what."""

import difflib
import math
import re
from collections.abc import Iterable, Mapping

LONGEST = 70  # characters of a value that are shown


def nearest(found: object, allowed: Iterable[object]) -> str:
    """`; did you mean ...?` where one of the allowed words is close to what was found."""
    near = difflib.get_close_matches(found, map(str, allowed), n=1) if isinstance(found, str) else []
    return f"; did you mean {near[0]}?" if near else ""


def unknown(kind: str, found: object, allowed: Iterable[object]) -> str:
    """A phrase on a name that is not known: what was found, what is allowed, and the nearest of it."""
    allowed = list(map(str, allowed))
    return f"unknown {kind} '{found}'; allowed: {', '.join(allowed)}{nearest(found, allowed)}"


def path(place: Iterable) -> str:
    """A place in the configuration as text, such as `experiments[0].latent`: numbers are positions in lists."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{key(part)}" if text else key(part)
    return text or "the configuration"


def key(name: str) -> str:
    """A key as it is written in a path: in quotation marks where it holds unusual characters."""
    return name if re.fullmatch(r"[\w-]{1,40}", name, re.ASCII) else show(name)


def show(found: object) -> str:
    """A value as YAML would write it, short and on one line."""
    match found:
        case None:
            return "no value (null)"
        case bool():
            return str(found).lower()
        case int() if abs(found) >= 10**LONGEST:
            return f"a number of some {round(found.bit_length() * math.log10(2)):,} digits"
        case str():
            return repr(found) if len(found) <= LONGEST else f"{found[: LONGEST - 3]!r}..."
        case bytes():
            return "binary data"
        case dict():
            return "a mapping" if found else "an empty mapping"
        case list() | tuple() | set():
            return _show_list(list(found)) if found else "an empty list"
        case _:
            return str(found)


def _show_list(values: list) -> str:
    plain = len(values) < LONGEST and not any(isinstance(value, dict | list | tuple | set) for value in values)
    text = f"[{', '.join(map(show, values))}]" if plain else ""
    return text if 0 < len(text) <= LONGEST else f"a list of {len(values):,}"


def number(value: object, digits: int = 4) -> str:
    """A number as people read it: `digits` significant ones, a true minus sign, a dash where there is none."""
    if value is None or value == "" or value != value:  # NaN differs from itself
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{float(value):.{digits}g}".replace("-", "−")


def several(count: int, noun: str) -> str:
    """A number of things as text: '1 replicate', '2,000 networks'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def standing_in(stand_ins: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """'digits standing in for mnist and fmnist', for each data set that takes the place of some of `names`."""
    replaced: dict[str, list[str]] = {}
    for name in names:
        if name in stand_ins:
            replaced.setdefault(stand_ins[name], []).append(name)
    return [f"{used} standing in for {' and '.join(reported)}" for used, reported in replaced.items()]
