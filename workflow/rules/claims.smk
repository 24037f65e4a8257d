# Tables that claims read.
EVIDENCE = ["metrics", "cost", "history", "generalisation", "baselines", *(["transfer"] if TESTS else [])]


# A verdict on every claim, and how sure each is.
rule claims:
    input:
        claims=CLAIMS_FILE,
        tables=expand("<results>/tables/{table}.csv", table=EVIDENCE),
    output:
        claims="<results>/tables/claims.csv",
        certainty="<results>/tables/certainty.csv",
    log:
        "<logs>/claims.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        claims=[claim.id for claim in CLAIMS],
        stand_ins=STUDY.stand_ins,
        code=digest("claims.py"),
    script:
        "../scripts/claims.py"
