"""Candidates: answers drawn from a model, all of a request in one batch where its runtime has one.

They are given out as they end, so that whoever asks may look at the first and leave the others unfinished.
"""

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hrm_edge.delexicalization.lexicalize import lexicalize
from hrm_edge.errors import PromptError, RuntimeUnavailableError
from hrm_edge.languages import find_language
from hrm_edge.models import Taught, taught
from hrm_edge.prompt import Rendered, answer_start, fenced, parse_answer, render_request, stop_ids
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Completion, Recorder, Sampling, Step, generate
from hrm_edge.runtimes.load import OnTensor, load_runtime, load_tokenizer
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.tokenizer import Tokenizer

CANDIDATES, TEMPERATURE = 8, 0.8
"""Of several candidates, where nobody says otherwise."""
OnStep = Callable[[int, Step], None]
"""Told each token of each candidate as it comes: (the candidate's number, the step)."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How candidates are drawn, however many."""

    max_tokens: int = 512
    temperature: float = TEMPERATURE
    """Of all candidates but a greedy first one."""
    top_p: float = 1.0
    seed: int | None = None
    greedy_first: bool = True
    """The first candidate is the most probable answer."""
    after: int = 0
    """Candidates of the same prompt that were drawn before: the first of all is the greedy one."""

    def sampler(self, number: int) -> Sampler:
        """That of a candidate, which seed + its number draws again."""
        seed = None if self.seed is None else self.seed + number
        greedy = self.greedy_first and number == 0
        return Sampler(temperature=0.0 if greedy else self.temperature, top_p=self.top_p, seed=seed)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One answer."""

    text: str
    """As it was written, fence and all: edits name their file before it."""
    code: str
    """Without its fence."""
    language: str | None
    """A name of LANGUAGES where the fence names one."""
    completion: Completion | None
    """None where it was not drawn but looked up."""
    prompt_tokens: int

    @property
    def mean_log_probability(self) -> float:
        """The model's own, per token; of what it did not write, below all that it did."""
        return -math.inf if self.completion is None else self.completion.mean_log_probability

    @property
    def probability(self) -> float | None:
        """That the model itself gives to the whole answer; None where it wrote none."""
        return None if self.completion is None else math.exp(self.completion.log_probability)

    @property
    def tokens(self) -> int:
        """That the model wrote, the stop token included."""
        return 0 if self.completion is None else len(self.completion.token_ids)

    @classmethod
    def looked_up(cls, code: str, language: str) -> "Candidate":
        """An answer of the local index, as it stands there."""
        return cls(
            text=fenced(code, language),
            code=code,
            language=language,
            completion=None,
            prompt_tokens=0,
        )

    @classmethod
    def of(cls, text: str, completion: Completion, *, prompt_tokens: int) -> "Candidate":
        """The candidate that was written as `text`."""
        answer = parse_answer(text)
        row = find_language(answer.language) if answer.language else None
        return cls(
            text=text,
            code=answer.text if answer.text.strip("`\n ") else "",  # a fence that is closed at once
            language=None if row is None else row.name,
            completion=completion,
            prompt_tokens=prompt_tokens,
        )


class Model:
    """A loaded model with its tokenizer."""

    def __init__(
        self,
        runtime: HrmRuntime,
        tokenizer: Tokenizer,
        chat_template: str | None = None,
        taught: Taught = Taught(),  # noqa: B008 - frozen
    ) -> None:
        self.runtime, self.tokenizer, self.chat_template = runtime, tokenizer, chat_template
        self.taught = taught

    @classmethod
    def load(cls, path: Path, options: RuntimeOptions, *, on_tensor: OnTensor | None = None) -> "Model":
        """Open the model at `path`. Arguments and errors as load_runtime's, and those of load_tokenizer."""
        tokenizer, chat_template = load_tokenizer(path)
        return cls(load_runtime(path, options, on_tensor=on_tensor), tokenizer, chat_template, taught(path))

    def prompt(self, request: str) -> Rendered:
        """The request as the model reads it."""
        return render_request(self.tokenizer, request, chat_template=self.chat_template)

    def draw(
        self,
        prompt: Rendered,
        drawing: Drawing,
        *,
        count: int,
        language: str | None = None,
        expired: Callable[[], bool] = lambda: False,
        on_step: OnStep | None = None,
    ) -> Generator[Candidate, None, None]:
        """Candidates as they end. Once time is up, those that are not done are left, except that one is always given.

        Close the generator to leave the others.

        Args:
            count: how many; side by side where the runtime has a batch.
            language: what the fence must name; None leaves it to the model.
            expired: whether time is up.

        Raises:
            PromptError: the prompt does not fit the context.
            CheckpointError: the tokenizer or the weights are damaged.
        """
        numbers = range(drawing.after, drawing.after + count)
        samplings = [self._sampling(drawing, number, language) for number in numbers]
        batch = self._batch(len(prompt.ids) + drawing.max_tokens, count) if count > 1 else None
        if batch is None:
            drawn = _one_after_another(self.runtime, prompt.ids, samplings, expired, on_step)
        else:
            drawn = _side_by_side(batch, prompt.ids, samplings, expired, on_step)
        with closing(drawn):
            for completion in drawn:
                text = lexicalize(self.tokenizer.decode(completion.text_ids), prompt.names)
                yield Candidate.of(text, completion, prompt_tokens=len(prompt.ids))

    def _sampling(self, drawing: Drawing, number: int, language: str | None) -> Sampling:
        return Sampling(
            sampler=drawing.sampler(number),
            stop_ids=stop_ids(self.tokenizer),
            max_tokens=drawing.max_tokens,
            forced_ids=answer_start(self.tokenizer, language) if language else (),
        )

    def _batch(self, tokens: int, count: int) -> Batch | None:
        """Room for so many candidates of so many tokens; None where the runtime or the memory has none."""
        try:
            return self.runtime.batch(capacity=count, context_length=min(self.runtime.context_length, tokens))
        except (RuntimeUnavailableError, PromptError):
            return None


def _one_after_another(
    runtime: HrmRuntime,
    prompt_ids: Sequence[int],
    samplings: Sequence[Sampling],
    expired: Callable[[], bool],
    on_step: OnStep | None,
) -> Generator[Completion, None, None]:
    for number, sampling in enumerate(samplings):
        recorder = Recorder()
        for step in generate(
            runtime,
            prompt_ids,
            sampler=sampling.sampler,
            stop_ids=sampling.stop_ids,
            max_tokens=sampling.max_tokens,
            forced_ids=sampling.forced_ids,
        ):
            recorder.add(step)
            if on_step is not None:
                on_step(number, step)
            if number and expired():
                return
        yield recorder.completion()
        if expired():
            return


def _side_by_side(
    batch: Batch,
    prompt_ids: Sequence[int],
    samplings: Sequence[Sampling],
    expired: Callable[[], bool],
    on_step: OnStep | None,
) -> Generator[Completion, None, None]:
    """All at once, in the order in which they end."""
    recorders = [Recorder() for _ in samplings]
    ended = 0
    with batch, DecodingLoop(batch, lookup=True) as loop:
        numbers = {loop.add(prompt_ids, sampling): number for number, sampling in enumerate(samplings)}
        while not loop.done:
            for event in loop.step():
                if event.step is None:
                    assert event.error is not None, "an event has a step or an error"
                    raise event.error
                number = numbers[event.ticket]
                recorders[number].add(event.step)
                if on_step is not None:
                    on_step(number, event.step)
                if event.step.finish_reason is not None:
                    ended += 1
                    yield recorders[number].completion()
            if expired():
                if ended:
                    return
                for ticket, number in numbers.items():
                    if number:  # one must be given: the first, which came as far as any
                        loop.cancel(ticket)
