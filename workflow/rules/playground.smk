include: "lookups/playground.smk"


# Trained networks as a browser can compute them: as many as a page has room for.
rule portable:
    input:
        weights=offered_files("weights.safetensors"),
        manifest=offered_files("manifest.json"),
        test_images=expand(rules.prepare.output.test_images, dataset=OFFERED_DATASETS),
        test_labels=expand(rules.prepare.output.test_labels, dataset=OFFERED_DATASETS),
    output:
        "<results>/portable/networks.json",
    log:
        "<logs>/portable.log",
    conda:
        "../../envs/torch.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=lambda wildcards, attempt: 30 * attempt,
    params:
        datasets=OFFERED_DATASETS,
        operations=playground.known("operations"),
        noises=playground.known("noises"),
        code=digest("portable.py", "network.autoencoder.create", *offered_kinds()),
    script:
        "../scripts/portable.py"


# The page on which these networks can be tried.
rule playground:
    input:
        networks=rules.portable.output[0],
        baselines="<results>/tables/baselines.csv",
        chosen=[
            path.replace("{dataset}", dataset).replace("{condition}", condition)
            for dataset, condition in OFFERED_CONDITIONS
            for path in [rules.baselines.output.chosen]
        ],
        template=template("playground.html", "style.css", *playground.programs()),
    output:
        report(
            "<results>/pages/playground.html",
            caption="../../report/captions/playground.rst",
            category=CATEGORIES["explore"],
            labels={"page": "Playground: draw, add noise, restore"},
        ),
    log:
        "<logs>/pages/playground.log",
    localrule: True
    conda:
        "../../envs/figures.yaml"
    params:
        study=STUDY.study,
        conditions=OFFERED_CONDITIONS,
        filters=playground.known("filters"),
        ssim=STUDY.evaluation.ssim,
        labels=LABELS,
        code=digest("playground.py"),
    script:
        "../scripts/playground.py"
