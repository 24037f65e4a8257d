"""Fills the templates of pages."""

import re
from pathlib import Path

from aestudy.base.wording import number

TEMPLATES = Path(__file__).parent / "templates"

LARGEST_FRAME = 1_450_000
"""Bytes that a page may have to be shown within report.html: browsers refuse frames whose address, here the page in
base64, is longer than 2 MiB. In report.zip pages are files and may be of any size."""


def render(template: str, **values) -> str:
    """The document that a template makes of `values`; a value that the template asks for must be there."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = number
    return environment.get_template(template).render(**values)


def defined(program: str) -> list[str]:
    """What a program of a page knows by name: the keys of its table, which stand in quotation marks at line starts."""
    return re.findall(r'^  "([\w.]+)":', (TEMPLATES / program).read_text(encoding="utf-8"), re.MULTILINE)
