"""Scores of trained replicates: of each test image (`scores`, `evaluation`, `rescoring`), and the tables made of them.

May import: base, network, replicates.
"""
