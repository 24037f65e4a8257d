"""What protocols score anew, and what becomes of them."""

PROTOCOLS = {protocol.id: protocol for protocol in STUDY.protocols}


def variation_of(wildcards):
    """The variation that a job scores anew: those of one protocol and run are all tested alike."""
    path = run_of(wildcards).path
    return next(v for v in VARIATIONS if v.protocol == wildcards.protocol and v.trained.path == path)


def sensitivity_results(wildcards):
    """What becomes of the protocols."""
    if not VARIATIONS:
        raise WorkflowError(
            f"Study {STUDY.study} has no protocols: add --configfile workflow/studies/sensitivity.yaml, "
            "or give it some (docs/extend.md)."
        )
    return [
        f"<results>/{file}" for file in ("tables/sensitivity.csv", "tables/together.csv", "figures/sensitivity.png")
    ]
