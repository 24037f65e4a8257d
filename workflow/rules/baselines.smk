from aestudy import registry

RUNGS = [f"baselines.{kind}" for kind in registry.kinds("baselines")]


# Sanity rungs (mean image, PCA, affine least squares, classical denoisers), on the same test input as the networks.
rule baselines:
    input:
        train_images="<resources>/data/{dataset}/train_images.npy",
        test_images="<resources>/data/{dataset}/test_images.npy",
        noisy=lambda wildcards: noisy_test_images(wildcards.dataset, wildcards.condition),
        code=lambda wildcards: code("baselines.py", *RUNGS, *noise_code(wildcards)),
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
        # PCA is fitted with as many components as networks have latent sizes.
        latents=lambda wildcards: sorted(
            {run.latent for run in CONDITIONS[wildcards.dataset, wildcards.condition]} - {None}
        ),
        seed=STUDY.seed,
        ssim=STUDY.evaluation.ssim,
    script:
        "../scripts/baselines.py"
