"""Bring trained networks, and test images to try them on, to where a browser can compute them."""

from aestudy.base import files
from aestudy.base.job import existing, job
from aestudy.network import hardware
from aestudy.playground import images, networks

with job(snakemake):
    hardware.prepare(snakemake.threads)
    paths = zip(existing(snakemake.input.test_images), existing(snakemake.input.test_labels), strict=True)
    shown = dict(zip(snakemake.params.datasets, images.read(paths), strict=True))
    known = networks.Known(snakemake.params.operations, snakemake.params.noises)
    pixels = {name: each.pixels for name, each in shown.items()}
    offered = networks.offered(existing(snakemake.input.weights), pixels, known)
    files.write_json(snakemake.output[0], offered | {"images": {name: each.document() for name, each in shown.items()}})
