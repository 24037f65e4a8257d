"""Mistakes in a configuration as sentences: the place, what was found, what is allowed, and the nearest of it.

What is allowed is read from the JSON schema, so messages and editors say the same.
"""

import datetime
import math
import unicodedata

import yaml
from pydantic import ValidationError

from aestudy.base.wording import key, nearest, path, show

TEXT = {"type": "string"}  # as a schema
UNQUOTE = " (this is text: remove the quotation marks; what is nested in --config is always text, so use --configfile)"
KEY = "[key]"  # ends the location of pydantic's errors about a key itself


def sentences(error: ValidationError, schema: dict) -> list[str]:
    """One line for each mistake that pydantic found; `schema` is the JSON schema of the model that it validated."""
    items = error.errors(include_url=False)
    # A key that is no text is reported once: what stands under it has no place that could be named.
    lost = {item["loc"][:-1] for item in items if item["loc"][-1:] == (KEY,) and not isinstance(item["input"], str)}
    found = [
        _sentence(item, schema)
        for item in items
        if item["loc"][-1:] == (KEY,) or not any(item["loc"][: len(place)] == place for place in lost)
    ]
    return list(dict.fromkeys(found))  # of a union, pydantic tells what each member found wrong


def _sentence(item: dict, schema: dict) -> str:
    kind, found = item["type"], item["input"]
    place, node, around = _locate(item["loc"], schema)
    if kind == "extra_forbidden":
        keys = list(around["properties"])
        return f"{path(place)}: unknown key; allowed here: {', '.join(keys)}{nearest(place[-1], keys)}"
    if kind == "invalid_key":
        keys = ", ".join(around["properties"])
        return f"{path(place[:-1])}: found {show(found)} as a key; allowed here: {keys}{_hint(found, TEXT)}"
    if item["loc"][-1:] == (KEY,):
        place, node = place[:-1], TEXT | around["propertyNames"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = node["discriminator"]["propertyName"]
        place, node = [*place, tag], {"enum": list(node["discriminator"]["mapping"])}
        kind, found = ("wrong", found[tag]) if tag in found else ("missing", None)
    if kind == "missing":
        return f"{path(place)}: this key is required and missing; allowed: {words(node, schema)}"
    return f"{path(place)}: found {show(found)}; allowed: {words(node, schema)}{_hint(found, node)}"


def _locate(location: tuple, schema: dict) -> tuple[list, dict, dict]:
    """The place that `location` means; what may stand there and the innermost mapping that it is in, as schemas."""
    place, node, around = [], schema, schema
    for part in location:
        if part == KEY:
            continue
        if "anyOf" in node:  # what follows names a member of the union
            break
        if "oneOf" in node:  # here pydantic names the member of the union that it chose
            node = {"$ref": node["discriminator"]["mapping"][part]}
        elif node.get("type") == "array":
            place.append(part)
            node = node["items"]
        else:
            place.append(str(part))
            around = node
            node = node.get("properties", {}).get(part) or next(iter(node.get("patternProperties", {}).values()), {})
        node = _resolve(node, schema)
    return place, node, around


def _resolve(node: dict, schema: dict) -> dict:
    """What a reference refers to, and of `something or null` the something; a union of several stays one."""
    while "$ref" in node or len(_members(node)) == 1:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else _members(node)[0]
    return node


def _members(node: dict) -> list[dict]:
    """The members of a union, but for null; none where it is no union."""
    return [member for member in node.get("anyOf", ()) if member.get("type") != "null"]


def words(node: dict, schema: dict) -> str:
    """What a node of the schema allows."""
    node = _resolve(node, schema)
    if "anyOf" in node:
        return ", or ".join(words(member, schema) for member in _members(node))
    if "const" in node or "enum" in node:
        return ", ".join(map(str, node.get("enum", [node.get("const")])))
    if "oneOf" in node:
        union = node["discriminator"]
        return f"a mapping with the key {union['propertyName']} ({', '.join(union['mapping'])})"
    match node["type"]:
        case "string":
            return node.get("patternErrorMessage", "text")
        case "boolean":
            return "true or false"
        case "integer":
            return f"a whole number{_range(node)}"
        case "number":
            return f"a finite number{_range(node)}"
        case "array":
            return f"a list of {_count(node, 'Items')} values, each {words(node['items'], schema)}"
        case _ if "properties" in node:
            return f"a mapping with the keys {', '.join(node['properties'])}"
        case _ if "patternProperties" not in node:
            return "a mapping of keys to values"
        case _:
            (value,) = node["patternProperties"].values()
            return f"a mapping of {_count(node, 'Properties')} names, each to {words(value, schema)}"


def _range(node: dict) -> str:
    signs = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    return "".join(f", {words} {_number(node[limit])}" for limit, words in signs.items() if limit in node)


def _number(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.10g}"


def _count(node: dict, what: str) -> str:
    low, high = node.get(f"min{what}", 0), node.get(f"max{what}")
    if high and high == low:
        return str(high)
    if high:
        return f"{low} to {high}" if low else f"up to {high}"
    return ("one or more" if low == 1 else f"{low} or more") if low else "any number of"


def _hint(found: object, node: dict) -> str:
    """What may have been meant, or why YAML read something else."""
    if "enum" in node or "const" in node:
        return nearest(found, node.get("enum", [node.get("const")]))
    match node.get("type"), found:
        case "string", bool():
            return " (YAML reads yes, no, on and off as true and false: put quotation marks around text)"
        case "string", int() | float() | datetime.date():
            return " (put quotation marks around it to make it text)"
        case "string", str() if odd := [sign for sign in found if not sign.isascii()]:
            return f" ({odd[0]!r} is {unicodedata.name(odd[0], 'a sign without a name')})"
        case "integer" | "number", str():
            return _number_hint(found)
        case "boolean", str() if found.lower() in ("true", "false", "yes", "no", "on", "off"):
            return UNQUOTE
        case "array", str() | int() | float() if not isinstance(found, bool) and "type" in node["items"]:
            return f" (a single value is written [{key(found) if isinstance(found, str) else found}])"
    return ""


def _number_hint(text: str) -> str:
    """How to write a text as a number, if it looks like one."""
    try:
        number = float(text)
    except ValueError:
        return ""
    if not math.isfinite(number):
        return ""
    text = text.strip()
    if not isinstance(yaml.safe_load(text), str):
        return UNQUOTE
    whole = number.is_integer() and abs(number) < 1e15
    written = str(int(number)) if whole else yaml.safe_dump(number).split()[0].replace("e-0", "e-")
    return f" (YAML reads {text} as text: write {written})"
