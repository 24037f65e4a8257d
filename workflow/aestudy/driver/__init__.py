"""What lives in Snakemake's own process: digests of code, the lock, the estimate, the progress, what the terminal says.

Only rules may import it. It may import: base, study, replicates (manifests), claims (the summary of verdicts).
"""
