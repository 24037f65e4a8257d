# Scores of all replicates of one run on every test image.
rule evaluate:
    input:
        weights=rules.train.output.weights,
        manifest=rules.train.output.manifest,
        train_images=rules.prepare.output.train_images,
        test_images=rules.prepare.output.test_images,
        noisy=noisy_images_of_run,
    output:
        scores="<results>/evaluation/{dataset}/{model}/{variant}/scores.parquet",
        pictures="<results>/evaluation/{dataset}/{model}/{variant}/pictures.npy",
        summary="<results>/evaluation/{dataset}/{model}/{variant}/summary.json",
    log:
        "<logs>/evaluate/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/evaluate/{dataset}/{model}/{variant}.tsv"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=gpu_of_scoring,
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 30 * attempt,
    params:
        settings=STUDY.evaluation.model_dump(),
        code=lambda wildcards: digest("evaluate.py", "network.autoencoder.create", *kinds_of_run(wildcards)),
    script:
        "../scripts/evaluate.py"
