"""What the local index has for a request: shown to the model before it, and named where the answer leans on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hrm_edge.assistant.example_calls import Example
from hrm_edge.local_index import Entry, LocalIndex
from hrm_edge.prompt import fenced, with_neighbours

COUNT = 3
"""As many as training ever puts before a request."""
LOOKED_UP = 8
"""Entries that are run before the model is asked. benchmarks/index_answers.py: more find no more right answers, and a
function that has nothing to do with the request passes its single example now and then."""
FOUND = 48
"""Entries of which those are run that fit the examples by their heads, which costs next to nothing to see."""
LEANS_FROM = 0.6
"""An answer leans on a neighbour that has at least this share of its words..."""
_FEWEST_WORDS = 8
"""...where it has at least so many: `ls -l` leans on nobody."""
_WORD = re.compile(r"\w+|[^\w\s]")
_RUN = 4


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where most of an answer is from."""

    name: str
    licence: str
    """SPDX identifier."""
    request: str
    """What it answered there."""
    share: float
    """Of the answer's words that stand in it in the same order, four at least in a row."""

    def __str__(self) -> str:
        how = "taken from" if self.share == 1 else f"{self.share:.0%} of it as in"
        return f"{how} {self.name} ({self.licence}): {self.request}"


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The entries nearest to a request, best first."""

    entries: tuple[Entry, ...] = ()

    def prompted(self, request: str) -> str:
        """The request with them before it, as training shows them."""
        return with_neighbours(request, [(entry.request, fenced(entry.code, entry.language)) for entry in self.entries])

    def leant_on(self, code: str) -> Source | None:
        """The neighbour that most of an answer is from; None where none is."""
        shares = [(shared_words(code, entry.code), entry) for entry in self.entries]
        if not shares or len(_WORD.findall(code)) < _FEWEST_WORDS:
            return None
        share, entry = max(shares, key=lambda pair: pair[0])
        if share < LEANS_FROM:
            return None
        return Source(name=entry.source, licence=entry.licence, request=entry.request, share=share)


def look_up(
    index: LocalIndex | None,
    request: str,
    language: str | None,
    *,
    count: int = COUNT,
    examples: Sequence[Example] = (),
) -> Neighbours:
    """The nearest entries in the language; none without an index.

    Args:
        examples: of the request: of their text only the name of the function tells what is asked.

    Raises:
        DataError: the index is damaged.
    """
    if index is None:
        return Neighbours()
    for example in examples:
        request = request.replace(example.text, f" {example.function or ''} ")
    return Neighbours(entries=tuple(index.find(request, language=language, count=count)))


def shared_words(code: str, other: str) -> float:
    """The share of a text's words, signs counted as words, that lie in a run of four that another text has too."""
    mine, others = _WORD.findall(code), _WORD.findall(other)
    if not mine:
        return 0.0
    length = min(_RUN, len(mine))
    theirs = set(_runs(others, length))
    covered: set[int] = set()
    for place, run in enumerate(_runs(mine, length)):
        if run in theirs:
            covered.update(range(place, place + length))
    return len(covered) / len(mine)


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + length]) for place in range(len(words) - length + 1)]
