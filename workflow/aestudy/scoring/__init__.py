"""Scores of trained replicates: of each test image (`scores`, `evaluation`, `rescoring`), and the tables made of them;
`convergence` compares their loss curves with others.

May import: base, network, replicates.
"""
