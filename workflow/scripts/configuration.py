"""Keep the configuration as it was given: config.yaml, what --configfile and --config put over it, and nothing else."""

import yaml

from aestudy.base import files
from aestudy.base.job import job

with job(snakemake):
    text = yaml.safe_dump(snakemake.params.given, sort_keys=False, allow_unicode=True, width=110)
    files.write_text(snakemake.output[0], text)
