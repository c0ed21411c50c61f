"""From a request to an answer with a loaded model: the part that `run` and its interactive prompt share.

With several candidates, the one the model itself holds most probable per token is the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import TracebackType

from hrm_edge.prompt import answer_start, parse_answer, render_prompt, stop_ids
from hrm_edge.runtimes.base import Cycles, HrmRuntime
from hrm_edge.runtimes.generation import FinishReason, Step, complete
from hrm_edge.runtimes.load import load_runtime, load_tokenizer
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.runtimes.streams import CodeStream, TextStream
from hrm_edge.tokenizer import Tokenizer


@dataclass(frozen=True, kw_only=True)
class AnswerSettings:
    """How an answer is drawn."""

    language: str | None
    """The language its fence must name; None leaves the choice to the model."""
    samples: int
    max_tokens: int
    temperature: float
    top_p: float
    seed: int | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer, its sizes and its times. Times run from the submission of the request."""

    answer: str
    language: str | None
    prompt_tokens: int
    completion_tokens: int
    """Tokens of the answer given, its stop token included; other candidates are not counted."""
    finish_reason: FinishReason
    ttft_s: float
    """To the first token the model chose."""
    answer_s: float
    """To the end of the answer, all candidates included."""
    decode_tokens_per_s: float | None
    """Of the answer given; None for an answer of one token."""


class Answerer:
    """A loaded model with its tokenizer."""

    def __init__(self, runtime: HrmRuntime, tokenizer: Tokenizer, chat_template: str | None) -> None:
        self.runtime = runtime
        self._tokenizer = tokenizer
        self._chat_template = chat_template

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        runtime: str,
        device: str,
        cycles: Cycles | None,
        threads: int | None,
        on_tensor: Callable[[str], None] | None = None,
    ) -> "Answerer":
        """Open the model at `path`. Errors as load_runtime and load_tokenizer."""
        tokenizer, chat_template = load_tokenizer(path)
        loaded = load_runtime(path, name=runtime, device=device, cycles=cycles, threads=threads, on_tensor=on_tensor)
        return cls(loaded, tokenizer, chat_template)

    def __enter__(self) -> "Answerer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runtime.close()

    def answer(self, request: str, settings: AnswerSettings, on_code: Callable[[str], None] | None = None) -> Outcome:
        """Answer one request; `on_code` gets the code of a single candidate as it arrives.

        Raises:
            PromptError: the request does not fit the context.
            CheckpointError: the tokenizer or the weights are damaged.
        """
        start = perf_counter()
        prompt_ids = render_prompt(self._tokenizer, request, chat_template=self._chat_template)
        before_prefill_s = perf_counter() - start
        sampler = Sampler(temperature=settings.temperature, top_p=settings.top_p, seed=settings.seed)
        stream = _AnswerStream(self._tokenizer, on_code if settings.samples == 1 else None)
        candidates = [
            complete(
                self.runtime,
                prompt_ids,
                sampler=sampler,
                stop_ids=stop_ids(self._tokenizer),
                max_tokens=settings.max_tokens,
                forced_ids=answer_start(self._tokenizer, settings.language) if settings.language else (),
                on_step=stream.show,
            )
            for _ in range(settings.samples)
        ]
        stream.finish()
        best = max(candidates, key=lambda candidate: candidate.mean_log_probability)
        answer = parse_answer(self._tokenizer.decode(best.text_ids))
        return Outcome(
            answer=answer.text,
            language=answer.language,
            prompt_tokens=len(prompt_ids),
            completion_tokens=len(best.token_ids),
            finish_reason=best.finish_reason,
            ttft_s=before_prefill_s + candidates[0].ttft_s,
            answer_s=perf_counter() - start,
            decode_tokens_per_s=best.decode_tokens_per_s,
        )


class _AnswerStream:
    """Tokens in, code out."""

    def __init__(self, tokenizer: Tokenizer, on_code: Callable[[str], None] | None) -> None:
        self._text = TextStream(tokenizer.decode)
        self._code = CodeStream()
        self._on_code = on_code

    def show(self, step: Step) -> None:
        if self._on_code is not None and step.finish_reason != "stop":
            self._give(self._code.add(self._text.add(step.token_id)))

    def finish(self) -> None:
        if self._on_code is not None:
            self._give(self._code.add(self._text.finish()) + self._code.finish())

    def _give(self, code: str) -> None:
        if code and self._on_code is not None:
            self._on_code(code)
