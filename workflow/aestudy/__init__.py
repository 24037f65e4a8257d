"""Library of the autoencoder study: importable and testable without Snakemake."""
