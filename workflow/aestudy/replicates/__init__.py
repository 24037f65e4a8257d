"""Trained replicates on disk: weights.safetensors, history.csv and manifest.json in a folder of its own for each.

`manifest` says what a replicate was made from; `store` writes and reads replicates; `replicate` finds one and describes
it; `train_missing` trains those that are not there.

May import: base, network; `train_missing` alone also training.
"""
