"""Names that atoms use beside Python's own: what the intermediate form knows and Python does not tell apart."""

from collections import deque

char = str
"""One character of a text."""

__all__ = ["char", "deque"]
