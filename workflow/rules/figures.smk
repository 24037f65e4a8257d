include: "lookups/figures.smk"


# A figure, from tables and example images; it is drawn again when its own module changes, not when another's does.
rule figure:
    input:
        unpack(figure_tables),
        examples=figure_examples,
        code=lambda wildcards: code("figure.py", f"figures.{figures.spec(wildcards.figure).module}"),
    output:
        svg="<results>/figures/{figure}.svg",
        png=report(
            "<results>/figures/{figure}.png",
            caption="../../report/captions/figure.rst",
            category=figure_category,
            subcategory=figure_subcategory,
            labels=figure_labels,
        ),
    log:
        "<logs>/figures/{figure}.log",
    wildcard_constraints:
        figure="(dense|conv|experiments)/[a-z0-9_-]+",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        runs=lambda wildcards: [vars(run) for run in figure_runs(wildcards)],
        tables=lambda wildcards: list(figures.spec(wildcards.figure).tables),
        labels=LABELS,
        stand_ins=STUDY.stand_ins,
    script:
        "../scripts/figure.py"


# All figures of the reports whose experiment the study has, and one for every experiment of its own.
rule figures:
    input:
        expand("<results>/figures/{figure}.{format}", figure=FIGURES, format=["svg", "png"]),
