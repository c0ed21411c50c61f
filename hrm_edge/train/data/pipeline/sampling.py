"""Which example comes next: the source, then the task, then the language that is furthest behind its share of tokens.

This is weighted fair queueing: each party has a clock that runs with the tokens it was given over its weight, and the
party whose clock is furthest behind is served. Shares are met within one example's length, without a draw of chance;
what is random is the order of a source's examples. A party that shows up late starts at the time of the slowest, and
one that has run dry leaves.

An endless source makes whole problems; what the shares do not ask for of them waits, and is left out once MOST_WAITING
of its kind wait. It is counted as not drawn.
"""

import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from hrm_edge.train.data.example import TrainingExample

LOOK_AHEAD = 64
"""An endless source's examples that wait before any is drawn, so that its tasks and languages are known."""
MOST_WAITING = 256
PATIENCE = 2_000
"""Examples of an endless source that are made while a task and language that was there before does not come again."""
Party = TypeVar("Party")


class FairShares(Generic[Party]):
    """Parties and their clocks. A party without a weight has weight 1."""

    def __init__(self, weights: Mapping[Party, float]) -> None:
        self._weights = weights
        self._clocks: dict[Party, float] = {}

    def weight(self, party: Party) -> float:
        """The share of a party, relative to the others."""
        return self._weights.get(party, 1.0)

    def join(self, party: Party) -> None:
        """Take a party in, unless it is in already; its weight must be above 0."""
        if party not in self._clocks:
            self._clocks[party] = min(self._clocks.values(), default=0.0)

    def leave(self, party: Party) -> None:
        """The party has nothing more to give."""
        del self._clocks[party]

    def neediest(self) -> Party | None:
        """Who is furthest behind; of several, who joined first. None where nobody is left."""
        return min(self._clocks, key=self._clocks.__getitem__, default=None)

    def spend(self, party: Party, tokens: int) -> None:
        """The party was given so many tokens."""
        if party in self._clocks:
            self._clocks[party] += tokens / self.weight(party)


class Flow:
    """The examples of one source in one shard."""

    def __init__(
        self,
        waiting: Sequence[TrainingExample],
        stream: Iterable[TrainingExample],
        *,
        tasks: Mapping[str, float],
        languages: Mapping[str, float],
        rng: random.Random,
    ) -> None:
        """`waiting` are all there are of a source with an end, and are drawn at random; `stream` is one without."""
        self._stream: Iterator[TrainingExample] = iter(stream)
        self._ended = False
        self._tasks = FairShares(tasks)
        self._language_weights = languages
        self._languages: dict[str, FairShares[str]] = {}
        self._queues: dict[tuple[str, str], deque[TrainingExample]] = {}
        self._waiting = 0
        self.excluded = 0
        """Examples whose task or language has weight 0."""
        self.not_drawn: Counter[str] = Counter()
        """Task → examples that were made and not asked for."""
        shuffled = list(waiting)
        rng.shuffle(shuffled)
        for example in shuffled:
            self._add(example, most=None)

    def draw(self) -> TrainingExample | None:
        """The next example; None where there are no more."""
        while not self._ended and self._waiting < LOOK_AHEAD:
            self._pull()
        patience = PATIENCE
        while (task := self._tasks.neediest()) is not None:
            language = self._languages[task].neediest()
            assert language is not None, "a task is in only while a language of it is"
            queue = self._queues[task, language]
            if queue:
                self._waiting -= 1
                return queue.popleft()
            if self._ended or not patience:
                self._leave(task, language)
                patience = PATIENCE
            else:
                patience -= 1
                self._pull()
        return None

    def spend(self, example: TrainingExample, tokens: int) -> None:
        """An example that was drawn has so many tokens."""
        self._tasks.spend(example.task, tokens)
        self._languages[example.task].spend(example.language, tokens)

    def close(self) -> None:
        """Count what is left as not drawn."""
        for (task, _), queue in self._queues.items():
            if queue:
                self.not_drawn[task] += len(queue)
                queue.clear()

    def _pull(self) -> None:
        example = next(self._stream, None)
        if example is None:
            self._ended = True
        else:
            self._add(example, most=MOST_WAITING)

    def _add(self, example: TrainingExample, *, most: int | None) -> None:
        task, language = str(example.task), example.language
        if not self._tasks.weight(task) or not self._language_weights.get(language, 1.0):
            self.excluded += 1
            return
        queue = self._queues.setdefault((task, language), deque())
        if most is not None and len(queue) >= most:
            self.not_drawn[task] += 1
            return
        queue.append(example)
        self._waiting += 1
        self._tasks.join(task)
        self._languages.setdefault(task, FairShares(self._language_weights)).join(language)

    def _leave(self, task: str, language: str) -> None:
        self._languages[task].leave(language)
        if self._languages[task].neediest() is None:
            self._tasks.leave(task)
