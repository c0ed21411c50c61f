"""A request read as the wording of a recipe: the command with the request's own values, or nothing.

    read_request("rename draft.md to handbook.md").command == "mv draft.md handbook.md"

A wording fits where hrm_edge.shell_recipes.alignment can lay the request beside it. Rarer words weigh more (the inverse
document frequency over recipes; Spärck Jones 1972), and a reading's score is

    (weights of what is there - weights of what is missing) / weights of the wording

which is 1 for the wording itself. Below LEAST_SCORE there is no reading: a small model guesses better than a bad match.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest

from hrm_edge.shell_recipes.alignment import Alignment, Wording
from hrm_edge.shell_recipes.recipes import SLOT, Recipe, load_recipes, slots_of, typed_command
from hrm_edge.shell_recipes.vocabulary import Vocabulary
from hrm_edge.shell_recipes.wording import STOP_WORDS, meaning, words_of

LEAST_SCORE = 0.7
"""Of 220 readings above it, of requests in NL2Bash's training share and looked at one by one, one in twenty did
something else; the model that is asked otherwise is wrong two times in three."""
LONGEST_REQUEST = 32
"""Words. No recipe says so much."""
_TRIED = 60
"""Wordings that are laid beside a request."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A request read as a recipe's wording."""

    command: str
    wording: str
    """Slots included."""
    score: float


class Recipes:
    """Recipes that requests are read as."""

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        self._vocabulary = Vocabulary(recipes)
        self._wordings = [Wording.of(recipe, ask) for recipe in recipes for ask in recipe.asks]
        self._whole = [sum(map(self._vocabulary.weight, wording.words)) for wording in self._wordings]
        self._with: dict[str, dict[int, float]] = defaultdict(dict)
        """Meaning → the wordings that have it, and what it weighs there."""
        for number, wording in enumerate(self._wordings):
            for word in wording.words:
                if not SLOT.fullmatch(word) and meaning(word) not in STOP_WORDS:
                    self._with[meaning(word)][number] = self._vocabulary.weight(word)

    def read(self, request: str) -> Reading | None:
        """The best reading; None where no wording fits."""
        words = words_of(request)
        if not words or len(words) > LONGEST_REQUEST:
            return None
        readings = (self._reading(words, number) for number in self._likely(words))
        fitting = [reading for reading in readings if reading is not None and reading.score >= LEAST_SCORE]
        return max(fitting, key=lambda reading: reading.score, default=None)

    def _likely(self, words: Sequence[str]) -> list[int]:
        """The numbers of those wordings most of whose weight the request has."""
        shared = defaultdict[int, float](float)
        for word in set(map(meaning, words)):
            for number, weight in self._with.get(word, {}).items():
                shared[number] += weight / self._whole[number]
        return nlargest(_TRIED, shared, key=shared.__getitem__)

    def _reading(self, words: Sequence[str], number: int) -> Reading | None:
        wording = self._wordings[number]
        alignment = Alignment(words, wording, self._vocabulary)
        if alignment.path is None or alignment.guesses:
            return None
        values: dict[str, str] = {}
        for step in alignment.path:
            if step.slot is not None and values.setdefault(step.slot, step.value) != step.value:
                return None
        if not slots_of(wording.recipe.command) <= values.keys():
            return None
        command = typed_command(wording.recipe, values)
        return Reading(command=command, wording=wording.text, score=alignment.score / self._whole[number])


@cache
def shipped_recipes() -> Recipes:
    """Those of the package."""
    return Recipes(load_recipes())


def read_request(request: str) -> Reading | None:
    """The request as one of the package's recipes; None where it is none of them."""
    return shipped_recipes().read(request)
