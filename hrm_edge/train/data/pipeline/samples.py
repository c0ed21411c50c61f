"""Random examples out of the shards, as text: what a model will read, token for token."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from hrm_edge.train.data.pipeline.shards import PackedExample, Shards


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One example of a build as text."""

    request: str
    response: str
    task: str
    language: str
    source: str
    licence: str
    group: str
    difficulty: float | None
    executed: bool | None
    tokens: int


def draw_samples(shards: Shards, count: int, *, seed: int, one_of_each: bool) -> list[Sample]:
    """`count` different examples at random, or as many as there are.

    Args:
        shards: where to draw from.
        count: how many.
        seed: another seed draws others.
        one_of_each: go through the combinations of task and language in turn.
    """
    rng = random.Random(f"sample {seed}")
    places = list(shards.training_order(seed))
    rng.shuffle(places)
    tokenizer = shards.tokenizer()

    def text(packed: PackedExample) -> Sample:
        return Sample(
            request=tokenizer.decode(packed.request.tolist()),
            response=tokenizer.decode(packed.answer.tolist()),
            task=packed.task,
            language=packed.language,
            source=packed.source,
            licence=packed.licence,
            group=packed.group,
            difficulty=packed.difficulty,
            executed=packed.executed,
            tokens=len(packed.request) + len(packed.answer),
        )

    drawn = _one_of_each(shards, places, rng) if one_of_each else _any(shards, places, rng)
    return [text(packed) for packed, _ in zip(drawn, range(count), strict=False)]


def _any(shards: Shards, places: list[tuple[int, int]], rng: random.Random) -> Iterator[PackedExample]:
    """One example of each row in turn, then a second one of each."""
    rows = (list(shards.examples(*place)) for place in places)
    again: list[list[PackedExample]] = []
    for examples in rows:
        rng.shuffle(examples)
        yield examples.pop()
        again.append(examples)
    while again := [examples for examples in again if examples]:
        for examples in again:
            yield examples.pop()


def _one_of_each(shards: Shards, places: list[tuple[int, int]], rng: random.Random) -> Iterator[PackedExample]:
    """One of each task and language, in alphabetical order of both, then a second one of each."""
    waiting: dict[tuple[str, str], list[PackedExample]] = {}
    for packed in _any(shards, places, rng):
        waiting.setdefault((packed.task, packed.language), []).append(packed)
    for examples in waiting.values():
        examples.reverse()
    while waiting := {kind: examples for kind, examples in sorted(waiting.items()) if examples}:
        for examples in waiting.values():
            yield examples.pop()
