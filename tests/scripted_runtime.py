"""A runtime that writes given answers: what is under test is everything around the model.

    runtime, tokenizer = scripted("def f(a):\\n    return 1", "def f(a):\\n    return 2")

Each prompt that is read gets the next answer of the script; the last one goes on for ever. An answer may be a function
of the prompt. The runtime is real in all
else: it is prefilled and decoded token by token, and keeps to its context.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from random_models import CORPUS

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.prompt import fenced
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.tokenizer import END_TOKEN, Tokenizer
from hrm_edge.train.tokenizer_training import train_tokenizer

VOCABULARY = 320
Reply = str | Callable[[str], str]


def tiny_tokenizer() -> Tokenizer:
    """Ours, with bytes and a few merges."""
    return Tokenizer.from_json(train_tokenizer(CORPUS, VOCABULARY).to_json())


class ScriptedRuntime(HrmRuntime):
    """Writes the script's answers, whatever it is asked."""

    name, device, bits, architecture = "scripted", "cpu", 32, PRESETS["nano"]

    def __init__(self, tokenizer: Tokenizer, answers: Sequence[Reply], *, language: str, context_length: int) -> None:
        self.context_length, self.position, self._tokenizer = context_length, 0, tokenizer
        self._answers, self._language = answers, language
        self._left: list[int] = []
        self.prompts: list[str] = []
        """What was asked, in order."""

    def _ids(self, answer: str) -> list[int]:
        start = f"```{self._language}\n"
        rest = fenced(answer, self._language).removeprefix(start)
        return [
            *self._tokenizer.encode(start),
            *self._tokenizer.encode_template(rest),
            self._tokenizer.token_id(END_TOKEN),
        ]

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        self.check_prompt(prompt_ids)
        self.prompts.append(self._tokenizer.decode(prompt_ids))
        reply = self._answers[min(len(self.prompts), len(self._answers)) - 1]
        self._left = self._ids(reply if isinstance(reply, str) else reply(self.prompts[-1]))
        self.position = len(prompt_ids)
        return self._logits()

    def decode(self, token_id: int) -> NDArray[np.float32]:
        self.check_room()
        assert token_id == self._left[0], "the script is followed"
        self._left.pop(0)
        self.position += 1
        return self._logits()

    def batch(self, *, capacity: int, context_length: int | None = None) -> Batch:  # noqa: ARG002
        raise RuntimeUnavailableError("the script is read by one answer at a time")

    def close(self) -> None: ...

    def _logits(self) -> NDArray[np.float32]:
        logits_V = np.zeros(self.vocab_size, np.float32)
        logits_V[self._left[0]] = 60.0
        return logits_V


def scripted(
    *answers: Reply, language: str = "python", context_length: int = 8192, names: bool = False
) -> tuple[ScriptedRuntime, Tokenizer]:
    """The runtime and its tokenizer, which has tokens for `names` or not."""
    tokenizer = tiny_tokenizer().with_names() if names else tiny_tokenizer()
    return ScriptedRuntime(tokenizer, answers, language=language, context_length=context_length), tokenizer
