"""A language model in ten lines of numpy, alone and in a batch: the reference of everything that decodes.

Its logits are a function of the whole context: noise drawn from a hash of it, and a bonus for the token that followed
the longest earlier occurrence of the context's end, as trained models copy (Olsson et al. 2022, "induction heads").
The batch keeps each sequence as a list of tokens, so that whatever is taken back leaves no trace, and holds its caller
to the contract of hrm_edge.runtimes.batch.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import PromptError
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.batch import Batch


def context_logits(context: Sequence[int], *, vocab_size: int, copying: float, seed: int):
    """Logits [V] that follow the context."""
    noise = np.random.default_rng([seed, zlib.crc32(np.array(context, np.int64).tobytes())])
    logits = noise.standard_normal(vocab_size).astype(np.float32)
    for length in range(min(4, len(context) - 1), 0, -1):
        ends = [e for e in range(length, len(context)) if context[e - length : e] == context[-length:]]
        if ends:
            logits[context[ends[0]]] += copying * length
            break
    return logits


class ContextModel(HrmRuntime):
    """That function as a runtime."""

    name, device, bits, architecture = "context", "cpu", 32, PRESETS["nano"]

    def __init__(self, *, vocab_size: int = 12, copying: float = 2.0, seed: int = 0, context_length: int = 200) -> None:
        self.shape = {"vocab_size": vocab_size, "copying": copying, "seed": seed}
        self.context_length = context_length
        self.position = 0
        self.read: list[int] = []

    @property
    def vocab_size(self) -> int:
        return self.shape["vocab_size"]

    def prefill(self, prompt_ids: Sequence[int]):
        self.check_prompt(prompt_ids)
        self.read, self.position = list(prompt_ids), len(prompt_ids)
        return self.logits(self.read)

    def decode(self, token_id: int):
        self.check_room()
        self.check_id(token_id)
        self.read.append(token_id)
        self.position += 1
        return self.logits(self.read)

    def logits(self, context: Sequence[int]):
        return context_logits(list(context), **self.shape)

    def batch(self, *, capacity: int, context_length: int | None = None) -> "ContextBatch":
        return ContextBatch(self, capacity, context_length or self.context_length)

    def close(self) -> None: ...


class ContextBatch(Batch):
    """Sequences of it; `prefills` and `passes` count what would cost a real model time."""

    def __init__(self, model: ContextModel, capacity: int, context_length: int) -> None:
        self.model, self.capacity, self.context_length = model, capacity, context_length
        self.sequences: dict[int, list[int]] = {}
        self.prompt_lengths: dict[int, int] = {}
        self.prefills: list[tuple[int, ...]] = []
        self.passes: list[dict[int, list[int]]] = []
        self._given = 0

    def prefill(self, prompt_ids: Sequence[int]):
        self.model.check_prompt(prompt_ids)
        name = self._new(list(prompt_ids), len(prompt_ids))
        self.prefills.append(tuple(prompt_ids))
        return name, self.model.logits(prompt_ids)

    def fork(self, sequence: int, count: int) -> list[int]:
        return [self._new(list(self.sequences[sequence]), self.prompt_lengths[sequence]) for _ in range(count)]

    def decode(self, tokens):
        for name, more in tokens.items():
            assert more, "a sequence that is decoded has a token"
            if len(self.sequences[name]) + len(more) > self.context_length:
                raise PromptError("the context is full")
            for token in more:
                self.model.check_id(token)
        self.passes.append({name: list(more) for name, more in tokens.items()})
        return {name: np.stack([self._read(name, token) for token in more]) for name, more in tokens.items()}

    def rewind(self, sequence: int, length: int) -> None:
        assert self.prompt_lengths[sequence] <= length <= len(self.sequences[sequence])
        del self.sequences[sequence][length:]

    def length(self, sequence: int) -> int:
        return len(self.sequences[sequence])

    def free(self, sequence: int) -> None:
        del self.sequences[sequence], self.prompt_lengths[sequence]

    def close(self) -> None:
        self.sequences.clear()

    def _new(self, context: list[int], prompt_length: int) -> int:
        if len(self.sequences) == self.capacity:
            raise PromptError(f"{self.capacity} sequences are taken")
        self._given += 1
        self.sequences[self._given], self.prompt_lengths[self._given] = context, prompt_length
        return self._given

    def _read(self, name: int, token: int):
        self.sequences[name].append(token)
        return self.model.logits(self.sequences[name])
