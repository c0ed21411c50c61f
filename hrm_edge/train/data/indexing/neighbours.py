"""Neighbours from a local index, as they will stand there when the model answers."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrm_edge.local_index import LocalIndex, shipped_index
from hrm_edge.prompt import fenced, parse_answer
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.pipeline.recipe import Recipe

SHIPPED = "shipped"
"""In a recipe: the index that comes with hrm-edge."""
OTHER_GROUPS_SHARE = 0.5
"""How often entries of the example's own group are left out."""
_SPARE = 4
"""Entries beyond those wanted that are looked up, since some have the very answer."""


@dataclass(frozen=True)
class IndexNeighbours:
    """Looks requests up in one index; each process opens the file for itself."""

    path: Path

    @property
    def sha256(self) -> str:
        """Of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def find(
        self,
        example: TrainingExample,
        *,
        count: int,
        rng: random.Random,
    ) -> Sequence[tuple[str, str]]:
        """The best entries in the example's language, whatever they are worth: none with its answer, and half the time
        none of its group. A model that saw its answer among them would learn to copy; one that never saw an entry of
        its group would not learn to adapt a command to other values, which is what the index is most often good for."""
        language = None if example.language == "text" else example.language
        without_group = example.group if rng.random() < OTHER_GROUPS_SHARE else None
        found = _opened(self.path).find(
            example.request, language=language, count=count + _SPARE, without_group=without_group
        )
        answer = parse_answer(example.response).text
        others = [entry for entry in found if entry.code != answer]
        return [(entry.request, fenced(entry.code, entry.language)) for entry in others[:count]]


@cache
def _opened(path: Path) -> LocalIndex:
    return LocalIndex(path)


def open_neighbours(recipe: Recipe) -> IndexNeighbours | None:
    """What a recipe retrieves from; None where it asks for no neighbours.

    Raises:
        DataError: the index is not there, or is none.
    """
    settings = recipe.neighbours
    if not settings.share or settings.index is None:
        return None
    path = shipped_index() if settings.index == SHIPPED else recipe.path(settings.index)
    LocalIndex(path).close()
    return IndexNeighbours(path)
