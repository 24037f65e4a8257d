"""A headless browser without network, from the system's packages; nothing is downloaded for it."""

import contextlib
import os
from pathlib import Path

import pytest

from aestudy.base.errors import UserError
from aestudy.tools import chromium

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "results/screenshots"
REQUIRED = os.environ.get("AE_REQUIRE_BROWSER") == "1"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LOCAL = ("file:", "data:", "blob:", "about:")


def missing(what: str):
    """Skip, or fail where a browser is required."""
    (pytest.fail if REQUIRED else pytest.skip)(f"{what} (AE_REQUIRE_BROWSER=1 makes this a failure)")


@pytest.fixture(scope="session")
def browser():
    with contextlib.ExitStack() as stack:
        try:
            browser = stack.enter_context(chromium.started())
        except UserError as error:
            missing(str(error))
        yield browser


@pytest.fixture(params=SIZES)
def page(request, browser):
    """A page of a desktop's and of a phone's size. A test fails if it reports an error or asks for the network."""
    context = browser.new_context(viewport=SIZES[request.param], offline=True)
    page = context.new_page()
    troubles = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith(LOCAL) else troubles.append(f"asks for {sent.url}"))
    page.set_default_timeout(20_000)
    page.phone = request.param == "phone"
    yield page
    context.close()
    assert not troubles


@pytest.fixture
def screenshot(page, request):
    """Save what the page shows, as results/screenshots/<name>-<size>.png."""

    def save(name: str, whole: bool = False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}-{'phone' if page.phone else 'desktop'}.png", full_page=whole)

    return save


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of the accessibility checker axe-core: named by AE_AXE, or put there by `make browser-setup`."""
    source = Path(os.environ.get("AE_AXE") or ROOT / "node_modules/axe-core/axe.min.js")
    if not source.is_file():
        missing("axe-core is not there: `make browser-setup`, or name its axe.min.js in AE_AXE")
    return source.read_text(encoding="utf-8")
