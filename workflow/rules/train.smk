include: "lookups/train.smk"


# All replicates of one run. `update` keeps the replicates that are there, so an added one is trained alone.
rule train:
    input:
        train_images=rules.prepare.output.train_images,
        test_images=rules.prepare.output.test_images,
        about=rules.prepare.output.about,
        shorter=shorter_training,
    output:
        weights=update(replicate_files("weights.safetensors")),
        history=update(replicate_files("history.csv")),
        manifest=update(replicate_files("manifest.json")),
    log:
        "<logs>/train/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/train/{dataset}/{model}/{variant}.tsv"
    conda:
        "../../envs/torch.yaml"
    # One thread: on CPUs, several runs at once train more images per second than one run on several cores, and
    # results do not depend on how many cores there are.
    threads: 1
    resources:
        gpu=gpu_of_training,
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        # Minutes: a replicate of the slowest run of the paper study takes 13 on one core of an AMD EPYC.
        runtime=lambda wildcards, attempt: (60 + 20 * len(REPLICATES)) * attempt,
    params:
        identity=lambda wildcards: plan.identity(STUDY, run_of(wildcards)).as_params(),
        run=keys_of,
        shorter=epochs_of_shorter,
        keep_state=lambda wildcards: run_of(wildcards).path in CONTINUED.values(),
        code=training_statements,
    script:
        "../scripts/train.py"


# Further replicates of a run, for readings that are to be repeated; the first ones are made by rule train.
use rule train as repeat with:
    output:
        weights=update(replicate_files("weights.safetensors", FURTHER)),
        history=update(replicate_files("history.csv", FURTHER)),
        manifest=update(replicate_files("manifest.json", FURTHER)),
    log:
        "<logs>/repeat/{dataset}/{model}/{variant}.log",
    benchmark:
        "<benchmarks>/repeat/{dataset}/{model}/{variant}.tsv"
