# All replicates of one run. `update` keeps the replicates that are there, so an added one is trained alone.
rule train:
    input:
        train_images="<resources>/data/{dataset}/train_images.npy",
        test_images="<resources>/data/{dataset}/test_images.npy",
        about="<resources>/data/{dataset}/dataset.json",
        code=lambda wildcards: code("train.py", *run_modules(wildcards)),
    output:
        weights=update(
            expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/weights.safetensors", r=REPLICATES)
        ),
        history=update(
            expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/history.csv", r=REPLICATES)
        ),
        manifest=update(
            expand("<results>/runs/{{dataset}}/{{model}}/{{variant}}/replicate-{r}/manifest.json", r=REPLICATES)
        ),
    log:
        "<logs>/train/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/train/{dataset}/{model}/{variant}.tsv"
    conda:
        "../../envs/torch.yaml"
    # One thread: on CPUs, several runs at once train more images per second than one run on several cores, and
    # results do not depend on how many cores there are. Without a GPU, `gpu` counts the trainings at once.
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        # Minutes: a replicate of the slowest run of the paper study takes 13 on one core of an AMD EPYC.
        runtime=lambda wildcards, attempt: (60 + 20 * len(REPLICATES)) * attempt,
    params:
        identity=identity_of,
        run=keys_of,
    script:
        "../scripts/train.py"
