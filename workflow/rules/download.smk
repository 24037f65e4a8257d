include: "lookups/download.smk"


# One file of a data set, decompressed and verified, from the first mirror that serves it.
rule download:
    output:
        ensure(
            "<resources>/downloads/{dataset}/{file}",
            non_empty=True,
            sha256=lambda wildcards: downloaded_file(wildcards).sha256,
        ),
    log:
        "<logs>/download/{dataset}/{file}.log",
    cache: True
    retries: 1
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        spec=lambda wildcards: vars(downloaded_file(wildcards)),
        mirrors=lambda wildcards: STUDY.datasets[wildcards.dataset].mirrors,
    script:
        "../scripts/download.py"


# The members of an archive one after another, each verified, from the first mirror that has the archive or its members.
rule download_members:
    output:
        ensure("<resources>/members/{dataset}/{archive}", non_empty=True),
    log:
        "<logs>/download/{dataset}/{archive}.log",
    cache: True
    retries: 1
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        spec=archive_of,
        mirrors=lambda wildcards: STUDY.datasets[wildcards.dataset].mirrors,
    script:
        "../scripts/download_members.py"


# A data set in the one array format (.npy) that later stages map into memory.
rule prepare:
    input:
        unpack(source_files),
    output:
        train_images="<resources>/data/{dataset}/train_images.npy",
        train_labels="<resources>/data/{dataset}/train_labels.npy",
        test_images="<resources>/data/{dataset}/test_images.npy",
        test_labels="<resources>/data/{dataset}/test_labels.npy",
        about="<resources>/data/{dataset}/dataset.json",
    log:
        "<logs>/prepare/{dataset}.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        spec=lambda wildcards: STUDY.datasets[wildcards.dataset].spec,
        roles=lambda wildcards: sorted(source_files(wildcards)),
        content=lambda wildcards: STUDY.datasets[wildcards.dataset].content(),
        code=lambda wildcards: digest("prepare.py", f"datasets.{STUDY.datasets[wildcards.dataset].source}.load"),
    script:
        "../scripts/prepare.py"
