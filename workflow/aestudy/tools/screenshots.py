"""Makes the README's pictures of a finished study: its report and its playground, as a headless Chromium shows them.

    python -m aestudy screenshots paper

They are docs/images/report.png and docs/images/playground.png. Chromium is that of the browser tests.
"""

import argparse
from pathlib import Path

from aestudy.base.errors import UserError
from aestudy.tools import chromium

FOLDER = Path("docs/images")
SIZE = {"width": 1200, "height": 900}
"""Pixels; large enough that the report shows its menu beside its first page."""
SHOWN = {"report": "report.html", "playground": "pages/playground.html"}
"""Where in results/<study> the page of each picture lies."""
READY = {"report": "#app .study h1", "playground": "#network-scores:not(:empty)"}
"""What a page shows once it is complete."""
PATIENCE = 60_000
"""Milliseconds to wait for that."""


def take(study: str, folder: Path) -> list[Path]:
    """Take all pictures into a folder; returns their paths.

    Raises UserError where a page or the browser is lacking, and for a page on which something went wrong.
    """
    pages = {name: Path("results", study, place) for name, place in SHOWN.items()}
    if lacking := [str(path) for path in pages.values() if not path.is_file()]:
        raise UserError(
            f"{' and '.join(lacking)} not found: run study {study} to its end, then `snakemake --report "
            f"{pages['report']}` with the same --configfile"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with chromium.started() as browser:
        return [_picture(browser, name, path, folder / f"{name}.png") for name, path in pages.items()]


def _picture(browser, name: str, page: Path, out: Path) -> Path:
    from playwright.sync_api import Error

    context = browser.new_context(viewport=SIZE, offline=True)
    shown = context.new_page()
    try:
        shown.goto(page.resolve().as_uri())
        shown.locator(READY[name]).wait_for(timeout=PATIENCE)
        shown.screenshot(path=out, animations="disabled")
    except Error as error:
        raise UserError(f"{page} is not shown as it should be: {error.message.splitlines()[0]}") from None
    finally:
        context.close()
    return out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study with its report, as in results/<study>")
    parser.add_argument("--out", type=Path, default=FOLDER, help=f"folder for the pictures; {FOLDER} unless given")


def run(options: argparse.Namespace) -> None:
    """Take the pictures and say where they are."""
    for path in take(options.study, options.out):
        print(f"{path}: {path.stat().st_size / 1e3:,.0f} kB")
