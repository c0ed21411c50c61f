"""Several sequences side by side in one KV cache, each at its own length.

    with runtime.batch(capacity=16) as batch:
        first, logits_V = batch.prefill(prompt_ids)
        sequences = [first, *batch.fork(first, 15)]
        logits = batch.decode({sequence: [token] for sequence, token in zip(sequences, tokens)})

A prompt is read once, however many answers it gets; sequences come and go while others go on; and a sequence may be
fed several tokens at once, whose logits say at which of them a guess went wrong: `rewind` takes the rest back. Many
samples of one prompt, a server that batches its clients and decoding by guesses all stand on these five methods.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType

import numpy as np
from numpy.typing import NDArray


class Batch(ABC):
    """Sequences of one loaded model, which it shares weights with. One thread at a time.

    A sequence is named by a number that `prefill` or `fork` gave out and that counts until `free`.
    """

    capacity: int
    """Sequences that it holds at most."""
    token_cost: float = 0.35
    """What one more token adds to a pass, in passes over one token (benchmarks/decoding.py measures it): the price of a
    guess."""
    context_length: int
    """Tokens of prompt and answer together that each sequence has room for."""

    @abstractmethod
    def prefill(self, prompt_ids: Sequence[int]) -> tuple[int, NDArray[np.float32]]:
        """Read a prompt as a new sequence under the trained mask, as `Runtime.prefill` does: its name, and its last
        logits [V].

        Raises:
            PromptError: as `Runtime.prefill`, or every place is taken.
        """

    @abstractmethod
    def fork(self, sequence: int, count: int) -> list[int]:
        """`count` new sequences that have read what this one has.

        Raises:
            PromptError: so many places are not free.
        """

    @abstractmethod
    def decode(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """Append answer tokens, each of which sees what lies before it, to some of the sequences, all in one pass.

        Returns:
            For each sequence the logits [T, V] that follow each of its T tokens; the caller's to keep.

        Raises:
            PromptError: a context has no room for its tokens, or a token is outside the vocabulary. Nothing is read.
        """

    @abstractmethod
    def rewind(self, sequence: int, length: int) -> None:
        """Forget all but the first `length` tokens, which are no fewer than the prompt's."""

    @abstractmethod
    def length(self, sequence: int) -> int:
        """Tokens that the sequence has read, prompt and answer."""

    @abstractmethod
    def free(self, sequence: int) -> None:
        """End a sequence: its place can be taken by another."""

    @abstractmethod
    def close(self) -> None:
        """Free the cache; the model stays loaded. Safe to call twice."""

    def __enter__(self) -> "Batch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
