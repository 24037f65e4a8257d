include: "lookups/sensitivity.smk"


# Scores of one run by a protocol that tests or scores it in another way.
rule rescore:
    input:
        weights=rules.train.output.weights,
        manifest=rules.train.output.manifest,
        train_images=rules.prepare.output.train_images,
        test_images=rules.prepare.output.test_images,
        noisy=lambda wildcards: noisy_test_images(wildcards.dataset, variation_of(wildcards).condition),
    output:
        "<results>/protocols/{protocol}/{dataset}/{model}/{variant}/scores.parquet",
    log:
        "<logs>/rescore/{protocol}/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/rescore/{protocol}/{dataset}/{model}/{variant}.tsv"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=gpu_of_scoring,
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 30 * attempt,
    params:
        protocol=lambda wildcards: PROTOCOLS[wildcards.protocol].rescoring(STUDY.evaluation.ssim),
        code=lambda wildcards: digest("rescore.py", "network.autoencoder.create", *kinds_of_run(wildcards)),
    script:
        "../scripts/rescore.py"


# What every protocol makes of every published number, and which of them explain several numbers together.
rule sensitivity_tables:
    input:
        claims=CLAIMS_FILE,
        scores=[f"<results>/{variation.scores}" for variation in VARIATIONS],
    output:
        sensitivity="<results>/tables/sensitivity.csv",
        together="<results>/tables/together.csv",
    log:
        "<logs>/tables/sensitivity.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        protocols=[protocol.model_dump() for protocol in STUDY.protocols],
        variations=[[variation.protocol, vars(variation.run)] for variation in VARIATIONS],
        together=STUDY.together,
        stand_ins=STUDY.stand_ins,
        seed=STUDY.seed,
        code=digest("sensitivity.py"),
    script:
        "../scripts/sensitivity.py"


rule sensitivity_figure:
    input:
        table="<results>/tables/sensitivity.csv",
    output:
        svg="<results>/figures/sensitivity.svg",
        png=report(
            "<results>/figures/sensitivity.png",
            caption="../../report/captions/figure.rst",
            category=CATEGORIES["verdicts"],
            labels={"table": "Published numbers under other protocols (figure)"},
        ),
    log:
        "<logs>/figures/sensitivity.log",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        code=digest("sensitivity_figure.py"),
    script:
        "../scripts/sensitivity_figure.py"


# The protocols alone: `snakemake --cores 8 sensitivity --configfile workflow/studies/sensitivity.yaml`.
rule sensitivity:
    input:
        sensitivity_results,
