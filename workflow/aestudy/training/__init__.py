"""Training: from uint8 images to weights and losses, for several replicates side by side.

`loop` is the training of a run; `data` is what it is trained on, `engine` one epoch, `stack` the replicates side by
side, `adam` the optimizer, `masks` dropout, `checkpoint` what a killed training continues from, `private_torch` what is
used of torch without being documented there. May import: base, network.
"""
