"""What stands between a source and a row: each rule that drops an example counts what it dropped, by source."""

import random
from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from hrm_edge.delexicalization.delexicalize import delexicalize_answer
from hrm_edge.prompt import render_answer, render_request, with_neighbours
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.pipeline.decontamination import GramIndex, Hit
from hrm_edge.train.data.pipeline.identity import identity
from hrm_edge.train.data.pipeline.neighbours import Neighbours
from hrm_edge.train.data.pipeline.prepared import Prepared
from hrm_edge.train.data.pipeline.recipe import Recipe

CONTEST, DUPLICATE, OVERLAP, LONG, PART_OF_NAME = (
    "contest too late", "duplicate", "overlaps an evaluation set", "longer than a row", "part of a name in the answer",
)  # fmt: skip
MOST_OVERLAPS_LISTED = 1_000
"""Of a shard; further ones are only counted."""


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """An example that was dropped for an evaluation problem."""

    source: str
    group: str
    problem: str
    excerpt: str


@dataclass(kw_only=True)
class Dropped:
    """What a shard's rules left out."""

    by_rule: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Rule → source → examples."""
    overlaps: list[Overlap] = field(default_factory=list)
    """The first MOST_OVERLAPS_LISTED."""

    def count(self, rule: str, source: str, examples: int = 1) -> None:
        """A rule dropped so many of a source."""
        if examples:
            self.by_rule[rule][source] += examples

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON, in alphabetical order."""
        return {rule: dict(sorted(counts.items())) for rule, counts in sorted(self.by_rule.items())}


class Screen:
    """The rules of a recipe, for one shard: contest date, duplicates, evaluation sets, length."""

    def __init__(
        self,
        recipe: Recipe,
        tokenizer: Tokenizer,
        grams: GramIndex | None,
        neighbours: Neighbours | None,
        elsewhere: Set[int],
    ) -> None:
        """`elsewhere`: identities of the sources with an end, which an endless source's example must not repeat."""
        self._recipe = recipe
        self._tokenizer = tokenizer
        self._grams = grams
        self._neighbours = neighbours
        self._elsewhere = elsewhere
        self._seen: set[int] = set()
        self._without_names: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        """Examples that differ by names alone are the same to a model that does not see them."""
        self.dropped = Dropped()

    def prepare(self, example: TrainingExample, *, endless: bool) -> Prepared | None:
        """The example as tokens, or None where a rule drops it."""
        number = identity(example.request, example.response)
        rule = self._broken_rule(example, number, endless)
        prepared = None if rule else self._tokens(example, number)
        if prepared is None:
            self.dropped.count(rule or PART_OF_NAME, example.source)
            return None
        tokens = (prepared.request, prepared.answer)
        rule = LONG if prepared.length > self._recipe.longest else DUPLICATE if tokens in self._without_names else None
        if rule:
            self.dropped.count(rule, example.source)
            return None
        self._seen.add(number)
        if self._tokenizer.has_names and self._recipe.deduplicate:
            self._without_names.add(tokens)
        return prepared

    def _broken_rule(self, example: TrainingExample, number: int, endless: bool) -> str | None:
        """The first rule on texts and dates that an example breaks."""
        day = self._recipe.contests_before
        if day is not None and example.contest_date is not None and example.contest_date >= day:
            return CONTEST
        if self._recipe.deduplicate and (number in self._seen or (endless and number in self._elsewhere)):
            return DUPLICATE
        hit = self._overlap(example.request) or self._overlap(example.response)
        if hit is None:
            return None
        if len(self.dropped.overlaps) < MOST_OVERLAPS_LISTED:
            self.dropped.overlaps.append(
                Overlap(source=example.source, group=example.group, problem=hit.problem, excerpt=hit.excerpt)
            )
        return OVERLAP

    def _overlap(self, text: str) -> Hit | None:
        return None if self._grams is None else self._grams.find(text)

    def _tokens(self, example: TrainingExample, number: int) -> Prepared | None:
        """With as many of its neighbours as fit a row and overlap no evaluation set; None where its answer holds part
        of a name that its request is read without."""
        found = self._found(example, number)
        while True:
            text = with_neighbours(example.request, found)
            request = render_request(self._tokenizer, text)
            answer = render_answer(self._tokenizer, example.response, request.names)
            if not found or (len(request.ids) + len(answer) <= self._recipe.longest and self._overlap(text) is None):
                break
            found = found[:-1]
        if delexicalize_answer(example.response, request.names).has_part_of_name:
            return None
        return Prepared(
            example=example,
            identity=number,
            request=tuple(request.ids),
            answer=tuple(answer),
            neighbours=len(found),
        )

    def _found(self, example: TrainingExample, number: int) -> list[tuple[str, str]]:
        settings = self._recipe.neighbours
        if self._neighbours is None or not settings.share:
            return []
        rng = random.Random(f"{self._recipe.seed}/{number}/neighbours")
        if rng.random() >= settings.share:
            return []
        count = rng.randint(1, settings.most)
        return list(self._neighbours.find(example, count=count, rng=rng))
