# Noisy test images: made once, and every model and baseline is scored on the same ones.
rule noisify:
    input:
        images=rules.prepare.output.test_images,
    output:
        "<results>/noisy/{dataset}/{condition}/{scheme}.npy",
    log:
        "<logs>/noisify/{dataset}/{condition}/{scheme}.log",
    conda:
        "../../envs/torch.yaml"
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        noise=noise_of,
        seed=STUDY.seed,
        code=lambda wildcards: digest("noisify.py", *kind_of_condition(wildcards)),
    script:
        "../scripts/noisify.py"
