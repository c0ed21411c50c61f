"""From a request to an answer with a loaded model: the part that `run` and its interactive prompt share."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from hrm_edge.assistant.assistant import answer
from hrm_edge.assistant.drawing import Drawing, Model
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.given_tests import GivenTests
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.assistant.search import Searched, search
from hrm_edge.assistant.trials import Answered, Trial
from hrm_edge.delexicalization.lexicalize import NameStream
from hrm_edge.languages import find_language
from hrm_edge.local_index import LocalIndex
from hrm_edge.runtimes.generation import Step
from hrm_edge.runtimes.load import OnTensor
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.streams import CodeStream, TextStream
from hrm_edge.tokenizer import Tokenizer

OnCode = Callable[[str, str | None], None]
"""Gets a piece of code and the language that its fence names."""
_FENCE = re.compile(r"```([^\n`]*)\n")


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How an answer is sought."""

    settings: Settings
    searches: bool = False
    """A tree search in place of one batch and its repairs."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer and its times, which run from the submission of the request."""

    answered: Answered
    text: str
    """The answer as the model wrote it, fence and all: edits name their file before it."""
    searched: Searched | None
    ttft_s: float | None
    """To the first token that the model chose; None where it was not asked, as the answer was looked up."""
    answer_s: float
    """To the end of the answer, all candidates, runs and repairs included."""
    streamed: bool
    """Whether the code was given out as it came."""


class Answerer:
    """A loaded model with what its answers are looked up in and run with."""

    def __init__(self, path: Path, model: Model, options: RuntimeOptions) -> None:
        """`options`: what the model was opened with; the other depths of a search are too."""
        self.path, self.runtime = path, model.runtime
        self._model, self._options = model, options
        self._open = ExitStack()
        self._open.callback(model.runtime.close)
        self._executor = self._open.enter_context(Executor())
        self._index: LocalIndex | None = None
        self._shallower: list[Model] | None = None

    @classmethod
    def load(cls, path: Path, options: RuntimeOptions, *, on_tensor: OnTensor | None = None) -> "Answerer":
        """Open the model at `path`. Errors as Model.load."""
        return cls(path, Model.load(path, options, on_tensor=on_tensor), options)

    def __enter__(self) -> "Answerer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def answer(
        self,
        request: str,
        asking: Asking,
        *,
        tests: GivenTests | None = None,
        on_code: OnCode | None = None,
        on_trial: Callable[[Trial], None] | None = None,
    ) -> Outcome:
        """Answer one request.

        Args:
            tests: what the answer must pass, in place of examples in the request.
            on_code: gets the code of a single candidate as it arrives.
            on_trial: hears of each candidate once it was tried.

        Raises:
            PromptError: the request does not fit the context.
            CheckpointError: the tokenizer or the weights are damaged.
            DataError: the local index is damaged.
        """
        means = Means(model=self._model, executor=self._executor, index=self._index_for(asking.settings))
        pursuit = Pursuit.begin(means, request, asking.settings, tests=tests, on_trial=on_trial)
        alone = pursuit.candidates == 1 and not asking.searches
        watch = _Watch(self._model.tokenizer, pursuit.prompt.names, pursuit.elapsed_s, on_code if alone else None)
        searched = None
        try:
            if asking.searches:
                searched = search(pursuit, other_depths=self._other_depths(), on_step=watch.step)
                answered = searched.answered
            else:
                answered = answer(pursuit, on_step=watch.step)
        except KeyboardInterrupt:
            self.restart_sandboxes()
            raise
        watch.finish()
        return Outcome(
            answered=answered,
            text=answered.chosen.candidate.text,
            searched=searched,
            ttft_s=watch.ttft_s,
            answer_s=pursuit.elapsed_s(),
            streamed=watch.shown == answered.answer,
        )

    def restart_sandboxes(self) -> None:
        """After Ctrl-C: a sandbox that was left in the middle of a run would give that run's verdict to the next."""
        self._executor.close()

    def _index_for(self, settings: Settings) -> LocalIndex | None:
        """The index, opened when a request first wants it."""
        wanted = settings.neighbours or settings.looked_up
        if wanted and self._index is None:
            self._index = self._open.enter_context(LocalIndex())
        return self._index if wanted else None

    def _other_depths(self) -> list[Model]:
        """The same weights at fewer cycles, for a search; loaded once."""
        if self._shallower is None:
            self._shallower = []
            for cycles in range(self.runtime.architecture.h_cycles - 1, 0, -1):
                model = Model.load(self.path, replace(self._options, cycles=cycles))
                self._open.callback(model.runtime.close)
                self._shallower.append(model)
        return self._shallower


class _Watch:
    """The first candidate as it is written: when its first token came, and its code for whoever wants it."""

    def __init__(
        self, tokenizer: Tokenizer, names: Sequence[str], elapsed_s: Callable[[], float], on_code: OnCode | None
    ) -> None:
        self._elapsed_s = elapsed_s
        self._text, self._names, self._code = TextStream(tokenizer.decode), NameStream(names), CodeStream()
        self._on_code = on_code
        self._before_code = ""
        self.ttft_s: float | None = None
        self.shown = ""

    def step(self, number: int, step: Step) -> None:
        """A token of a candidate."""
        if not step.forced and self.ttft_s is None:
            self.ttft_s = self._elapsed_s()
        if number == 0 and self._on_code is not None and step.finish_reason != "stop":
            text = self._names.add(self._text.add(step.token_id))
            if not self.shown:
                self._before_code += text
            self._give(self._code.add(text))

    def finish(self) -> None:
        """Nothing more comes."""
        if self._on_code is not None:
            self._give(self._code.add(self._names.add(self._text.finish())) + self._code.finish())

    def _give(self, code: str) -> None:
        if code and self._on_code is not None:
            self.shown += code
            fence = _FENCE.search(self._before_code)
            row = find_language(fence[1]) if fence else None
            self._on_code(code, None if row is None else row.name)


def drawing_of(*, max_tokens: int, temperature: float | None, top_p: float, seed: int | None) -> Drawing:
    """How candidates are drawn, from what a user said of it; None where nothing was said."""
    drawing = Drawing(max_tokens=max_tokens, top_p=top_p, seed=seed)
    if temperature is None:
        return drawing
    # A temperature that is asked for is that of all candidates, the first included.
    return replace(drawing, temperature=temperature, greedy_first=False)
