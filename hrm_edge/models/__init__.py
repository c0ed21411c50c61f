"""The embedded model: one 4-bit GGUF inside the package, so that `hrm-edge run` answers right after `pip install`."""

from pathlib import Path

EMBEDDED_MODEL = "nano-4bit.gguf"
READS_NEIGHBOURS = False
"""Whether the embedded model was taught with entries of the local index before its requests. This one was not, and they
mislead it: with three of them it solves nothing of the builtin suite, without 6 %."""


def embedded_model_path() -> Path:
    """Path of the model that ships with hrm-edge; its card is README.md beside it."""
    return Path(__file__).parent / EMBEDDED_MODEL
