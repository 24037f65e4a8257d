"""How a script runs inside a job: it logs to the job's log file, and a user's mistake ends it with a sentence."""

import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from aestudy.errors import UserError

log = logging.getLogger("aestudy")


@contextlib.contextmanager
def job(snakemake) -> Iterator[None]:
    """Run the body of a script; `snakemake` is the object that Snakemake puts into it."""
    handler = logging.FileHandler(snakemake.log[0], mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    name = "/".join([snakemake.rule, *snakemake.wildcards])
    try:
        yield
    except UserError as error:
        log.error("%s: %s", name, error)  # Snakemake shows the log of a failed job
        sys.exit(1)
    except OSError as error:
        if error.errno is None:
            raise
        place = f": {error.filename}" if error.filename else ""
        log.error("%s: %s%s", name, error.strerror, place)
        sys.exit(1)
    except BaseException:
        log.exception("%s failed", name)
        raise


def existing(paths) -> list[Path]:
    """Paths of a Snakemake file list that hold one file or several."""
    return [Path(paths)] if isinstance(paths, str) else [Path(path) for path in paths]
