"""The embedded model: one 4-bit GGUF inside the package, so that `hrm-edge run` answers right after `pip install`."""

from dataclasses import dataclass
from pathlib import Path

EMBEDDED_MODEL = "nano-4bit.gguf"


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What a model was trained to do, as far as the way to an answer depends on it."""

    languages: frozenset[str] | None = None
    """In which it writes, names of hrm_edge.languages; None: all, as far as is known."""
    neighbours: bool = True
    """Whether it saw entries of the local index before requests."""
    yields_to_recipes: bool = False
    """Whether a request that reads as a recipe of shell commands is not left to it: the recipe is right more often."""


EMBEDDED = Taught(languages=frozenset({"bash"}), neighbours=False, yields_to_recipes=True)
"""With three neighbours it solves nothing of the builtin suite; its card has the figures."""


def embedded_model_path() -> Path:
    """Path of the model that ships with hrm-edge; its card is README.md beside it."""
    return Path(__file__).parent / EMBEDDED_MODEL


def taught(model: Path) -> Taught:
    """Of a model file: the embedded one is known, any other is taken for one that knows everything."""
    return EMBEDDED if model == embedded_model_path() else Taught()
