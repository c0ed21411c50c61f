"""One sequence in llama.cpp, in memory that follows the conversation.

The KV cache is made for the prompt and ANSWER_ROOM tokens after it, and grows once, to the whole context, if an answer
needs more. At the 1b shape that is 0.25 GB instead of 0.8 for a short request.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.llama.context import NativeContext
from hrm_edge.runtimes.llama.native import NativeModel

ANSWER_ROOM = 512
"""Tokens of answer for which the first KV cache has room."""
CAUSAL_PIECE = 512
"""Prompt tokens read at once where the mask is causal anyway."""
BATCH_STEP = 64
"""The longest batch is a multiple of this, so that prompts of like lengths share a context."""


class LlamaSequence:
    """What one model has read; `position` tokens of it."""

    def __init__(
        self, model: NativeModel, *, context_length: int, threads: int, kv_type: str, tokens_per_thread: float = 0
    ) -> None:
        """`threads` and `tokens_per_thread` as in NativeContext."""
        self._model = model
        self._context_length = context_length
        self._threads = threads
        self._tokens_per_thread = tokens_per_thread
        self._kv_type = kv_type
        self._context: NativeContext | None = None
        self.position = 0

    def start(self, prompt_length: int, *, causal: bool) -> NativeContext:
        """An empty context with room for the prompt and a first answer: the one at hand or a new one."""
        self.position = 0
        longest_batch = -(-_piece(prompt_length, causal) // BATCH_STEP) * BATCH_STEP
        room = max(longest_batch, min(self._context_length, prompt_length + ANSWER_ROOM))
        context = self._context
        if context is not None and context.context_length >= room and context.longest_batch >= longest_batch:
            context.clear()
            return context
        self.close()
        self._context = self.new_context(room, longest_batch)
        return self._context

    def read_prompt(self, prompt_ids: Sequence[int], *, causal: bool) -> NDArray[np.float32]:
        """Forget everything and read a prompt, as one bidirectional block or causally in pieces; its last logits [V].

        Raises:
            RuntimeUnavailableError: no memory, or llama.cpp gave up.
        """
        context = self.start(len(prompt_ids), causal=causal)
        step = _piece(len(prompt_ids), causal)
        for start in range(0, len(prompt_ids), step):
            logits_V = context.read(prompt_ids[start : start + step], start, causal=causal)
        self.position = len(prompt_ids)
        return logits_V

    def read_token(self, token_id: int) -> NDArray[np.float32]:
        """Append one token; the logits [V] that follow it.

        Raises:
            PromptError: there is no prompt to continue.
            RuntimeUnavailableError: no memory, or llama.cpp gave up.
        """
        if self._context is None:
            raise PromptError("there is no prompt to continue: prefill one first")
        if self.position == self._context.context_length:
            self._context = self._grown(self._context)
        logits_V = self._context.read([token_id], self.position, causal=True)
        self.position += 1
        return logits_V

    def close(self) -> None:
        """Free the KV cache; twice is fine."""
        if self._context is not None:
            self._context.close()
            self._context = None
        self.position = 0

    def new_context(self, context_length: int, longest_batch: int) -> NativeContext:
        """An empty context of the model."""
        return NativeContext(
            self._model,
            context_length=context_length,
            longest_batch=longest_batch,
            threads=self._threads,
            tokens_per_thread=self._tokens_per_thread,
            kv_type=self._kv_type,
        )

    def _grown(self, context: NativeContext) -> NativeContext:
        """A context of the full length with everything that was read so far."""
        state = context.sequence_state()
        longest_batch = context.longest_batch
        context.close()
        grown = self.new_context(self._context_length, longest_batch)
        grown.restore_sequence(state)
        return grown


def _piece(prompt_length: int, causal: bool) -> int:
    """Prompt tokens that are read at once: all of a bidirectional block."""
    return CAUSAL_PIECE if causal else prompt_length
