# Every joint reading of the reports, held against all that they say.
rule readings:
    input:
        claims=CLAIMS_FILE,
        scores=rules.transfer.output[0],
    output:
        readings="<results>/tables/readings.csv",
        answers="<results>/tables/answers.csv",
        chance="<results>/tables/chance.csv",
    log:
        "<logs>/readings.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        study=CONFIGURATION.model_dump(mode="json"),
        code=digest("readings.py"),
    script:
        "../scripts/readings.py"
