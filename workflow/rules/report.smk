include: "lookups/report.smk"


# Tables as pages: the report shows HTML and can only offer CSV for download.
rule page:
    input:
        table="<results>/tables/{table}.csv",
        template=template("table.html", "style.css"),
        code=code("page.py"),
    output:
        report(
            "<results>/pages/{table}.html",
            caption="../../report/captions/page.rst",
            category=lambda wildcards: CATEGORIES["verdicts" if wildcards.table in JUDGED else "tables"],
            labels=lambda wildcards: {"table": PAGES[wildcards.table]},
        ),
    log:
        "<logs>/pages/{table}.log",
    wildcard_constraints:
        table="|".join(PAGES),
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        title=lambda wildcards: PAGES[wildcards.table],
        study=STUDY.study,
    script:
        "../scripts/page.py"


# The page to explore: every run with its curve, its pictures and its scores.
rule explore:
    input:
        metrics="<results>/tables/metrics.csv",
        baselines="<results>/tables/baselines.csv",
        scores=expand("<results>/evaluation/{run}/scores.parquet", run=PLAN.runs),
        examples=expand("<results>/evaluation/{run}/examples.npy", run=PLAN.runs),
        extremes=expand("<results>/evaluation/{run}/extremes.npy", run=PLAN.runs),
        ranked=expand("<results>/evaluation/{run}/extremes.csv", run=PLAN.runs),
        template=template("explore.html", "explore.js", "style.css"),
        code=code("explore.py"),
    output:
        report(
            "<results>/pages/explore.html",
            caption="../../report/captions/explore.rst",
            category=CATEGORIES["explore"],
            labels={"page": "Runs: curves, pictures, scores"},
        ),
    log:
        "<logs>/pages/explore.log",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        study=STUDY.study,
        runs=[vars(run) for run in PLAN.runs.values()],
        labels=LABELS,
    script:
        "../scripts/explore.py"


# The report's first page, and the captions of the figures, with the values of the tables in them.
rule opening:
    input:
        claims="<results>/tables/claims.csv",
        metrics="<results>/tables/metrics.csv",
        baselines="<results>/tables/baselines.csv",
        cost="<results>/tables/cost.csv",
        images=expand("<results>/figures/{figure}.png", figure=FIGURES),
        descriptions=[caption_source(figure) for figure in FIGURES],
        datasets=expand("<resources>/data/{dataset}/dataset.json", dataset=DATASETS),
        manifests=all_runs("<results>/runs/{run}/replicate-{replicate}/manifest.json"),
        sensitivity=rules.sensitivity_tables.output if VARIATIONS else [],
        sensitivity_figure=rules.sensitivity_figure.output.png if VARIATIONS else [],
        sensitivity_caption=caption_source("sensitivity") if VARIATIONS else [],
        template=template("opening.html"),
        code=code("opening.py"),
    output:
        page="<results>/pages/opening.html",
        captions=expand("<results>/captions/{figure}.rst", figure=[*FIGURES, *SENSITIVITY]),
    log:
        "<logs>/pages/opening.log",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        study=STUDY.study,
        sections=[
            {"name": experiment.name, "title": experiment.title, "report": experiment.report}
            for experiment in STUDY.experiments
        ],
        figures=FIGURES,
        runs=[[vars(run) for run in PLAN.experiments[experiment_of(figure).name]] for figure in FIGURES],
        labels=LABELS,
        configuration=STUDY.model_dump(mode="json"),
    script:
        "../scripts/opening.py"


rule pages:
    input:
        expand("<results>/pages/{table}.html", table=PAGES),
        rules.explore.output,
        rules.opening.output,
