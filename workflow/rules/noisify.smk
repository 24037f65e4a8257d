# Noisy test images: made once, and every model and baseline is scored on the same ones.
rule noisify:
    input:
        images="<resources>/data/{dataset}/test_images.npy",
        code=lambda wildcards: code("noisify.py", *noise_code(wildcards)),
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
        noise=noise_parameters,
        variance=lambda wildcards: condition_of(wildcards)["variance"],
        seed=STUDY.seed,
    script:
        "../scripts/noisify.py"
