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
        sparsity_threshold=STUDY.evaluation.sparsity_threshold,
        code=figure_statements,
    script:
        "../scripts/figure.py"


# A figure of the whole study, from its tables: verdicts on all claims, joint readings, networks on other test sets.
rule summary:
    input:
        unpack(lambda wildcards: tables_of(SUMMARIES[wildcards.summary].tables)),
    output:
        svg="<results>/figures/{summary}.svg",
        png=report(
            "<results>/figures/{summary}.png",
            caption="../../report/captions/figure.rst",
            category=CATEGORIES["verdicts"],
            labels=lambda wildcards: {"figure": SUMMARIES[wildcards.summary].title},
        ),
    log:
        "<logs>/figures/{summary}.log",
    wildcard_constraints:
        summary="|".join(SUMMARIES),
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        summary=lambda wildcards: wildcards.summary,
        tables=lambda wildcards: list(SUMMARIES[wildcards.summary].tables),
        labels=LABELS,
        code=lambda wildcards: digest(
            "summary.py", f"figures.{SUMMARIES[wildcards.summary].module}.{wildcards.summary}"
        ),
    script:
        "../scripts/summary.py"


# All figures of the reports whose experiment the study has, and one for every experiment of its own.
rule figures:
    input:
        expand("<results>/figures/{figure}.{format}", figure=[*SUMMARISED, *FIGURES], format=["svg", "png"]),
