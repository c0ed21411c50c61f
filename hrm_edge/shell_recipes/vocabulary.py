"""What the words of the recipes' wordings weigh, and which of them are English rather than somebody's names."""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache

from hrm_edge.shell_recipes.recipes import SLOT, Recipe
from hrm_edge.shell_recipes.wording import PREPOSITIONS, STOP_WORDS, meaning, words_of

SLOT_WEIGHT = 2.0
STOP_WEIGHT = 0.1
PREPOSITION_WEIGHT = 1.0
LEAST_RARITY = 0.3
COMMON = 4
"""A word of so many recipes is English, and hardly the name of a file or a branch."""
NAMES = frozenset(
    "src docs tests lib app assets data build scripts public config backups downloads images logs tmp www main master "
    "develop staff docker root origin upstream node python nginx redis postgres".split()
)
"""Words that recipes use, and that are names of things all the same."""


class Vocabulary:
    """The words of some recipes."""

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        said = [
            {word for ask in recipe.asks for word in words_of(ask) if not SLOT.fullmatch(word)} for recipe in recipes
        ]
        uses = Counter(word for words in said for word in {word.lower() for word in words})
        self._common = frozenset(word for word, n in uses.items() if n >= COMMON) - NAMES
        found = Counter(word for words in said for word in set(map(meaning, words)))
        self._rarity = {word: math.log(len(recipes) / n) + LEAST_RARITY for word, n in found.items()}
        self.weight = cache(self._weight)
        """Of a word of a wording: of its meaning the inverse document frequency over recipes."""

    def is_common(self, word: str) -> bool:
        """Whether many recipes use the word, and not as a name."""
        return word.lower() in self._common

    def _weight(self, word: str) -> float:
        said = meaning(word)
        if SLOT.fullmatch(word):
            return SLOT_WEIGHT
        if said in STOP_WORDS:
            return STOP_WEIGHT
        return PREPOSITION_WEIGHT if said in PREPOSITIONS else self._rarity[said]
