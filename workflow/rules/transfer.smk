include: "lookups/transfer.smk"


# Scores of trained networks on one test set, which need not be what they were trained for.
rule tested:
    input:
        weights=tested_weights,
        manifest=lambda wildcards: [path.replace(WEIGHTS, MANIFEST) for path in tested_weights(wildcards)],
        test_images=rules.prepare.output.test_images,
        noisy=lambda wildcards: noisy_test_images(wildcards.dataset, wildcards.condition),
    output:
        "<results>/tested/{dataset}/{condition}.csv",
    log:
        "<logs>/tested/{dataset}/{condition}.log",
    benchmark:
        "<benchmarks>/tested/{dataset}/{condition}.tsv"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=gpu_of_scoring,
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 240 * attempt,
    params:
        test=lambda wildcards: {
            "test_noise": TESTED[wildcards.condition].noise,
            f"test_{TESTED[wildcards.condition].level_name}": TESTED[wildcards.condition].level,
        },
        noise=noise_of,
        sparsity_threshold=STUDY.evaluation.sparsity_threshold,
        code=lambda wildcards: digest("tested.py", "network.autoencoder.create", *kinds_of_tested(wildcards)),
    script:
        "../scripts/tested.py"


rule transfer:
    input:
        tables=tested_tables(),
    output:
        "<results>/tables/transfer.csv",
    log:
        "<logs>/tables/transfer.log",
    localrule: True
    conda:
        "../../envs/tables.yaml"
    params:
        code=digest("concatenate.py"),
    script:
        "../scripts/concatenate.py"
