# Tables as pages: the report shows HTML and can only offer CSV for download.
rule page:
    input:
        table="<results>/tables/{table}.csv",
        code=code("page.py"),
    output:
        report(
            "<results>/pages/{table}.html",
            caption="../../report/captions/page.rst",
            category=lambda wildcards: "Claims" if wildcards.table == "claims" else "Tables",
            labels=lambda wildcards: {"table": PAGES[wildcards.table], "format": "HTML"},
        ),
    log:
        "<logs>/pages/{table}.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        title=lambda wildcards: PAGES[wildcards.table],
        study=STUDY.study,
    script:
        "../scripts/page.py"


rule pages:
    input:
        expand("<results>/pages/{table}.html", table=PAGES),
