"""The embedded model: one 4-bit GGUF inside the package, so that `hrm-edge run` answers right after `pip install`."""

from pathlib import Path

EMBEDDED_MODEL = "nano-4bit.gguf"


def embedded_model_path() -> Path:
    """Path of the model that ships with hrm-edge; its card is README.md beside it."""
    return Path(__file__).parent / EMBEDDED_MODEL
