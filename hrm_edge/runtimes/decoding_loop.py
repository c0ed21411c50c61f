"""Many answers at once over one batch: they come, are written together, and leave, while others go on.

    with runtime.batch(capacity=16) as batch, DecodingLoop(batch) as loop:
        ticket = loop.add(prompt_ids, Sampling(sampler=Sampler(seed=7), stop_ids=stops, max_tokens=200))
        while not loop.done:
            for event in loop.step():
                ...

A step takes in who waits, in order, as far as there are places, and then reads one pass of the whole batch. It reads
one new prompt at most, so that those who are being answered wait for one prompt and no longer. A prompt that some
answer at hand was given too is not read again: its sequence is forked, or taken over from an answer that ended.

Each answer has the tokens it would have alone with the same sampler, whoever else is there, as far as the logits of
the runtime agree: those of a token read together with others differ by rounding (about 1e-6 of their size in float32),
which tells only where two tokens are as good as equally likely.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import HrmEdgeError, PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.generation import Sampling, Step, Writer
from hrm_edge.runtimes.lookup import PromptLookup, worthwhile_chance

LONGEST_PASS = 64
"""Tokens that are read at once, but for one of each answer: their logits are in memory together."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What has come for one answer: a step, or the error that ended it."""

    ticket: int
    step: Step | None = None
    error: HrmEdgeError | None = None


@dataclass(frozen=True)
class _Prompt:
    """A prompt that a sequence of the batch has read, and its last logits [V]."""

    ids: tuple[int, ...]
    last_logits: NDArray[np.float32]


@dataclass(frozen=True)
class _Waiting:
    ticket: int
    prompt_ids: tuple[int, ...]
    sampling: Sampling


@dataclass
class _Running:
    """An answer that has a place; all its tokens are read but the last."""

    ticket: int
    prompt_length: int
    writer: Writer
    lookup: PromptLookup | None
    last_token: int = -1

    def take(self, logits_V: NDArray[np.float32]) -> Step:
        """The next token for logits [V]."""
        step = self.writer.choose(logits_V)
        self.last_token = step.token_id
        if self.lookup is not None:
            self.lookup.append(step.token_id)
        return step

    def draft(self, longest: int, worthwhile: float) -> list[int]:
        """Tokens that may follow the last one: what is forced, which is certain, or else what the lookup guesses."""
        longest = min(longest, self.writer.tokens_left - 1)
        forced = self.writer.forced_left
        if forced:
            return list(forced[:longest])
        return [] if self.lookup is None else self.lookup.draft(longest, worthwhile)


class DecodingLoop:
    """Answers over one batch. `add` and `cancel` may be called from any thread, even during a step."""

    def __init__(self, batch: Batch, *, lookup: bool = False) -> None:
        """The batch is the loop's alone as long as the loop lasts.

        lookup: guess what answers copy from their prompts; it changes no answer.
        """
        self._batch = batch
        self.guessed = 0
        """Tokens that were looked up and read so far."""
        self.guessed_right = 0
        """Those of them that the model chose."""
        self._lookup = lookup
        self._tickets = count()
        self._waiting: deque[_Waiting] = deque()
        self._cancelled: set[int] = set()
        self._asking = Lock()
        self._stepping = Lock()
        self._prompts: dict[int, _Prompt] = {}
        """Sequence → its prompt; a sequence that is not running waits for the next answer to the same prompt."""
        self._running: dict[int, _Running] = {}

    @property
    def waiting(self) -> int:
        """Answers without a place."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """Answers that are being written."""
        return len(self._running)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return not (self._waiting or self._prompts)

    def add(self, prompt_ids: Sequence[int], sampling: Sampling) -> int:
        """Queue an answer; its ticket.

        Raises:
            PromptError: the prompt is empty or longer than the context of a sequence.
        """
        room = self._batch.context_length
        if not 0 < len(prompt_ids) <= room:
            raise PromptError(f"the prompt has {len(prompt_ids)} tokens and must have between 1 and {room}: change it")
        waiting = _Waiting(next(self._tickets), tuple(prompt_ids), sampling)
        with self._asking:
            self._waiting.append(waiting)
        return waiting.ticket

    def cancel(self, ticket: int) -> None:
        """End an answer, if it has not ended: no later step has an event of it."""
        with self._asking:
            self._cancelled.add(ticket)

    def step(self) -> list[Event]:
        """Take in who waits and read the next tokens of all; what came of it, each answer's events in order.

        An error of one answer (tokens of another vocabulary, logits that are no numbers) ends that answer alone.

        Raises:
            RuntimeUnavailableError: the runtime gave up; the loop is of no more use.
        """
        with self._stepping:
            self._drop_cancelled()
            events = self._take_in()
            events += self._decode()
            self._free_places()
            return events

    def close(self) -> None:
        """Free every sequence; the batch stays open."""
        with self._stepping:
            self._waiting.clear()
            self._running.clear()
            self._free_places()

    def __enter__(self) -> "DecodingLoop":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _drop_cancelled(self) -> None:
        with self._asking:
            cancelled, self._cancelled = self._cancelled, set()
            if cancelled:
                self._waiting = deque(waiting for waiting in self._waiting if waiting.ticket not in cancelled)
        self._running = {
            sequence: running for sequence, running in self._running.items() if running.ticket not in cancelled
        }

    def _take_in(self) -> list[Event]:
        """Give places to those who wait, in order."""
        events: list[Event] = []
        may_read = True
        while self._waiting:
            waiting = self._waiting[0]
            try:
                sequence = self._sequence_of(waiting.prompt_ids)
                if sequence is None and may_read and len(self._prompts) < self._batch.capacity:
                    may_read = False
                    sequence, logits_V = self._batch.prefill(waiting.prompt_ids)
                    self._prompts[sequence] = _Prompt(waiting.prompt_ids, logits_V)
            except PromptError as error:
                events.append(Event(ticket=waiting.ticket, error=error))
            else:
                if sequence is None:
                    break
                events += self._start(waiting, sequence)
            self._waiting.popleft()
        return events

    def _sequence_of(self, prompt_ids: tuple[int, ...]) -> int | None:
        """A sequence of an ended answer to this prompt, or a copy of one that is running; `_take` rewinds it."""
        same = [sequence for sequence, prompt in self._prompts.items() if prompt.ids == prompt_ids]
        if not same:
            return None
        ended = next((sequence for sequence in same if sequence not in self._running), None)
        if ended is not None or len(self._prompts) == self._batch.capacity:
            return ended
        (copy,) = self._batch.fork(same[0], 1)
        self._prompts[copy] = self._prompts[same[0]]
        return copy

    def _start(self, waiting: _Waiting, sequence: int) -> list[Event]:
        prompt = self._prompts[sequence]
        self._running[sequence] = _Running(
            ticket=waiting.ticket,
            prompt_length=len(prompt.ids),
            writer=Writer(waiting.sampling, prompt_length=len(prompt.ids), context_length=self._batch.context_length),
            lookup=PromptLookup(prompt.ids) if self._lookup else None,
        )
        return self._take(sequence, [prompt.last_logits], [])

    def _decode(self) -> list[Event]:
        """One pass over the last token of every answer and what may follow it."""
        if not self._running:
            return []
        longest = LONGEST_PASS // len(self._running)
        worthwhile = worthwhile_chance(self._batch.token_cost, len(self._running))
        drafts = {sequence: running.draft(longest, worthwhile) for sequence, running in self._running.items()}
        self.guessed += sum(len(d) for s, d in drafts.items() if not self._running[s].writer.forced_left)
        logits = self._batch.decode({s: [self._running[s].last_token, *draft] for s, draft in drafts.items()})
        return [event for s, draft in drafts.items() for event in self._take(s, logits[s], draft)]

    def _take(
        self, sequence: int, logits: Sequence[NDArray[np.float32]] | NDArray[np.float32], draft: Sequence[int]
    ) -> list[Event]:
        """The steps that logits [V] allow, one after another: as long as what was read next is what was chosen."""
        running = self._running[sequence]
        events: list[Event] = []
        for index, logits_V in enumerate(logits):
            try:
                step = running.take(logits_V)
            except HrmEdgeError as error:
                events.append(Event(ticket=running.ticket, error=error))
                del self._running[sequence]
                return events
            events.append(Event(ticket=running.ticket, step=step))
            right = index < len(draft) and step.token_id == draft[index]
            self.guessed_right += right and not step.forced
            if step.finish_reason is not None:
                del self._running[sequence]
                return events
            if not right:
                break
        # All that was read beyond the chosen tokens is taken back; the last chosen one is not read yet.
        read = running.prompt_length + running.writer.written - 1
        if self._batch.length(sequence) > read:
            self._batch.rewind(sequence, read)
        return events

    def _free_places(self) -> None:
        """Free who has ended, unless the next in the queue asks the same."""
        waiting = self._waiting[0].prompt_ids if self._waiting else ()
        for sequence in [sequence for sequence in self._prompts if sequence not in self._running]:
            if self._prompts[sequence].ids != waiting:
                self._batch.free(sequence)
                del self._prompts[sequence]
