"""A context of llama.cpp: the KV caches of one or more sequences and one pass over tokens of any of them.

Each sequence has a cache of its own (`kv_unified` off). In one cache for all, every token looks over the cells of
every sequence to find its own: measured at the embedded model, 16 answers of 200 tokens to one prompt, the last steps
take 23 ms so and 14 apart. The price is that a fork copies the keys and values it has in common with its origin.

Reference: llama.cpp `include/llama.h`.
"""

import ctypes
import weakref
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.llama.native import NativeModel, forget_errors, llama_library, reason

KV_TYPES = {"f32": 0, "f16": 1, "q8_0": 8, "q4_0": 2}
"""Numbers of ggml_type."""
MOST_SEQUENCES = 256
"""LLAMA_MAX_SEQ, which llama.cpp is built with."""
CELL_STEP = 256
"""The room for a sequence is rounded up to a multiple of so many tokens."""
LONG_PASS = 128
"""Tokens of a pass from which every core pays; a shorter one leaves one core to the rest of the machine.

The threads wait for each other after every operation of a graph, hundreds of times in a pass, and when another process
has one of their cores each wait may last a time slice. Measured on two cores with 4-bit files, one token at a time: at
the 27m shape the second thread gives a fifth more while the machine is quiet (175 tokens/s, 147 on one thread) and
takes four fifths with one core loaded (23, 103). Under a heavier load, where no quiet figure could be had, two threads
came to about 1/8 of one at 27m, 1/18 at nano and 1/3 at 1b; libgomp's spins, 3,000 to endless, made no difference; and
a pass of 16 tokens at 27m came to 2/3, of 64 to a half, of 128 to 9/10.
"""
_CLOSED = "the context was closed"
_FLASH_ATTENTION_OFF, _FLASH_ATTENTION_ON = 0, 1
_EVERY_POSITION = -1


def worthwhile_threads(tokens: int, *, most: int, tokens_per_thread: float) -> int:
    """Threads for a pass over `tokens` tokens: `most` if `tokens_per_thread` is 0, which is how a user's own choice
    stands; otherwise so many that each has `tokens_per_thread` of them, and in a short pass one fewer than `most`.
    """
    if tokens_per_thread == 0:
        return most
    cores = most if tokens >= LONG_PASS else most - 1
    return max(1, min(cores, int(tokens / tokens_per_thread)))


class NativeContext:
    """KV caches of `sequences` sequences, named 0, 1, …, and work space for a pass."""

    def __init__(
        self,
        model: NativeModel,
        *,
        context_length: int,
        longest_batch: int,
        threads: int,
        kv_type: str,
        tokens_per_thread: float = 0,
        sequences: int = 1,
        most_logits: int = 1,
    ) -> None:
        """Room for `context_length` tokens of each sequence; a pass reads up to `longest_batch` tokens and gives the
        logits of up to `most_logits` of them. It computes on `threads` threads, or on fewer if each would have less
        than `tokens_per_thread` tokens.

        Raises:
            RuntimeUnavailableError: not enough memory, or sizes that this KV type cannot hold.
        """
        assert model.handle is not None, "the model was closed"
        assert sequences <= MOST_SEQUENCES
        library = llama_library()
        parameters = library.llama_context_default_params()
        parameters.n_ctx = context_length * sequences
        parameters.n_seq_max = sequences
        parameters.kv_unified = False
        parameters.n_batch = parameters.n_ubatch = longest_batch
        parameters.n_outputs_max = most_logits
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.type_k = parameters.type_v = KV_TYPES[kv_type]
        # Measured on one core at the 27m shape: a third faster in f16, required by q8_0, half as fast in f32.
        parameters.flash_attn_type = _FLASH_ATTENTION_OFF if kv_type == "f32" else _FLASH_ATTENTION_ON
        # A build for a GPU would put the cache and long prompts there, whatever holds the weights.
        parameters.offload_kqv = parameters.op_offload = model.on_gpu
        parameters.no_perf = True
        forget_errors()
        handle = library.llama_init_from_model(model.handle, parameters)
        if not handle:
            raise RuntimeUnavailableError(
                f"llama.cpp has no room for {sequences * context_length} tokens with {kv_type} KV{reason()}: "
                "shorten the context or free some memory"
            )
        self.context_length = int(library.llama_n_ctx_seq(handle))
        self.longest_batch = int(library.llama_n_ubatch(handle))
        self._vocab_size = model.vocab_size
        self._threads = self._threads_now = threads
        self._tokens_per_thread = tokens_per_thread
        self._most_logits = min(most_logits, self.longest_batch)
        self._library = library
        self._handle: Any = handle
        self._logit_views: dict[tuple[int, int], NDArray[np.float32]] = {}
        self._rows = _TokenRows(library, self.longest_batch)
        self._free = weakref.finalize(self, _free_context, library, handle, model)

    @property
    def _memory(self) -> Any:
        assert self._handle is not None, _CLOSED
        return self._library.llama_get_memory(self._handle)

    def clear(self) -> None:
        """Forget every token of every sequence."""
        self._library.llama_memory_clear(self._memory, False)

    def cut(self, sequence: int, length: int) -> None:
        """Forget all but the first `length` tokens of a sequence."""
        self._library.llama_memory_seq_rm(self._memory, sequence, length, _EVERY_POSITION)

    def copy(self, source: int, target: int) -> None:
        """Give `target`, which forgets its own, what `source` has read; the values are copied before the next pass."""
        self._library.llama_memory_seq_cp(self._memory, source, target, _EVERY_POSITION, _EVERY_POSITION)

    def read(self, ids: Sequence[int], position: int, *, causal: bool, sequence: int = 0) -> NDArray[np.float32]:
        """Append tokens to a sequence that has read `position` of them; the logits [V] after the last. Not causal: one
        bidirectional block.

        Raises:
            RuntimeUnavailableError: llama.cpp gave up.
        """
        count = len(ids)
        self._rows.wanted[: count - 1] = 0
        self._rows.wanted[count - 1] = 1
        positions = range(position, position + count) if count > 1 else position
        logits_V: NDArray[np.float32] = self._read(ids, positions, sequence, causal=causal, wanted=1)[0]
        return logits_V

    def read_each(self, ids: Sequence[int], positions: Sequence[int], sequences: Sequence[int]) -> NDArray[np.float32]:
        """Append tokens to several sequences, those of one in order; the logits [T, V] after each of them. One pass
        where `most_logits` allows.

        Raises:
            RuntimeUnavailableError: llama.cpp gave up.
        """
        most = self._most_logits
        self._rows.wanted[:most] = 1
        if len(ids) <= most:
            return self._read(ids, positions, sequences, causal=True, wanted=len(ids))
        pieces = [slice(start, min(start + most, len(ids))) for start in range(0, len(ids), most)]
        return np.concatenate(
            [
                self._read(ids[piece], positions[piece], sequences[piece], causal=True, wanted=piece.stop - piece.start)
                for piece in pieces
            ]
        )

    def _read(
        self,
        ids: Sequence[int],
        positions: Sequence[int] | int,
        sequences: Sequence[int] | int,
        *,
        causal: bool,
        wanted: int,
    ) -> NDArray[np.float32]:
        library, rows, count = self._library, self._rows, len(ids)
        assert self._handle is not None, _CLOSED
        assert 0 < count <= self.longest_batch  # beyond, llama.cpp ends the process
        rows.token[:count], rows.position[:count], rows.sequence[:count] = ids, positions, sequences
        rows.batch.n_tokens = count
        self._take_threads(count)
        library.llama_set_causal_attn(self._handle, causal)
        forget_errors()
        status = library.llama_decode(self._handle, rows.batch)
        if status:
            raise RuntimeUnavailableError(f"llama.cpp could not read {count} tokens: status {status}{reason()}")
        return self._logits(wanted).copy()  # llama.cpp's own memory, which the next pass overwrites

    def _take_threads(self, tokens: int) -> None:
        threads = worthwhile_threads(tokens, most=self._threads, tokens_per_thread=self._tokens_per_thread)
        if threads != self._threads_now:
            self._library.llama_set_n_threads(self._handle, threads, threads)
            self._threads_now = threads

    def _logits(self, count: int) -> NDArray[np.float32]:
        """A view [T, V] of the last pass's logits. Kept while they stay in place: to make one takes a hundredth of the
        embedded model's time per token.
        """
        logits = self._library.llama_get_logits(self._handle)
        place = (ctypes.addressof(logits.contents), count)
        if place not in self._logit_views:
            self._logit_views.clear()
            self._logit_views[place] = np.ctypeslib.as_array(logits, (count, self._vocab_size))
        return self._logit_views[place]

    def sequence_state(self) -> NDArray[np.uint8]:
        """Keys and values of everything sequence 0 read, for `restore_sequence` of a context of the same KV type."""
        size = self._library.llama_state_seq_get_size(self._handle, 0)
        state = np.empty(size, np.uint8)
        written = self._library.llama_state_seq_get_data(self._handle, _bytes_of(state), size, 0)
        assert written == size
        return state

    def restore_sequence(self, state: NDArray[np.uint8]) -> None:
        """Take over what another context's sequence 0 read; this one must have room for it."""
        read = self._library.llama_state_seq_set_data(self._handle, _bytes_of(state), state.size, 0)
        assert read == state.size

    def close(self) -> None:
        """Free the caches; twice is fine."""
        self._free()
        self._handle = None


class _TokenRows:
    """A llama_batch over numpy arrays, which are filled a slice at a time instead of a value at a time."""

    def __init__(self, library: ModuleType, count: int) -> None:
        self.token = np.zeros(count, np.int32)
        self.position = np.zeros(count, np.int32)
        self.sequence = np.zeros(count, np.int32)
        self.wanted = np.zeros(count, np.int8)
        self._names_per_token = np.ones(count, np.int32)
        self._name_addresses = self.sequence.ctypes.data + self.sequence.itemsize * np.arange(count, dtype=np.uintp)
        self.batch = library.llama_batch()
        for field, array in (
            ("token", self.token),
            ("pos", self.position),
            ("n_seq_id", self._names_per_token),
            ("seq_id", self._name_addresses),
            ("logits", self.wanted),
        ):
            setattr(self.batch, field, ctypes.cast(array.ctypes.data, type(getattr(self.batch, field))))


def _bytes_of(array: NDArray[np.uint8]) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


def _free_context(library: ModuleType, handle: Any, _model: NativeModel) -> None:
    """`_model` is a parameter so that it outlives its context."""
    library.llama_free(handle)
