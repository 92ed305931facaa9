"""End a client contract well: build, seal, verify and open one handover bundle."""

__version__ = "0.1.0"
