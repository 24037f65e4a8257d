include: "lookups/figures.smk"


# A figure, from tables and example images; it is drawn again when what draws it changes, not when another drawing does.
rule figure:
    input:
        unpack(figure_tables),
        examples=figure_examples,
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
        figure="[a-z][a-z0-9_]*/[a-z0-9_-]+",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        drawing=lambda wildcards: FIGURES[wildcards.figure].drawing,
        runs=lambda wildcards: [vars(run) for run in figure_runs(wildcards.figure)],
        shown=lambda wildcards: [vars(run) for run in figure_shown(wildcards.figure)],
        tables=lambda wildcards: list(drawing_of(wildcards.figure).tables),
        published=PUBLISHED,
        labels=LABELS,
        stand_ins=STUDY.stand_ins,
        code=figure_statements,
    script:
        "../scripts/figure.py"


# All figures of the reports whose experiment the study has, and one for every experiment of its own.
rule figures:
    input:
        expand("<results>/figures/{figure}.{format}", figure=FIGURES, format=["svg", "png"]),
