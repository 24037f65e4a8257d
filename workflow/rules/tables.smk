# Scores of every run and replicate. Fails if a network restores worse than the training-mean image.
rule metrics:
    input:
        metrics=of_runs(rules.evaluate.output.metrics),
        baselines="<results>/tables/baselines.csv",
    output:
        "<results>/tables/metrics.csv",
    log:
        "<logs>/tables/metrics.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("metrics.py"),
    script:
        "../scripts/metrics.py"


# Tables that are the small tables of all runs, one below the other.
rule generalisation:
    input:
        tables=of_runs(rules.evaluate.output.generalisation),
    output:
        "<results>/tables/generalisation.csv",
    log:
        "<logs>/tables/generalisation.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("concatenate.py"),
    script:
        "../scripts/concatenate.py"


use rule generalisation as architecture with:
    input:
        tables=of_runs(rules.evaluate.output.architecture),
    output:
        "<results>/tables/architecture.csv",
    log:
        "<logs>/tables/architecture.log",
    localrule: True


use rule generalisation as baseline_table with:
    input:
        tables=of_conditions(rules.baselines.output.table),
    output:
        "<results>/tables/baselines.csv",
    log:
        "<logs>/tables/baselines.log",
    localrule: True


# Losses per epoch, and what training cost, of every run and replicate.
rule history:
    input:
        manifests=of_runs(rules.train.output.manifest),
        history=of_runs(rules.train.output.history),
    output:
        history="<results>/tables/history.csv",
        cost="<results>/tables/cost.csv",
    log:
        "<logs>/tables/history.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("history.py"),
    script:
        "../scripts/history.py"


rule tables:
    input:
        rules.metrics.output,
        rules.generalisation.output,
        rules.architecture.output,
        rules.baseline_table.output,
        rules.history.output,
