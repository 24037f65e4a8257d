include: "lookups/verify.smk"


# The configuration as it was given, from which an archive of the study goes on.
rule configuration:
    output:
        "<results>/configuration.yaml",
    log:
        "<logs>/configuration.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        given=plain(config),
    script:
        "../scripts/configuration.py"


# SHA-256 of every result of the study and of the data that it was made from; `make verify` checks them.
rule checksums:
    input:
        # As a function: of a list, Snakemake compares each file with the whole list when it looks for the file's rule.
        results=lambda wildcards: every_result(),
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
