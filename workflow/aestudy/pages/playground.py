"""The playground: choose a network, draw or take an image, move the noise; see what the network and a filter restore.

The page computes everything itself, with the programs in templates/playground, from weights that playground.networks
has packed.
"""

import logging
from collections.abc import Mapping, Sequence

from aestudy.base.wording import number
from aestudy.figures.data import Labels
from aestudy.pages.rendering import defined, render

LARGEST = 6_000_000
"""Bytes that the page may have."""
FOLDER = "playground"
PROGRAMS = (
    "arrays",
    "convolution",
    "operations",
    "network",
    "scores",
    "filters",
    "wavelets",
    "noises",
    "drawing",
    "page",
)
"""Its programs in templates/playground, each of which uses those before it."""
PLAIN_NOISE = {"kind": "gaussian", "clip": True}
"""What is shown to a network that was trained without noise."""

log = logging.getLogger("aestudy")


def known(program: str) -> list[str]:
    """Names that one of the programs knows: of `operations`, `filters` or `noises`."""
    return defined(f"{FOLDER}/{program}.js")


def programs() -> list[str]:
    """The programs as templates, in the order in which the page needs them."""
    return [f"{FOLDER}/{name}.js" for name in PROGRAMS]


def page(study: str, offered: Mapping, filters: Sequence[dict | None], ssim: str, label: Labels) -> str:
    """The page as an HTML document.

    offered: networks, left_out (see playground.networks.offered) and images (see playground.images). filters:
    beside each network (see playground.filters.strongest). ssim: variant (see scoring.scores.ssim).
    """
    networks = [_network(*each, label) for each in zip(offered["networks"], filters, strict=True)]
    used = dict.fromkeys(network["dataset"] for network in networks)
    images = {name: offered["images"][name] | {"label": label("dataset", name)} for name in used}
    document = render(
        "playground.html",
        study=study,
        programs=programs(),
        data={"networks": networks, "images": images, "ssim": ssim},
        left_out=[f"{_title(run['run'], label)}: {run['reason']}." for run in offered["left_out"]],
    )
    if len(document.encode()) > LARGEST:
        log.warning("The playground has %.1f MB, more than %.0f.", len(document.encode()) / 1e6, LARGEST / 1e6)
    return document


def _network(network: Mapping, found: dict | None, label: Labels) -> dict:
    run = network["run"]
    return {
        "dataset": run["dataset"],
        "name": _name(run, label),
        "variance": run["variance"],
        "noise": network["noise"] or PLAIN_NOISE,
        "values": network["values"],
        "filter": found,
        "about": (
            f"The network is replicate {network['replicate']} of {_title(run, label)}. Its {network['parameters']:,} "
            f"weights are rounded to {network['bits']} bits. On the images that this was tried on, no pixel is further "
            f"than {number(255 * network['error'], 2)} of the 255 steps of grey from what torch makes of it."
        ),
    }


def _name(run: Mapping, label: Labels) -> str:
    """What the choice among the networks of a data set calls it."""
    parts = [label("model", run["model"])]
    if run["latent"] is not None:
        parts.append(f"latent {run['latent']}")
    if run["l1"]:
        parts.append(f"λ {run['l1']:g}")
    noise = "no noise" if run["noise"] == "none" else f"{label('noise', run['noise'])}, variance {run['variance']:g}"
    return ", ".join([*parts, noise])


def _title(run: Mapping, label: Labels) -> str:
    return f"{label('dataset', run['dataset'])}, {_name(run, label)}"
