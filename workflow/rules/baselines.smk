# Sanity rungs (mean image, PCA, affine least squares, classical denoisers), on the same test input as the networks.
rule baselines:
    input:
        train_images="<resources>/data/{dataset}/train_images.npy",
        test_images="<resources>/data/{dataset}/test_images.npy",
        noisy=noisy_images_of_condition,
        code=lambda wildcards: code("baselines.py", *baseline_modules(), *noise_code(wildcards)),
    output:
        scores="<results>/baselines/{dataset}/{condition}/scores.parquet",
        chosen="<results>/baselines/{dataset}/{condition}/parameters.csv",
        table="<results>/baselines/{dataset}/{condition}/baselines.csv",
    log:
        "<logs>/baselines/{dataset}/{condition}.log",
    benchmark:
        "<benchmarks>/baselines/{dataset}/{condition}.tsv"
    conda:
        "../../envs/torch.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 60 * attempt,
    params:
        condition=condition_of,
        noise=noise_parameters,
        latents=latents_of_condition,
        seed=STUDY.seed,
        ssim=STUDY.evaluation.ssim,
    script:
        "../scripts/baselines.py"
