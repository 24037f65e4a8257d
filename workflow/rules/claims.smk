# A verdict on every claim.
rule claims:
    input:
        claims=claims_file(),
        tables=expand("<results>/tables/{table}.csv", table=["metrics", "cost", "history", "generalisation"]),
        scores=expand("<results>/evaluation/{run}/scores.parquet", run=PLAN.runs),
        baselines=[f"<results>/baselines/{dataset}/{condition}/scores.parquet" for dataset, condition in CONDITIONS],
        code=code("claims.py"),
    output:
        "<results>/tables/claims.csv",
    log:
        "<logs>/claims.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        runs=[[run.dataset, run.model, run.latent, run.l1, run.noise, run.variance] for run in PLAN.runs.values()],
        conditions=[[runs[0].dataset, runs[0].noise, runs[0].variance] for runs in CONDITIONS.values()],
        seed=STUDY.seed,
        stand_ins=STUDY.stand_ins,
    script:
        "../scripts/claims.py"
