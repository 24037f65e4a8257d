include: "lookups/report.smk"


# Tables as pages: the report shows HTML and can only offer CSV for download.
rule page:
    input:
        table="<results>/tables/{table}.csv",
        template=template("table.html", "style.css"),
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
        code=digest("page.py"),
    script:
        "../scripts/page.py"


# The page to explore: every run with its curve, its pictures and its scores.
rule explore:
    input:
        metrics="<results>/tables/metrics.csv",
        baselines="<results>/tables/baselines.csv",
        scores=of_runs(rules.evaluate.output.scores),
        pictures=of_runs(rules.evaluate.output.pictures),
        template=template("explore.html", "explore.js", "style.css"),
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
        code=digest("explore.py"),
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
        summaries=expand("<results>/figures/{summary}.png", summary=SUMMARISED),
        about_summaries=[summary_caption(summary) for summary in SUMMARISED],
        datasets=expand("<resources>/data/{dataset}/dataset.json", dataset=DATASETS),
        software="<results>/tables/software.json",
        template=template("opening.html"),
    output:
        page="<results>/pages/opening.html",
        captions=expand("<results>/captions/{figure}.rst", figure=[*FIGURES, *SUMMARISED]),
    log:
        "<logs>/pages/opening.log",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        study=STUDY.study,
        reports={name: about.title for name, about in STUDY.reports.items()},
        sections=[
            {"name": experiment.name, "title": experiment.title, "report": experiment.report}
            for experiment in STUDY.experiments
        ],
        figures=[vars(figure) for figure in FIGURES.values()],
        summaries={summary: SUMMARIES[summary].title for summary in SUMMARISED},
        runs=[[vars(run) for run in figure_runs(figure)] for figure in FIGURES],
        labels=LABELS,
        configuration=CONFIGURATION.model_dump(mode="json"),
        code=digest("opening.py"),
    script:
        "../scripts/opening.py"


rule pages:
    input:
        expand("<results>/pages/{table}.html", table=PAGES),
        rules.explore.output,
        "<results>/pages/playground.html",
        rules.opening.output,
