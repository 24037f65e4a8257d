"""Scores of trained replicates: of each test image (`scores`, `evaluation`, `testing`), and the tables made of them;
`latents` describes their latents, `convergence` compares their loss curves with others.

May import: base, network, replicates.
"""
