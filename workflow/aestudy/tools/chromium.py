"""A headless Chromium without network, from the system's packages; nothing is downloaded for it."""

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

from aestudy.base.errors import UserError

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@contextlib.contextmanager
def started() -> Iterator[Any]:
    """A browser of playwright's. Raises UserError where there is none."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        raise UserError("Chromium is not installed: `make browser-setup`")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise UserError("the Python package playwright is not installed: it is in requirements.lock") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        yield browser
        browser.close()
