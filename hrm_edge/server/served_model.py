"""A loaded model with its tokenizer, and how the texts of requests become tokens for it.

Which part of a text is the prompt, read in sight of all of itself, and which the answer, read from left to right,
decides what a score means. `completion_parts` says it once, for generation and for scoring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from hrm_edge.assistant.drawing import Model
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.errors import PromptError
from hrm_edge.local_index import LocalIndex
from hrm_edge.prompt import Rendered, answer_start, chat_frame, stop_ids
from hrm_edge.runtimes.load import OnTensor
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.server.token_texts import TokenTexts
from hrm_edge.tokenizer import ANSWER_TOKEN


@dataclass(frozen=True)
class Parts:
    """Tokens of a text for the model."""

    prompt_ids: tuple[int, ...]
    """The prompt block."""
    begun_ids: tuple[int, ...] = ()
    """What of the answer is given."""
    names: tuple[str, ...] = ()
    """Of the rendered request."""

    @property
    def ids(self) -> tuple[int, ...]:
        """All of them in order."""
        return self.prompt_ids + self.begun_ids


class ServedModel:
    """What the server has loaded. The texts may come from several threads; the runtime is the engine thread's."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.runtime, self.tokenizer = model.runtime, model.tokenizer
        self.token_texts = TokenTexts(model.tokenizer)
        self.stop_ids = stop_ids(model.tokenizer)
        self.context_length = model.runtime.context_length
        # The tokenizer remembers between calls whether special tokens count.
        self._encoding = Lock()
        self._answer_marker = tuple(_answer_marker(model))

    @classmethod
    def load(cls, path: Path, options: RuntimeOptions, *, on_tensor: OnTensor | None = None) -> "ServedModel":
        """Open the model at `path`. Errors as Model.load."""
        return cls(Model.load(path, options, on_tensor=on_tensor))

    def begin(
        self, request: str, settings: Settings, executor: Executor, index: LocalIndex | None
    ) -> tuple[Pursuit, Parts]:
        """A request in the model's own template, with what the index has for it before it; its answer begun with a
        fence of the language that was chosen or that the request asks for.

        Raises:
            PromptError: it does not fit the context.
            CheckpointError: the checkpoint's template is broken.
            DataError: the index is damaged.
        """
        self._check_text(request)
        with self._encoding:
            pursuit = Pursuit.begin(Means(model=self._model, executor=executor, index=index), request, settings)
            parts = self._begun(pursuit, pursuit.prompt)
        return pursuit, self._checked(parts)

    def next_repair(self, pursuit: Pursuit) -> tuple[int, Parts] | None:
        """(number of the trial that is to be mended, what its repairs are drawn from); None as Pursuit.next_repair.

        Raises:
            CheckpointError: the checkpoint's template is broken.
        """
        with self._encoding:
            planned = pursuit.next_repair()
            return None if planned is None else (planned[0].number, self._begun(pursuit, planned[1]))

    def _begun(self, pursuit: Pursuit, prompt: Rendered) -> Parts:
        begun = answer_start(self.tokenizer, pursuit.language) if pursuit.language is not None else []
        return Parts(tuple(prompt.ids), tuple(begun), prompt.names)

    def completion_parts(self, text: str | Sequence[int], *, scored: bool) -> Parts:
        """A text as it stands, in which special tokens count.

        Its prompt is all up to the first answer marker (`<|answer|>`, or what the chat template puts after a request).
        A text without one is all prompt; where the text itself is to be `scored`, its prompt is the first token alone,
        and so it is for models without PrefixLM, where the difference has no meaning.

        Raises:
            PromptError: no token, a token of another vocabulary, or more than the context holds.
        """
        if isinstance(text, str):
            self._check_text(text)
            with self._encoding:
                ids = tuple(self.tokenizer.encode_template(text))
        else:
            ids = tuple(text)
        if not ids:
            raise PromptError("the prompt is empty: give at least one token")
        for token_id in ids:
            self.runtime.check_id(token_id)
        end = self._block_end(ids, scored)
        return self._checked(Parts(ids[:end], ids[end:]))

    def token_count(self, text: str) -> int:
        """Tokens of an answer's text."""
        with self._encoding:
            return len(self.tokenizer.encode(text))

    def _block_end(self, ids: tuple[int, ...], scored: bool) -> int:
        marker = self._answer_marker
        if scored and not self.runtime.architecture.prefix_lm:
            return 1
        if marker:
            for start in range(len(ids) - len(marker) + 1):
                if ids[start : start + len(marker)] == marker:
                    return start + len(marker)
        return 1 if scored else len(ids)

    def _check_text(self, text: str) -> None:
        """Refuse what cannot fit before time is spent on its tokens, and half characters, which JSON allows."""
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise PromptError(f"the prompt is no text at character {error.start}: send whole Unicode") from error
        longest = self.token_texts.longest * self.context_length
        if longest and len(text) > longest:
            raise PromptError(
                f"the prompt has {len(text)} characters and the context of {self.context_length} tokens holds at most "
                f"{longest}: shorten it"
            )

    def _checked(self, parts: Parts) -> Parts:
        if len(parts.ids) > self.context_length:
            raise PromptError(
                f"the prompt has {len(parts.ids)} tokens and the context holds {self.context_length}: shorten it"
            )
        return parts


def _answer_marker(model: Model) -> list[int]:
    if model.chat_template is None:
        return [model.tokenizer.token_id(ANSWER_TOKEN)]
    return model.tokenizer.encode_template(chat_frame(model.chat_template)[1])
