# Scores of all replicates of one run on every test image.
rule evaluate:
    input:
        weights=expand(
            "<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/weights.safetensors", r=REPLICATES
        ),
        manifest=expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/manifest.json", r=REPLICATES),
        train_images="<resources>/data/{dataset}/train_images.npy",
        test_images="<resources>/data/{dataset}/test_images.npy",
        noisy=noisy_images_of_run,
        code=lambda wildcards: code("evaluate.py", *run_modules(wildcards)),
    output:
        scores="<results>/evaluation/{dataset}/{model}/{variant}/scores.parquet",
        metrics="<results>/evaluation/{dataset}/{model}/{variant}/metrics.csv",
        generalisation="<results>/evaluation/{dataset}/{model}/{variant}/generalisation.csv",
        examples="<results>/evaluation/{dataset}/{model}/{variant}/examples.npy",
        extremes="<results>/evaluation/{dataset}/{model}/{variant}/extremes.npy",
        ranked="<results>/evaluation/{dataset}/{model}/{variant}/extremes.csv",
        architecture="<results>/evaluation/{dataset}/{model}/{variant}/architecture.csv",
    log:
        "<logs>/evaluate/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/evaluate/{dataset}/{model}/{variant}.tsv"
    conda:
        "../../envs/torch.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 30 * attempt,
    params:
        settings=STUDY.evaluation.model_dump(),
    script:
        "../scripts/evaluate.py"
