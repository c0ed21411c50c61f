"""The llama.cpp runtime: a GGUF file under the mask its model was trained with.

llama.cpp reads every prompt causally unless it is told otherwise. Here the whole prompt is read in one piece with
causal attention off, and the answer token by token with it on: transformers' `token_type_ids` exactly. A model
trained without PrefixLM is read causally, in pieces.

    with LlamaCppRuntime(Path("model.gguf"), cycles=1) as runtime:
        logits_V = runtime.prefill([0, 17, 1])
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray
from psutil import virtual_memory

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.gguf_names import ARCHITECTURE
from hrm_edge.errors import ArchitectureError, CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.export.gguf import MOST_KV_SLOTS
from hrm_edge.quantize.grid import BLOCK_SIZE
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.llama.batch import LlamaBatch
from hrm_edge.runtimes.llama.context import CELL_STEP, KV_TYPES, MOST_SEQUENCES, NativeContext, worthwhile_threads
from hrm_edge.runtimes.llama.mask import require_trained_mask
from hrm_edge.runtimes.llama.native import NativeModel, llama_library, require_device
from hrm_edge.runtimes.llama.sequence import CAUSAL_PIECE, LlamaSequence
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.processors import physical_cores

KvType = Literal["f32", "f16", "q8_0", "q4_0"]
BLOCK_KV_TYPES = ("q8_0", "q4_0")
MOST_THREADS = 512
"""GGML_MAX_N_THREADS."""

PRODUCTS_PER_THREAD = 25_000_000
"""Multiplications a pass must need for one more thread to pay for its barriers; a nano token has 11 million."""
LARGEST_F16_KV = 64 * 1024
"""Bytes of KV per token (the 27m shape) up to which f16 is the default; above, q8_0 halves them and the speed."""
LEAST_ROWS = 64
"""Tokens that a batch reads in one pass at least, however few its sequences: guesses come in runs."""


class LlamaCppRuntime(HrmRuntime):
    """A model in llama.cpp, which reads one sequence itself and others in batches."""

    threads: int
    """That a single token is computed on; prompts and batches take more where there are cores."""

    name = "llama-cpp"

    def __init__(
        self,
        path: Path,
        *,
        device: str = "cpu",
        cycles: int | None = None,
        threads: int | None = None,
        context_length: int | None = None,
        kv_type: KvType | None = None,
        mapped: bool | None = None,
    ) -> None:
        """Load the GGUF file at `path`; `cycles` replaces the H cycles the model was trained with.

        device: computes every layer. threads: of every pass; if None, one per physical core for long prompts and one
        fewer for answers (LONG_PASS says why), fewer still where there is little to do.
        kv_type: of the cached keys and values; if None, f32 for a file in f32 (who keeps one wants its exactness), else
        f16, or q8_0 above LARGEST_F16_KV. mapped: compute on the file's own pages, which every runtime and process
        with this file shares, at whatever depth; if None, not where the weights are quantized, because llama.cpp reads
        those into a layout that takes the processor a third less time per token, each runtime for itself.

        Raises:
            RuntimeUnavailableError: llama-cpp-python is not installed, was built without the device, has no such KV
                type or number of threads, or cannot load the file.
            CheckpointError: no GGUF file, damaged, or of another architecture.
            ArchitectureError: sizes that llama.cpp or the KV type cannot hold.
        """
        llama_library()
        require_device(device)
        if path.suffix != ".gguf":
            raise CheckpointError(f"{path} is no .gguf file: convert it first with hrm-edge export {path} --to gguf")
        with open_checkpoint(path) as checkpoint:
            trained, self.bits = checkpoint.architecture, checkpoint.bits
        self.architecture = trained if cycles is None else trained.with_cycles(cycles)
        _check_slots(self.architecture)
        self.kv_type = _kv_type(self.architecture, self.bits, kv_type)
        self._tokens_per_thread = _tokens_per_thread(self.architecture) if threads is None else 0
        self._most_threads = physical_cores() if threads is None else _checked_threads(threads)
        self.threads = worthwhile_threads(1, most=self._most_threads, tokens_per_thread=self._tokens_per_thread)
        self._model = NativeModel(
            path,
            on_gpu=device != "cpu",
            mapped=self.bits >= 16 if mapped is None else mapped,
            overrides={
                f"{ARCHITECTURE}.hrm.h_cycles": self.architecture.h_cycles,
                f"{ARCHITECTURE}.block_count": self.architecture.kv_slots,
            },
        )
        self.context_length = self.fitting_context(context_length)
        self._sequence = LlamaSequence(
            self._model,
            context_length=self.context_length,
            threads=self._most_threads,
            tokens_per_thread=self._tokens_per_thread,
            kv_type=self.kv_type,
        )
        self._mask_is_trained = not self.architecture.prefix_lm
        self._batches: WeakSet[LlamaBatch] = WeakSet()
        self._one_thread = OneThread("this llama-cpp runtime")
        self.device = device
        self.position = 0

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
        with self._one_thread:
            self.check_prompt(prompt_ids)
            self.position = 0
            causal = not self.architecture.prefix_lm
            if not self._mask_is_trained:
                self._prove_mask(self._sequence.start(len(prompt_ids), causal=causal))
            logits_V = self._sequence.read_prompt(prompt_ids, causal=causal)
            self.position = len(prompt_ids)
            return logits_V

    def decode(self, token_id: int) -> NDArray[np.float32]:
        """See Runtime.decode."""
        with self._one_thread:
            self.check_room()
            self.check_id(token_id)
            logits_V = self._sequence.read_token(token_id)
            self.position += 1
            return logits_V

    def batch(self, *, capacity: int, context_length: int | None = None) -> LlamaBatch:
        """See HrmRuntime.batch."""
        length = self.context_length if context_length is None else self.fitting_context(context_length)
        self._check_batch(capacity, length)
        piece = length if self.architecture.prefix_lm else min(length, CAUSAL_PIECE)
        most_logits = max(capacity, LEAST_ROWS)
        try:
            context = NativeContext(
                self._model,
                sequences=capacity,
                context_length=length,
                longest_batch=max(piece, most_logits),
                most_logits=most_logits,
                threads=self._most_threads,
                tokens_per_thread=self._tokens_per_thread,
                kv_type=self.kv_type,
            )
        except RuntimeUnavailableError as error:
            raise PromptError(str(error)) from error
        self._prove_mask(context)
        batch = LlamaBatch(
            context,
            capacity=capacity,
            context_length=length,
            vocab_size=self.vocab_size,
            prefix_lm=self.architecture.prefix_lm,
        )
        self._batches.add(batch)
        return batch

    def close(self) -> None:
        """See Runtime.close."""
        with self._one_thread:
            for batch in self._batches:
                batch.close()
            self._sequence.close()
            self._model.close()
            self.position = 0

    def _check_batch(self, capacity: int, length: int) -> None:
        """Raise PromptError unless llama.cpp takes so many sequences and the memory their caches."""
        if not 1 <= capacity <= MOST_SEQUENCES:
            raise PromptError(f"a batch of {capacity} sequences: llama.cpp holds 1 to {MOST_SEQUENCES}")
        cells = -(-length // CELL_STEP) * CELL_STEP
        wanted, free = capacity * cells * self.kv_bytes_per_token, virtual_memory().available
        if self.device == "cpu" and wanted > free:
            raise PromptError(
                f"{capacity} sequences of {length} tokens need {wanted / 1e9:.1f} GB of KV cache and "
                f"{free / 1e9:.1f} GB are free: take fewer or shorter ones"
            )

    def _prove_mask(self, context: NativeContext) -> None:
        """Once per model, in an empty context."""
        if not self._mask_is_trained:
            require_trained_mask(context, self.vocab_size)
            self._mask_is_trained = True


def _tokens_per_thread(architecture: Architecture) -> float:
    """Tokens of a pass that are work enough for one thread."""
    products = architecture.parameter_count(embeddings=False) // 2 * architecture.h_cycles * (architecture.l_cycles + 1)
    return PRODUCTS_PER_THREAD / products


def _checked_threads(threads: int) -> int:
    if not 1 <= threads <= MOST_THREADS:
        raise RuntimeUnavailableError(f"{threads} threads: llama.cpp computes with 1 to {MOST_THREADS}")
    return threads


def _check_slots(architecture: Architecture) -> None:
    if architecture.kv_slots > MOST_KV_SLOTS:
        raise ArchitectureError(
            f"{architecture.h_cycles} cycles need {architecture.kv_slots} KV slots and llama.cpp holds "
            f"{MOST_KV_SLOTS}: choose fewer --cycles or another --runtime"
        )


def _kv_type(architecture: Architecture, bits: int, chosen: KvType | None) -> KvType:
    if chosen is not None and chosen not in KV_TYPES:
        raise RuntimeUnavailableError(f"KV type {chosen!r}: choose one of {', '.join(KV_TYPES)}")
    divides = architecture.head_dim % BLOCK_SIZE == 0
    if chosen in BLOCK_KV_TYPES and not divides:
        raise ArchitectureError(
            f"head_dim is {architecture.head_dim} and {chosen} KV needs a multiple of {BLOCK_SIZE}: choose f16"
        )
    if chosen is not None:
        return chosen
    if bits == 32:
        return "f32"
    return "q8_0" if divides and architecture.kv_bytes_per_token("f16") > LARGEST_F16_KV else "f16"
