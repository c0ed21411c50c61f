"""hrm-edge: Hierarchical Reasoning Models from a checkpoint to a verified answer on the machine in front of you."""

__version__ = "0.1.0"
