"""No 13 words in a row of an evaluation set are in a training example.

The rule of GPT-3 (https://arxiv.org/abs/2005.14165, appendix C): both sides become words in lower case without
punctuation, and an example that shares a run of 13 with an evaluation problem is dropped, whole. A word is a run of
letters, digits and underscores, so `has_close_elements` is one and `a + b` are two. Each text stands alone: a run does
not reach from a request into its response.

Not every run of 13 words says anything. Two kinds drop nothing:

- Boilerplate: what is in more than `common_in` problems of one file (`import java util import java lang class …`).
  Problems are counted, not rows, and file by file, since HumanEval's texts come back in thirteen files of its family.
- Runs with fewer than MEANINGFUL different words of two letters or more: `for int i 0 i n i`, `1 2 3 4 5 6 7 …`.

Runs are kept as 64-bit hashes, sorted: a polynomial modulo 2^64 over the words' own BLAKE2b hashes. A million runs
against 300 million of training give a false hit about once in 60,000 builds.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hrm_edge.train.data.pipeline.evaluation_texts import EvaluationProblem, evaluation_sets
from hrm_edge.train.data.pipeline.recipe import Recipe

GRAM_WORDS = 13
MEANINGFUL = 6
_WORD = re.compile(r"\w+")
_MEANINGFUL_WORD = re.compile(r"\w*[^\W\d_]\w*[^\W\d_]\w*")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no word of a run is multiplied away
_MOST_WORDS_KEPT = 2**20
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Hit:
    """Where a training text and an evaluation problem meet."""

    problem: str
    """Set and problem."""
    excerpt: str
    """The first 13 words they share."""


class WordHashes:
    """Hashes of words, remembered: texts repeat theirs."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self, words: Sequence[str]) -> Hashes:
        """One hash per word."""
        if len(self._known) > _MOST_WORDS_KEPT:
            self._known.clear()
        known = self._known
        for word in words:
            if word not in known:
                digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
                known[word] = int.from_bytes(digest, "big")
        return np.fromiter((known[word] for word in words), np.uint64, len(words))


def split_words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower())


def gram_hashes(words: Hashes) -> Hashes:
    """The hash of every run of 13 words, in order; of fewer words, none."""
    count = len(words) - GRAM_WORDS + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    found = np.zeros(count, np.uint64)
    for place in range(GRAM_WORDS):
        found = found * _FACTOR + words[place : place + count]
    return found


class GramIndex:
    """Every meaningful run of 13 words of the evaluation sets."""

    def __init__(self, sets: Iterable[tuple[str, Sequence[EvaluationProblem]]], *, common_in: int) -> None:
        hashes = WordHashes()
        self.sets: dict[str, int] = {}
        """Set → its problems, for the report."""
        self._problems: list[str] = []
        grams: list[Hashes] = []
        places: list[NDArray[np.int32]] = []
        common: list[Hashes] = [np.empty(0, np.uint64)]
        for name, problems in sets:
            self.sets[name] = len(problems)
            found = [_meaningful_grams(problem, hashes) for problem in problems]
            for of_problem in found:
                grams.append(of_problem)
                places.append(np.full(len(of_problem), len(places), np.int32))
            self._problems.extend(problem.name for problem in problems)
            every, counts = np.unique(np.concatenate([np.empty(0, np.uint64), *found]), return_counts=True)
            common.append(every[counts > common_in])
        self._grams, first = np.unique(np.concatenate([np.empty(0, np.uint64), *grams]), return_index=True)
        self._places = np.concatenate([np.empty(0, np.int32), *places])[first]
        boilerplate = np.isin(self._grams, np.concatenate(common), kind="sort")
        self.boilerplate = int(boilerplate.sum())
        """How many runs were set aside as boilerplate."""
        self._grams, self._places = self._grams[~boilerplate], self._places[~boilerplate]
        self._hashes = WordHashes()

    @classmethod
    def of_recipe(cls, recipe: Recipe) -> "GramIndex | None":
        """The index a recipe asks for; None where decontamination is off. Raises DataError as evaluation_sets."""
        settings = recipe.decontamination
        if settings is None:
            return None
        return cls(evaluation_sets(settings, recipe), common_in=settings.common_in)

    def __len__(self) -> int:
        return len(self._grams)

    def sha256(self) -> str:
        """Digest of all runs: what the filter depends on."""
        return hashlib.sha256(self._grams.astype("<u8").tobytes()).hexdigest()

    def find(self, text: str) -> Hit | None:
        """The first run of 13 words that the text shares with an evaluation problem."""
        words = split_words(text)
        if len(words) < GRAM_WORDS or not len(self._grams):
            return None
        asked = gram_hashes(self._hashes(words))
        places = np.searchsorted(self._grams, asked)
        places[places == len(self._grams)] = 0
        shared = np.flatnonzero(self._grams[places] == asked)
        if not len(shared):
            return None
        start = int(shared[0])
        return Hit(self._problems[self._places[places[start]]], " ".join(words[start : start + GRAM_WORDS]))


def _meaningful_grams(problem: EvaluationProblem, hashes: WordHashes) -> Hashes:
    """The different runs of a problem that say something, sorted."""
    found = [np.empty(0, np.uint64)]
    for text in problem.texts:
        words = split_words(text)
        grams = gram_hashes(hashes(words))
        if len(grams):
            found.append(grams[_says_something(words)])
    return np.unique(np.concatenate(found))


def _says_something(words: Sequence[str]) -> NDArray[np.bool_]:
    """For every run of 13 words, whether MEANINGFUL of them are different words of two letters or more."""
    inside: dict[str, int] = {}  # word → how often it is in the run at hand
    says = np.zeros(len(words) - GRAM_WORDS + 1, np.bool_)
    meaningful = [word if _MEANINGFUL_WORD.fullmatch(word) else None for word in words]
    for end, word in enumerate(meaningful):
        if word is not None:
            inside[word] = inside.get(word, 0) + 1
        gone = meaningful[end - GRAM_WORDS] if end >= GRAM_WORDS else None
        if gone is not None:
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
        if end >= GRAM_WORDS - 1:
            says[end - GRAM_WORDS + 1] = len(inside) >= MEANINGFUL
    return says
