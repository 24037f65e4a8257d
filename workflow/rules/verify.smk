include: "lookups/verify.smk"


# SHA-256 of every result of the study and of the data that it was made from; `make verify` checks them.
rule checksums:
    input:
        results=every_result(),
    output:
        "<results>/SHA256SUMS",
    log:
        "<logs>/checksums.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("checksums.py"),
    script:
        "../scripts/checksums.py"
