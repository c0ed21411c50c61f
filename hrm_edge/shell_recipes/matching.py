"""A request read as the wording of a recipe: the command with the request's own values, or nothing.

    read_request("rename draft.md to handbook.md").command == "mv draft.md handbook.md"

A wording fits where its words and the request's can be laid side by side in order, such that every word of the request
is accounted for: it is a word of the wording, or the value of a slot, or says nothing of its own (an article, "show
me", the name of the program, what a value is called, as in "the folder src"). A request that says anything else is not
that recipe's. Words of the wording may be missing, at a cost: rarer words weigh more (the inverse document frequency
over recipes; Spärck Jones 1972), and a reading's score is

    (weights of what is there - weights of what is missing) / weights of the wording

which is 1 for the wording itself. The best way to lay them side by side is found as for edit distances (Wagner and
Fischer 1974). Below LEAST_SCORE there is no reading: a small model guesses better than a bad match.
"""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import nlargest

from hrm_edge.shell_recipes.recipes import SLOT, Recipe, load_recipes, slots_of, typed_command
from hrm_edge.shell_recipes.values import KINDS
from hrm_edge.shell_recipes.wording import ARTICLES, PREPOSITIONS, STOP_WORDS, is_quoted, meaning, unquoted, words_of

LEAST_SCORE = 0.7
"""Of 220 readings above it, of requests in NL2Bash's training share and looked at one by one, one in twenty did
something else; the model that is asked otherwise is wrong two times in three."""
SYNONYM_COST = 0.01
"""Decides between wordings that mean the same: "print the current directory" is pwd, and "list" it is ls."""
SLOT_WEIGHT = 2.0
STOP_WEIGHT = 0.1
PREPOSITION_WEIGHT = 1.0
LONGEST_REQUEST = 32
"""Words. No recipe says so much."""
COMMON = 4
"""A word of so many recipes is English, and hardly the name of a file or a branch."""
_READ_FROM_WORDS = frozenset({"ext", "n", "small"})
"""Kinds whose values are English: "python" files, "ten" lines."""
_WITH_ENDINGS = frozenset({"file", "newfile"})
"""Kinds whose values seldom are plain words."""
_TRIED = 60
"""Wordings that are laid beside a request: those that share the rarest words with it."""
_PLAIN = re.compile(r"[A-Za-z]+")
_PROGRAM = re.compile(r"[a-z][a-z0-9-]+")
_PLURAL = re.compile(r"[a-z]{3,}[^s]s")
_EACH = meaning("all")
_RECURSIVE = frozenset(map(meaning, ("tree", "recursively")))
_GOES_DEEP = re.compile(r"\bfind |\bgrep (-\w+ )*-\w*r|^(cp|rm|chmod|chown) (-\w+ )*-\w*[rR]")
"""Commands that go through a whole tree, whether the wording says so or not."""
_NAMES = frozenset(
    "src docs tests lib app assets data build scripts public config backups downloads images logs tmp www main master "
    "develop staff docker root origin upstream node python nginx redis postgres".split()
)
"""Words that recipes use, and that are names of things all the same."""
_NEVER_NAMES = STOP_WORDS | PREPOSITIONS | frozenset("tree which subfolders subdirectories all not or".split())
_SAYS_NOTHING = frozenset(
    map(meaning, "show list find only just whole exactly now current new here named called name".split())
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A request read as a recipe's wording."""

    command: str
    wording: str
    """Slots included."""
    score: float


@dataclass(frozen=True, kw_only=True)
class _Wording:
    text: str
    words: tuple[str, ...]
    recipe: Recipe
    programs: frozenset[str]
    """Of the command; a request may name them or not."""
    plurals: frozenset[str]
    """Of its words; a request may say "all" before them."""


@dataclass(frozen=True)
class _Step:
    """How the last words of a wording and of a request were laid side by side."""

    score: float
    asked: int = 0
    """Words of the request."""
    worded: int = 0
    """Words of the wording."""
    slot: str | None = None
    value: str = ""
    plain: bool = False
    """The value is a word like any other: nothing about it says that it is a name."""
    missing: bool = False
    """A word of the wording that says something, be it a preposition, is not in the request."""


class Recipes:
    """Recipes that requests are read as."""

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        self._wordings = [
            _Wording(
                text=ask,
                words=(words := tuple(words_of(ask))),
                recipe=recipe,
                programs=_programs(recipe.command),
                plurals=frozenset(word for word in words if _PLURAL.fullmatch(word)),
            )
            for recipe in recipes
            for ask in recipe.asks
        ]
        said = {id(recipe): set[str]() for recipe in recipes}
        self._with: dict[str, list[int]] = {}
        for number, wording in enumerate(self._wordings):
            meanings = {meaning(word) for word in wording.words if not SLOT.fullmatch(word)}
            said[id(wording.recipe)] |= meanings
            for word in meanings - STOP_WORDS:
                self._with.setdefault(word, []).append(number)
        count = Counter(word for words in said.values() for word in words)
        self._rarity = {word: math.log(len(recipes) / n) + 0.3 for word, n in count.items()}
        uses = Counter(word for recipe in recipes for word in _plain_words(recipe))
        self._vocabulary = frozenset(word for word, n in uses.items() if n >= COMMON)

    def read(self, request: str) -> Reading | None:
        """The best reading; None where no wording fits."""
        words = words_of(request)
        if not words or len(words) > LONGEST_REQUEST:
            return None
        readings = (self._reading(words, wording) for wording in self._likely(words))
        fitting = [reading for reading in readings if reading is not None and reading.score >= LEAST_SCORE]
        return max(fitting, key=lambda reading: reading.score, default=None)

    def _likely(self, words: Sequence[str]) -> list[_Wording]:
        """The wordings that have more of the request's words than others."""
        shared = defaultdict[int, float](float)
        for word in set(map(meaning, words)) - STOP_WORDS:
            for number in self._with.get(word, ()):
                shared[number] += self._rarity[word]
        nearness = {number: weight / self._whole(self._wordings[number]) for number, weight in shared.items()}
        return [self._wordings[number] for number in nlargest(_TRIED, nearness, key=nearness.__getitem__)]

    def _whole(self, wording: _Wording) -> float:
        """The weight of all words of a wording."""
        return sum(SLOT_WEIGHT if SLOT.fullmatch(word) else self._weight(meaning(word)) for word in wording.words)

    def _reading(self, words: Sequence[str], wording: _Wording) -> Reading | None:
        steps = self._laid(words, wording)
        last = steps.get((len(words), len(wording.words)))
        if last is None:
            return None
        path = [*_path(steps, len(words), len(wording.words))]
        values: dict[str, str] = {}
        for step in path:
            if step.slot is not None and values.setdefault(step.slot, step.value) != step.value:
                return None
        if _is_guessed(path) or not slots_of(wording.recipe.command) <= values.keys():
            return None
        command = typed_command(wording.recipe, values)
        return Reading(command=command, wording=wording.text, score=last.score / self._whole(wording))

    def _laid(self, words: Sequence[str], wording: _Wording) -> Mapping[tuple[int, int], _Step]:
        """(words of the request, words of the wording) → the best last step that accounts for so many of both."""
        steps = {(0, 0): _Step(0.0)}
        for worded in range(len(wording.words) + 1):
            for asked in range(len(words) + 1):
                if (before := steps.get((asked, worded))) is None:
                    continue
                for step in self._next(words, wording, asked, worded):
                    place = asked + step.asked, worded + step.worded
                    score = before.score + step.score
                    if place not in steps or score > steps[place].score:
                        steps[place] = replace(step, score=score)
        return steps

    def _next(self, words: Sequence[str], wording: _Wording, asked: int, worded: int) -> Iterator[_Step]:
        """What may come after so many words of both, each with its own score alone."""
        said = meaning(words[asked]) if asked < len(words) else None
        if said is not None and self._needs_no_word(words, wording, asked, worded):
            yield _Step(-PREPOSITION_WEIGHT / 2 if said in PREPOSITIONS else -STOP_WEIGHT, asked=1)
        if worded == len(wording.words):
            return
        word = wording.words[worded]
        if slot := SLOT.fullmatch(word):
            yield from self._values(words, asked, slot)
            return
        wanted = meaning(word)
        dull = wanted in _SAYS_NOTHING
        if said != wanted and not dull and wanted in wording.programs:
            return  # who says docker means docker, and who does not means something else
        cost = STOP_WEIGHT if dull else self._weight(wanted)
        yield _Step(-cost, worded=1, missing=not dull and word.lower() not in ARTICLES)
        if said == wanted:
            cost = 0.0 if words[asked].lower() == word.lower() else SYNONYM_COST
            yield _Step(self._weight(wanted) - cost, asked=1, worded=1)

    def _values(self, words: Sequence[str], asked: int, slot: re.Match[str]) -> Iterator[_Step]:
        """The values that the next words of the request may be."""
        kind = KINDS[slot[1]]
        for count in range(1, min(kind.longest, len(words) - asked) + 1):
            text = " ".join(words[asked : asked + count])
            if slot[1] == "message" and not is_quoted(text):
                continue
            if count == 1 and self._is_english(words, asked, slot[1]):
                continue
            if (value := kind.read(unquoted(text))) is not None:
                plain = _PLAIN.fullmatch(text) is not None and text not in _NAMES
                yield _Step(SLOT_WEIGHT, asked=count, worded=1, slot=slot[1] + slot[2], value=value, plain=plain)

    def _is_english(self, words: Sequence[str], asked: int, slot: str) -> bool:
        """Whether the next word is English here, and hardly the name of a thing."""
        word = words[asked].lower()
        if word in _NEVER_NAMES or slot in _READ_FROM_WORDS:
            return word in _NEVER_NAMES
        if word in self._vocabulary:
            return word not in _NAMES
        called = asked > 0 and words[asked - 1].lower() in KINDS[slot].nouns
        return slot in _WITH_ENDINGS and _PLAIN.fullmatch(word) is not None and word not in _NAMES and not called

    def _needs_no_word(self, words: Sequence[str], wording: _Wording, asked: int, worded: int) -> bool:
        said = meaning(words[asked])
        if said in STOP_WORDS or said in PREPOSITIONS or said in _SAYS_NOTHING or said in wording.programs:
            return True
        if said in _RECURSIVE:
            return _GOES_DEEP.search(wording.recipe.command) is not None
        if said == _EACH:
            return next(filter(_PLURAL.fullmatch, words[asked + 1 :]), None) in wording.plurals
        beside = [wording.words[worded]] if worded < len(wording.words) and asked + 1 < len(words) else []
        beside += [wording.words[worded - 1]] if worded and asked else []
        noun = words[asked].lower()
        return any((slot := SLOT.fullmatch(word)) and noun in KINDS[slot[1]].nouns for word in beside)

    def _weight(self, word: str) -> float:
        if word in STOP_WORDS:
            return STOP_WEIGHT
        return PREPOSITION_WEIGHT if word in PREPOSITIONS else self._rarity[word]


def _path(steps: Mapping[tuple[int, int], _Step], asked: int, worded: int) -> Iterator[_Step]:
    """The steps that lead there, the last first."""
    while asked or worded:
        step = steps[asked, worded]
        yield step
        asked, worded = asked - step.asked, worded - step.worded


def _is_guessed(path: Sequence[_Step]) -> bool:
    """Whether a plain word is taken for a name where the words beside it in the wording are not there to say so."""
    return any(
        step.plain
        and any(beside.missing for beside in (*path[max(0, number - 1) : number], *path[number + 1 : number + 2]))
        for number, step in enumerate(path)
    )


def _plain_words(recipe: Recipe) -> set[str]:
    return {word.lower() for ask in recipe.asks for word in words_of(ask) if not SLOT.fullmatch(word)}


def _programs(command: str) -> frozenset[str]:
    return frozenset(meaning(word) for word in _PROGRAM.findall(command.removeprefix("sudo "))[:2])


@cache
def shipped_recipes() -> Recipes:
    """Those of the package."""
    return Recipes(load_recipes())


def read_request(request: str) -> Reading | None:
    """The request as one of the package's recipes; None where it is none of them."""
    return shipped_recipes().read(request)
