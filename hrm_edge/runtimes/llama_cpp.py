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

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.gguf_names import ARCHITECTURE
from hrm_edge.errors import ArchitectureError, CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.export.gguf import MOST_KV_SLOTS
from hrm_edge.quantize.grid import BLOCK_SIZE
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.llama_batch import LlamaBatch
from hrm_edge.runtimes.llama_context import MOST_SEQUENCES, NativeContext
from hrm_edge.runtimes.llama_native import NativeModel, llama_library, require_device
from hrm_edge.runtimes.llama_sequence import CAUSAL_PIECE, LlamaSequence
from hrm_edge.runtimes.processors import physical_cores

KvType = Literal["f32", "f16", "q8_0"]

PRODUCTS_PER_THREAD = 25_000_000
"""Multiplications a token must need for one more thread to pay for its barriers; the nano shape has 11 million."""
LARGEST_F16_KV = 64 * 1024
"""Bytes of KV per token (the 27m shape) up to which f16 is the default; above, q8_0 halves them and the speed."""
LEAST_ROWS = 64
"""Tokens that a batch reads in one pass at least, however few its sequences: guesses come in runs."""


class LlamaCppRuntime(HrmRuntime):
    """One sequence at a time through llama.cpp."""

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
    ) -> None:
        """Load the GGUF file at `path`; `cycles` replaces the H cycles the model was trained with.

        threads: one per physical core if None, fewer for a small model. kv_type: of the cached keys and values; if
        None, f32 for a file in f32 (who keeps one wants its exactness), else f16, or q8_0 above LARGEST_F16_KV.

        Raises:
            RuntimeUnavailableError: llama-cpp-python is not installed, was built without the device, or cannot load
                the file.
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
        self._model = NativeModel(
            path,
            on_gpu=device != "cpu",
            # llama.cpp repacks quantized weights for the processor: mapped, they would be in memory twice.
            mapped=self.bits >= 16,
            overrides={
                f"{ARCHITECTURE}.hrm.h_cycles": self.architecture.h_cycles,
                f"{ARCHITECTURE}.block_count": self.architecture.kv_slots,
            },
        )
        self.threads = _worthwhile_threads(self.architecture) if threads is None else threads
        self.context_length = self.fitting_context(context_length)
        self._sequence = LlamaSequence(
            self._model, context_length=self.context_length, threads=self.threads, kv_type=self.kv_type
        )
        self._mask_is_trained = not self.architecture.prefix_lm
        self._batches: WeakSet[LlamaBatch] = WeakSet()
        self.device = device
        self.position = 0

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
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
        self.check_room()
        self.check_id(token_id)
        logits_V = self._sequence.read_token(token_id)
        self.position += 1
        return logits_V

    def batch(self, *, capacity: int, context_length: int | None = None) -> LlamaBatch:
        """See HrmRuntime.batch."""
        length = self.context_length if context_length is None else self.fitting_context(context_length)
        _check_capacity(capacity)
        piece = length if self.architecture.prefix_lm else min(length, CAUSAL_PIECE)
        most_logits = max(capacity, LEAST_ROWS)
        try:
            context = NativeContext(
                self._model,
                sequences=capacity,
                context_length=length,
                longest_batch=max(piece, most_logits),
                most_logits=most_logits,
                threads=self.threads,
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
        for batch in self._batches:
            batch.close()
        self._sequence.close()
        self._model.close()
        self.position = 0

    def _prove_mask(self, context: NativeContext) -> None:
        """Once per model, in an empty context."""
        if not self._mask_is_trained:
            _require_trained_mask(context, self.vocab_size)
            self._mask_is_trained = True


def _worthwhile_threads(architecture: Architecture) -> int:
    """One thread per core, as far as a token has work for them."""
    products = architecture.parameter_count(embeddings=False) // 2 * architecture.h_cycles * (architecture.l_cycles + 1)
    return max(1, min(physical_cores(), products // PRODUCTS_PER_THREAD))


def _check_slots(architecture: Architecture) -> None:
    if architecture.kv_slots > MOST_KV_SLOTS:
        raise ArchitectureError(
            f"{architecture.h_cycles} cycles need {architecture.kv_slots} KV slots and llama.cpp holds "
            f"{MOST_KV_SLOTS}: choose fewer --cycles or another --runtime"
        )


def _check_capacity(capacity: int) -> None:
    if not 1 <= capacity <= MOST_SEQUENCES:
        raise PromptError(f"{capacity} sequences side by side: llama.cpp holds 1 to {MOST_SEQUENCES}")


def _kv_type(architecture: Architecture, bits: int, chosen: KvType | None) -> KvType:
    divides = architecture.head_dim % BLOCK_SIZE == 0
    if chosen == "q8_0" and not divides:
        raise ArchitectureError(
            f"head_dim is {architecture.head_dim} and q8_0 KV needs a multiple of {BLOCK_SIZE}: choose f16"
        )
    if chosen is not None:
        return chosen
    if bits == 32:
        return "f32"
    return "q8_0" if divides and architecture.kv_bytes_per_token("f16") > LARGEST_F16_KV else "f16"


def _require_trained_mask(context: NativeContext, vocab_size: int) -> None:
    """Refuse a llama.cpp that reads a prompt causally whatever it is told.

    It is asked, not looked up by version: two tokens are read with causal attention off and on. If that makes no
    difference, either every prompt is one block (a llama.cpp that forces the mask itself: fine) or every prompt is
    causal; tokens read one by one, which is causal by nature, tell which.

    Raises:
        RuntimeUnavailableError: the trained mask cannot be had.
    """
    ids = [0, vocab_size - 1]
    block_V, causal_V = (_read_afresh(context, [ids], causal=causal) for causal in (False, True))
    if np.array_equal(block_V, causal_V):
        one_by_one_V = _read_afresh(context, [ids[:1], ids[1:]], causal=True)
        if np.abs(block_V - one_by_one_V).max() <= 1e-3 * np.abs(one_by_one_V).max():
            raise RuntimeUnavailableError(
                "this llama.cpp reads every prompt causally and the model was trained with PrefixLM: "
                "its answers would be wrong; choose another --runtime or another llama-cpp-python"
            )
    context.clear()


def _read_afresh(context: NativeContext, pieces: Sequence[Sequence[int]], *, causal: bool) -> NDArray[np.float32]:
    context.clear()
    position = 0
    for piece in pieces:
        logits_V = context.read(piece, position, causal=causal)
        position += len(piece)
    return logits_V
