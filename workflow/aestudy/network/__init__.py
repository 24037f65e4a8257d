"""A network, apart from how it is trained: its initial weights, layers, inputs, outputs, and the hardware it runs on.

May import: base; kinds are loaded by name (base.registry).
"""
