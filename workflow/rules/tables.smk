# Tables of all runs: scores of every replicate, its gap between training and test images, the layers of its network.
# Fails if a network without a penalty restores worse than the training-mean image, unless its model may fail.
rule metrics:
    input:
        summaries=of_runs(rules.evaluate.output.summary),
        baselines="<results>/tables/baselines.csv",
    output:
        metrics="<results>/tables/metrics.csv",
        generalisation="<results>/tables/generalisation.csv",
        architecture="<results>/tables/architecture.csv",
    log:
        "<logs>/tables/metrics.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        may_fail=[name for name, model in STUDY.models.items() if model.may_fail],
        code=digest("metrics.py"),
    script:
        "../scripts/metrics.py"


# Scores of the baselines of every condition.
rule baseline_table:
    input:
        tables=of_conditions(rules.baselines.output.table),
    output:
        "<results>/tables/baselines.csv",
    log:
        "<logs>/tables/baselines.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("concatenate.py"),
    script:
        "../scripts/concatenate.py"


# Losses per epoch, and what training cost, of every run and replicate.
rule history:
    input:
        manifests=of_runs(rules.train.output.manifest),
        history=of_runs(rules.train.output.history),
    output:
        history="<results>/tables/history.csv",
        cost="<results>/tables/cost.csv",
        software="<results>/tables/software.json",
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
        rules.baseline_table.output,
        rules.history.output,
