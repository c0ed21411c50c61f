"""An answer, token by token, from any runtime: prefill once, then choose and decode until something ends it.

    for step in generate(runtime, prompt_ids, sampler=Sampler(), stop_ids=stop, max_tokens=200):
        print(stream.add(step.token_id), end="")

`complete` runs the same loop to its end and times it. A `Writer` is what all ways of decoding have in common: it
chooses the tokens of one answer from the logits it is shown, wherever those come from.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.base import Runtime
from hrm_edge.runtimes.sampling import Sampler, log_softmax, most_probable

FinishReason = Literal["stop", "length", "context"]
"""stop: the model ended its answer. length: max_tokens. context: prompt and answer fill the context."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One token of an answer."""

    token_id: int
    log_probability: float
    """Natural logarithm of its probability under the model's own distribution."""
    forced: bool
    """The caller's token, not the model's choice."""
    finish_reason: FinishReason | None
    """None but for the last step. With `stop` the token is the stop token itself, which is no part of the text."""
    alternatives: tuple[tuple[int, float], ...] = ()
    """(token id, log-probability) of the most probable tokens in this place, as many as were asked for."""


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How one answer is drawn."""

    sampler: Sampler
    """This answer's alone: its random stream is what a seed fixes."""
    stop_ids: Collection[int]
    max_tokens: int
    """At least 1; forced tokens count."""
    forced_ids: Sequence[int] = ()
    """What the answer begins with."""
    alternatives: int = 0
    """Most probable tokens that every step names."""

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens is {self.max_tokens}: an answer has at least 1 token")


@dataclass(frozen=True, kw_only=True)
class Completion:
    """A finished answer and its times."""

    token_ids: tuple[int, ...]
    """Every token, forced ones and the stop token included."""
    finish_reason: FinishReason
    log_probability: float
    """Natural logarithm of the probability that the model itself gives to all the tokens it chose, given the others."""
    chosen: int
    """Tokens the model chose."""
    ttft_s: float
    """From the call, which reads the prompt, to the first token the model chose."""
    decode_tokens_per_s: float | None
    """Tokens after that first one per second; None where there are none."""

    @property
    def mean_log_probability(self) -> float:
        """Per token the model chose; 0 where it chose none."""
        return self.log_probability / self.chosen if self.chosen else 0.0

    @property
    def text_ids(self) -> tuple[int, ...]:
        """The tokens that are text: all but the stop token."""
        return self.token_ids[:-1] if self.finish_reason == "stop" else self.token_ids


class Writer:
    """One answer while it is written: it is shown the logits of each place in turn."""

    def __init__(self, sampling: Sampling, *, prompt_length: int, context_length: int) -> None:
        self._sampling = sampling
        self._room = context_length - prompt_length
        self.written = 0
        """Tokens so far."""

    @property
    def tokens_left(self) -> int:
        """Tokens that may still come."""
        return min(self._sampling.max_tokens, self._room + 1) - self.written

    @property
    def forced_left(self) -> Sequence[int]:
        """Tokens that will come next whatever the logits are."""
        return self._sampling.forced_ids[self.written :]

    def choose(self, logits_V: NDArray[np.float32]) -> Step:
        """The next token for logits [V]; after a step with a finish reason there is none.

        Raises:
            PromptError: a forced token is outside the vocabulary.
            CheckpointError: the logits are not numbers.
        """
        sampling = self._sampling
        if self.written == 0:
            self._check_forced(len(logits_V))
        forced = self.written < len(sampling.forced_ids)
        if forced:
            token_id = sampling.forced_ids[self.written]
            log_probability = float(log_softmax(logits_V)[token_id])
        else:
            choice = sampling.sampler.choose(logits_V)
            token_id, log_probability = choice.token_id, choice.log_probability
        self.written += 1
        return Step(
            token_id=token_id,
            log_probability=log_probability,
            forced=forced,
            finish_reason=self._finish_reason(token_id, forced),
            alternatives=most_probable(logits_V, sampling.alternatives) if sampling.alternatives else (),
        )

    def _check_forced(self, vocab_size: int) -> None:
        for token_id in self._sampling.forced_ids:
            if not 0 <= token_id < vocab_size:
                raise PromptError(
                    f"the answer is to begin with token {token_id}, which is outside the vocabulary of {vocab_size}: "
                    "the tokenizer belongs to another model"
                )

    def _finish_reason(self, token_id: int, forced: bool) -> FinishReason | None:
        if not forced and token_id in self._sampling.stop_ids:
            return "stop"
        if self.written >= self._sampling.max_tokens:
            return "length"
        # The last token is chosen and not read: an answer has one token more than the context has places for.
        return "context" if self.written > self._room else None


class Recorder:
    """The steps of one answer as they come, and the clock beside them."""

    def __init__(self) -> None:
        self._start = self._first_chosen = self._end = perf_counter()
        self._steps: list[Step] = []

    def add(self, step: Step) -> None:
        """A step that has come just now."""
        self._end = perf_counter()
        if not self._steps or self._steps[-1].forced:
            self._first_chosen = self._end
        self._steps.append(step)

    def completion(self) -> Completion:
        """The answer, once the last step is there."""
        reason = self._steps[-1].finish_reason
        assert reason is not None, "an answer that goes on is no completion"
        chosen = [step.log_probability for step in self._steps if not step.forced]
        decode_s = self._end - self._first_chosen
        return Completion(
            token_ids=tuple(step.token_id for step in self._steps),
            finish_reason=reason,
            log_probability=sum(chosen),
            chosen=len(chosen),
            ttft_s=self._first_chosen - self._start,
            decode_tokens_per_s=(len(chosen) - 1) / decode_s if len(chosen) > 1 and decode_s > 0 else None,
        )


def generate(
    runtime: Runtime,
    prompt_ids: Sequence[int],
    *,
    sampler: Sampler,
    stop_ids: Collection[int],
    max_tokens: int,
    forced_ids: Sequence[int] = (),
    alternatives: int = 0,
) -> Iterator[Step]:
    """Stream an answer that starts with `forced_ids`; the arguments are those of Sampling.

    The model reads each token only when the next one is asked for, so a caller that stops early wastes no step.

    Raises:
        PromptError: the prompt is empty or longer than the context, or a token is outside the vocabulary.
        CheckpointError: the model's logits are not numbers.
    """
    sampling = Sampling(
        sampler=sampler, stop_ids=stop_ids, max_tokens=max_tokens, forced_ids=forced_ids, alternatives=alternatives
    )
    logits_V = runtime.prefill(prompt_ids)
    writer = Writer(sampling, prompt_length=len(prompt_ids), context_length=runtime.context_length)
    while True:
        step = writer.choose(logits_V)
        yield step
        if step.finish_reason is not None:
            return
        logits_V = runtime.decode(step.token_id)


def complete(
    runtime: Runtime,
    prompt_ids: Sequence[int],
    *,
    sampler: Sampler,
    stop_ids: Collection[int],
    max_tokens: int,
    forced_ids: Sequence[int] = (),
    on_step: Callable[[Step], None] | None = None,
) -> Completion:
    """Run `generate` to its end, calling `on_step` for each token as it comes, and time it.

    Raises:
        PromptError, CheckpointError: as `generate`.
    """
    recorder = Recorder()
    for step in generate(
        runtime, prompt_ids, sampler=sampler, stop_ids=stop_ids, max_tokens=max_tokens, forced_ids=forced_ids
    ):
        recorder.add(step)
        if on_step is not None:
            on_step(step)
    return recorder.completion()
