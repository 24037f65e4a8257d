# A verdict on every claim.
rule claims:
    input:
        claims=CLAIMS_FILE,
        tables=expand("<results>/tables/{table}.csv", table=["metrics", "cost", "history", "generalisation"]),
        scores=of_runs(rules.evaluate.output.scores),
        baselines=of_conditions(rules.baselines.output.scores),
    output:
        "<results>/tables/claims.csv",
    log:
        "<logs>/claims.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        runs=[vars(run) for run in PLAN.runs.values()],
        conditions=[runs[0].condition_keys for runs in CONDITIONS.values()],
        seed=STUDY.seed,
        stand_ins=STUDY.stand_ins,
        code=digest("claims.py"),
    script:
        "../scripts/claims.py"
