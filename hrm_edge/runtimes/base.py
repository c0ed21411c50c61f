"""The one interface of all runtimes: prefill a prompt, then decode token by token.

`HrmRuntime` runs the models this package is made for; `Runtime` is what is true of any other model as well, so that
`hrm-edge bench` can set one beside ours.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.token_ids import check_token_id

RUNTIME_NAMES = ("onnx", "llama-cpp", "torch")
Cycles = int | Literal["auto"]
"""H cycles to run: a number, or as many as the model's halting head finds right for each prompt."""


class Runtime(ABC):
    """A model loaded for one sequence at a time, with its KV cache.

    `position` counts the tokens in the cache: prompt and answer so far.
    """

    name: str
    device: str
    bits: int
    context_length: int
    """Tokens of prompt and answer together that fit; never more than longest_context."""
    position: int
    kv_type: str = "f32"
    """Of the cached keys and values, as in architecture.KV_BYTES_PER_VALUE."""

    @property
    @abstractmethod
    def vocab_size(self) -> int:
        """Number of logits, and of token ids that can be read."""

    @property
    @abstractmethod
    def longest_context(self) -> int:
        """Tokens of prompt and answer together that the model was made for."""

    @property
    @abstractmethod
    def kv_bytes_per_token(self) -> int:
        """Bytes of keys and values that one token occupies here, in `kv_type`."""

    @abstractmethod
    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """Forget what came before, read the whole prompt under the trained mask, return its last logits [V].

        The prompt is one bidirectional block where the model's architecture says prefix_lm, causal otherwise.

        Raises:
            PromptError: the prompt is empty, longer than the context or holds a token outside the vocabulary.
        """

    @abstractmethod
    def decode(self, token_id: int) -> NDArray[np.float32]:
        """Append one answer token (causal) and return the logits [V] that follow it.

        Raises:
            PromptError: the context is full, or the token is outside the vocabulary.
        """

    @abstractmethod
    def close(self) -> None:
        """Free the model. Safe to call twice."""

    def fitting_context(self, asked: int | None) -> int:
        """The context length to use: what was asked for, never more than the model was made for."""
        return self.longest_context if asked is None else min(asked, self.longest_context)

    def check_prompt(self, prompt_ids: Sequence[int]) -> None:
        """Raise PromptError unless the prompt has a token, fits the context and is of this vocabulary."""
        if not prompt_ids:
            raise PromptError("the prompt is empty: give at least one token")
        if len(prompt_ids) > self.context_length:
            raise PromptError(
                f"the prompt has {len(prompt_ids)} tokens and the context holds {self.context_length}: "
                "shorten the prompt"
            )
        for token_id in (min(prompt_ids), max(prompt_ids)):
            self.check_id(token_id)

    def check_id(self, token_id: int) -> None:
        """Raise PromptError unless the token is of this vocabulary."""
        check_token_id(token_id, self.vocab_size)

    def check_room(self) -> None:
        """Raise PromptError unless one more token fits."""
        if self.position >= self.context_length:
            raise PromptError(f"the context is full at {self.context_length} tokens: shorten the prompt or the answer")

    def __enter__(self) -> "Runtime":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class HrmRuntime(Runtime):
    """A runtime of Hierarchical Reasoning Models."""

    architecture: Architecture

    @abstractmethod
    def batch(self, *, capacity: int, context_length: int | None = None) -> Batch:
        """Room for `capacity` sequences of `context_length` tokens each (None: the runtime's own), apart from the one
        that `prefill` and `decode` of the runtime read.

        Raises:
            PromptError: no memory for so many tokens.
        """

    @property
    def cycles(self) -> int:
        """H cycles that the sequence at hand runs."""
        return self.architecture.h_cycles

    @property
    def vocab_size(self) -> int:
        """See Runtime.vocab_size."""
        return self.architecture.vocab_size

    @property
    def longest_context(self) -> int:
        """See Runtime.longest_context."""
        return self.architecture.max_position_embeddings

    @property
    def kv_bytes_per_token(self) -> int:
        """See Runtime.kv_bytes_per_token."""
        return self.architecture.kv_bytes_per_token(self.kv_type)
