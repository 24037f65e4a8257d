from aestudy.base import registry


# Baselines (mean image, PCA, affine least squares, classical denoisers), on the same test input as the networks.
rule baselines:
    input:
        train_images=rules.prepare.output.train_images,
        test_images=rules.prepare.output.test_images,
        noisy=lambda wildcards: noisy_test_images(wildcards.dataset, wildcards.condition),
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
        condition=lambda wildcards: TESTED[wildcards.condition].condition_keys | {"dataset": wildcards.dataset},
        noise=noise_of,
        # PCA is fitted with as many components as networks have latent sizes.
        latents=lambda wildcards: sorted(
            {run.latent for run in CONDITIONS[wildcards.dataset, wildcards.condition]} - {None}
        ),
        seed=STUDY.seed,
        ssim=STUDY.evaluation.ssim,
        code=lambda wildcards: digest(
            "baselines.py",
            *[f"baselines.{kind}.fit" for kind in registry.kinds("baselines")],
            *kind_of_condition(wildcards),
        ),
    script:
        "../scripts/baselines.py"
