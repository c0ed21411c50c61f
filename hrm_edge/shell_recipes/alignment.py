"""A request and a wording laid side by side, word by word and in order.

Every word of the request must be accounted for: it is a word of the wording, or the value of a slot, or says nothing of
its own (an article, "show me", the name of the program, what a value is called, as in "the folder src"). Words of the
wording may be missing, at a cost. The best way is found as for edit distances (Wagner and Fischer 1974).
"""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hrm_edge.shell_recipes.recipes import SLOT, Recipe
from hrm_edge.shell_recipes.values import KINDS
from hrm_edge.shell_recipes.vocabulary import NAMES, PREPOSITION_WEIGHT, SLOT_WEIGHT, STOP_WEIGHT, Vocabulary
from hrm_edge.shell_recipes.wording import ARTICLES, PREPOSITIONS, STOP_WORDS, is_quoted, meaning, unquoted, words_of

SYNONYM_COST = 0.01
"""Decides between wordings that mean the same: "print the current directory" is pwd, and "list" it is ls."""
_READ_FROM_WORDS = frozenset({"ext", "n", "small"})
"""Kinds whose values are English: "python" files, "ten" lines."""
_WITH_ENDINGS = frozenset({"file", "newfile"})
"""Kinds whose values seldom are plain words."""
_PLAIN = re.compile(r"[A-Za-z]+")
_PROGRAM = re.compile(r"[a-z][a-z0-9-]+")
_PLURAL = re.compile(r"[a-z]{3,}[^s]s")
_EACH = meaning("all")
_RECURSIVE = frozenset(map(meaning, ("tree", "recursively")))
_GOES_DEEP = re.compile(r"\bfind |\bgrep (-\w+ )*-\w*r|^(cp|rm|chmod|chown) (-\w+ )*-\w*[rR]")
"""Commands that go through a whole tree, whether the wording says so or not."""
_NEVER_NAMES = STOP_WORDS | PREPOSITIONS | frozenset("tree which subfolders subdirectories all not or".split())
_SAYS_NOTHING = frozenset(
    map(meaning, "show list find only just whole exactly now current new here named called name".split())
)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One way to ask for a recipe's command."""

    text: str
    words: tuple[str, ...]
    recipe: Recipe
    programs: frozenset[str]
    """Of the command; a request may name them or not."""
    plurals: frozenset[str]
    """Of its words; a request may say "all" before them."""

    @classmethod
    def of(cls, recipe: Recipe, ask: str) -> "Wording":
        """That of one of the recipe's asks."""
        words, program = words_of(ask), recipe.command.removeprefix("sudo ")
        return cls(
            text=ask,
            words=words,
            recipe=recipe,
            programs=frozenset(map(meaning, _PROGRAM.findall(program)[:2])),
            plurals=frozenset(word for word in words if _PLURAL.fullmatch(word)),
        )


@dataclass(frozen=True)
class Step:
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


class Alignment:
    """The best way to lay a request beside a wording."""

    def __init__(self, words: Sequence[str], wording: Wording, vocabulary: Vocabulary) -> None:
        """`words` of the request, as words_of has them."""
        self._words, self._wording, self._vocabulary = words, wording, vocabulary
        steps = self._laid()
        end = len(words), len(wording.words)
        self.path: tuple[Step, ...] | None = tuple(_path(steps, *end)) if end in steps else None
        """The steps, the last first; None where some word of the request is not accounted for."""
        self.score = steps[end].score if end in steps else 0.0
        """Weights of what is there less those of what is missing."""

    @property
    def guesses(self) -> bool:
        """Whether a plain word is taken for a name where the words beside it in the wording are not there to say so."""
        path = self.path or ()
        return any(
            step.plain
            and any(beside.missing for beside in (*path[max(0, number - 1) : number], *path[number + 1 : number + 2]))
            for number, step in enumerate(path)
        )

    def _laid(self) -> Mapping[tuple[int, int], Step]:
        """(words of the request, words of the wording) → the best last step that accounts for so many of both."""
        words, wording = self._words, self._wording
        steps = {(0, 0): Step(0.0)}
        for worded in range(len(wording.words) + 1):
            for asked in range(len(words) + 1):
                if (before := steps.get((asked, worded))) is None:
                    continue
                for step in self._next(asked, worded):
                    place = asked + step.asked, worded + step.worded
                    score = before.score + step.score
                    if place not in steps or score > steps[place].score:
                        steps[place] = replace(step, score=score)
        return steps

    def _next(self, asked: int, worded: int) -> Iterator[Step]:
        """What may come after so many words of both, each with its own score alone."""
        words, wording = self._words, self._wording
        said = meaning(words[asked]) if asked < len(words) else None
        if said is not None and self._needs_no_word(asked, worded):
            yield Step(-PREPOSITION_WEIGHT / 2 if said in PREPOSITIONS else -STOP_WEIGHT, asked=1)
        if worded == len(wording.words):
            return
        word = wording.words[worded]
        if slot := SLOT.fullmatch(word):
            yield from self._values(asked, slot)
            return
        wanted = meaning(word)
        dull = wanted in _SAYS_NOTHING
        if said != wanted and not dull and wanted in wording.programs:
            return  # who says docker means docker, and who does not means something else
        cost = STOP_WEIGHT if dull else self._vocabulary.weight(word)
        yield Step(-cost, worded=1, missing=not dull and word.lower() not in ARTICLES)
        if said == wanted:
            cost = 0.0 if words[asked].lower() == word.lower() else SYNONYM_COST
            yield Step(self._vocabulary.weight(word) - cost, asked=1, worded=1)

    def _values(self, asked: int, slot: re.Match[str]) -> Iterator[Step]:
        """The values that the next words of the request may be."""
        words, kind = self._words, KINDS[slot[1]]
        for count in range(1, min(kind.longest, len(words) - asked) + 1):
            text = " ".join(words[asked : asked + count])
            if slot[1] == "message" and not is_quoted(text):
                continue
            if count == 1 and self._is_english(asked, slot[1]):
                continue
            if (value := kind.read(unquoted(text))) is not None:
                plain = _PLAIN.fullmatch(text) is not None and text not in NAMES
                yield Step(SLOT_WEIGHT, asked=count, worded=1, slot=slot[1] + slot[2], value=value, plain=plain)

    def _is_english(self, asked: int, slot: str) -> bool:
        """Whether the next word is English here, and hardly the name of a thing."""
        word = self._words[asked].lower()
        if word in _NEVER_NAMES or slot in _READ_FROM_WORDS:
            return word in _NEVER_NAMES
        called = asked > 0 and self._words[asked - 1].lower() in KINDS[slot].nouns
        plain = slot in _WITH_ENDINGS and _PLAIN.fullmatch(word) is not None and word not in NAMES
        return self._vocabulary.is_common(word) or (plain and not called)

    def _needs_no_word(self, asked: int, worded: int) -> bool:
        """Whether the next word of the request says nothing of its own."""
        words, wording = self._words, self._wording
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


def _path(steps: Mapping[tuple[int, int], Step], asked: int, worded: int) -> Iterator[Step]:
    """The steps that lead there, the last first."""
    while asked or worded:
        step = steps[asked, worded]
        yield step
        asked, worded = asked - step.asked, worded - step.worded
