# Scores of every run and replicate. Fails if a network restores worse than the training-mean image.
rule metrics:
    input:
        metrics=expand("<results>/evaluation/{run}/metrics.csv", run=PLAN.runs),
        baselines="<results>/tables/baselines.csv",
        code=code("metrics.py"),
    output:
        "<results>/tables/metrics.csv",
    log:
        "<logs>/tables/metrics.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    script:
        "../scripts/metrics.py"


# Tables that are the small tables of all runs, one below the other.
rule generalisation:
    input:
        tables=expand("<results>/evaluation/{run}/generalisation.csv", run=PLAN.runs),
        code=code("concatenate.py"),
    output:
        "<results>/tables/generalisation.csv",
    log:
        "<logs>/tables/generalisation.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    script:
        "../scripts/concatenate.py"


use rule generalisation as architecture with:
    input:
        tables=expand("<results>/evaluation/{run}/architecture.csv", run=PLAN.runs),
        code=code("concatenate.py"),
    output:
        "<results>/tables/architecture.csv",
    log:
        "<logs>/tables/architecture.log",
    localrule: True


use rule generalisation as baseline_table with:
    input:
        tables=[f"<results>/baselines/{dataset}/{condition}/baselines.csv" for dataset, condition in CONDITIONS],
        code=code("concatenate.py"),
    output:
        "<results>/tables/baselines.csv",
    log:
        "<logs>/tables/baselines.log",
    localrule: True


# Losses per epoch, and what training cost, of every run and replicate.
rule history:
    input:
        manifests=all_runs("<results>/runs/{run}/replicate-{replicate}/manifest.json"),
        history=all_runs("<results>/runs/{run}/replicate-{replicate}/history.csv"),
        code=code("history.py"),
    output:
        history="<results>/tables/history.csv",
        cost="<results>/tables/cost.csv",
    log:
        "<logs>/tables/history.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    script:
        "../scripts/history.py"


rule tables:
    input:
        rules.metrics.output,
        rules.generalisation.output,
        rules.architecture.output,
        rules.baseline_table.output,
        rules.history.output,
