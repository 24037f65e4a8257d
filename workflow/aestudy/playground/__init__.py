"""The playground: what a study's networks and filters do, brought to where a browser can compute it.

`choice` says which runs are offered, `images` which test images, `filters` what stands beside a network. `trace` turns
a network into a list of operations and `packing` its weights into few bits; `networks` does both for as many as there
is room for. The page is pages.playground, and its programs are in pages/templates/playground.

May import: base, network, replicates.
"""
