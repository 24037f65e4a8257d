# The whole study as one graph, in the order of its stages:
#   download -> noisify -> train -> evaluate -> tables -> claims -> figures -> report

from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/events.smk"


pathvars:
    results=f"results/{STUDY.study}",
    logs=f"results/{STUDY.study}/logs",
    benchmarks=f"results/{STUDY.study}/benchmarks",


report: "report/workflow.rst"


# Used with `--sdm apptainer` only; the environments of the rules are what `--sdm conda` uses.
container: "docker://condaforge/miniforge3"


wildcard_constraints:
    dataset="[a-z][a-z0-9_]*",
    model="[a-z][a-z0-9_]*",
    variant="[a-zA-Z0-9_.-]+",
    condition="[a-z0-9_.-]+",
    scheme="shared|replicate-[0-9]+",


include: "workflow/rules/download.smk"
include: "workflow/rules/noisify.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/baselines.smk"
include: "workflow/rules/transfer.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/readings.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/playground.smk"
include: "workflow/rules/verify.smk"


# Everything that a study makes.
rule all:
    default_target: True
    input:
        rules.tables.input,
        rules.claims.output,
        rules.readings.output if STUDY.readings else [],
        rules.figures.input,
        rules.pages.input,
        rules.checksums.output,


# One stage at a time, for a look on the way: `snakemake --cores 8 trained`.
rule trained:
    input:
        of_runs(rules.train.output.manifest, RUNS),


onstart:
    announce_start()


onsuccess:
    announce_end()


onerror:
    announce_failure()
