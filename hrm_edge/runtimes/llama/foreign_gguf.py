"""Models of other architectures through llama.cpp, for `hrm-edge bench` to set beside ours: plain causal attention.

with ForeignGgufRuntime(Path("qwen2.5-coder-0.5b.gguf")) as runtime:
    logits_V = runtime.prefill(ForeignDialogue(runtime).encode_request("find all files").ids)
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.foreign_gguf import read_foreign_gguf
from hrm_edge.errors import ArchitectureError
from hrm_edge.prompt import Rendered, chat_frame
from hrm_edge.runtimes.base import Runtime
from hrm_edge.runtimes.llama.native import NativeModel, llama_library, require_device
from hrm_edge.runtimes.llama.sequence import LlamaSequence
from hrm_edge.runtimes.llama.vocabulary import NativeVocabulary
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.processors import physical_cores

MOST_TOKENS = 8192
"""Tokens of context that are offered, however many the model was made for: their KV cache must fit a small machine."""
_TOKENS_PER_THREAD = 1e-3
"""One token is work for every thread there is: models of other architectures are large."""


class ForeignGgufRuntime(Runtime):
    """One sequence at a time through any causal model that llama.cpp runs."""

    name = "llama-cpp"

    def __init__(
        self, path: Path, *, device: str = "cpu", threads: int | None = None, context_length: int | None = None
    ) -> None:
        """Load the GGUF file at `path`; threads: if None, those that LlamaCppRuntime takes for a large model.

        Raises:
            RuntimeUnavailableError: llama-cpp-python is not installed, was built without the device, or cannot load
                the file.
            CheckpointError, ArchitectureError: as read_foreign_gguf.
        """
        library = llama_library()
        require_device(device)
        self.description = read_foreign_gguf(path)
        self.bits = self.description.bits
        self.kv_type = "f32" if self.bits == 32 else "f16"  # as for ours: who keeps a file in f32 wants its exactness
        # As for ours: llama.cpp repacks quantized weights, and mapped they would be in memory twice.
        self.native = NativeModel(path, on_gpu=device != "cpu", mapped=self.bits >= 16, overrides={})
        if library.llama_model_has_encoder(self.native.handle):
            self.native.close()
            raise ArchitectureError(
                f"{path}: {self.description.architecture[:40]!r} has an encoder: bench runs models with a decoder only"
            )
        self.context_length = self.fitting_context(MOST_TOKENS if context_length is None else context_length)
        self._sequence = LlamaSequence(
            self.native,
            context_length=self.context_length,
            threads=physical_cores() if threads is None else threads,
            tokens_per_thread=_TOKENS_PER_THREAD if threads is None else 0,
            kv_type=self.kv_type,
        )
        self._one_thread = OneThread("this llama-cpp runtime")
        self.device = device
        self.position = 0

    @property
    def vocab_size(self) -> int:
        """See Runtime.vocab_size."""
        return self.native.vocab_size

    @property
    def longest_context(self) -> int:
        """See Runtime.longest_context."""
        return self.description.context_length

    @property
    def kv_bytes_per_token(self) -> int:
        """See Runtime.kv_bytes_per_token."""
        return self.description.kv_bytes_per_token(self.kv_type)

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
        with self._one_thread:
            self.check_prompt(prompt_ids)
            self.position = 0
            logits_V = self._sequence.read_prompt(prompt_ids, causal=True)
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

    def close(self) -> None:
        """See Runtime.close."""
        with self._one_thread:
            self._sequence.close()
            self.native.close()
            self.position = 0


class ForeignDialogue:
    """A request and its answer in the file's own tokenizer and chat template; without one the request stands alone."""

    def __init__(self, runtime: ForeignGgufRuntime) -> None:
        """Raises:
        CheckpointError: the chat template is broken.
        ArchitectureError: no token ends an answer.
        """
        self._vocabulary = vocabulary = NativeVocabulary(runtime.native)
        template = runtime.description.chat_template
        self._before, self._after = ("", "") if template is None else _frame(template, vocabulary)
        self.stop_ids = vocabulary.end_ids()
        if not self.stop_ids:
            raise ArchitectureError(
                f"{runtime.description.path} names no token that ends an answer: convert it again with its eos token"
            )

    def encode_request(self, request: str) -> Rendered:
        """The whole prompt; the names of special tokens in `request` are plain text."""
        vocabulary = self._vocabulary
        forged = vocabulary.encode(request) != vocabulary.encode(request, special=True)
        if forged:
            ids = [
                *vocabulary.encode(self._before, special=True),
                *vocabulary.encode(request),
                *vocabulary.encode(self._after, special=True),
            ]
        else:  # in one piece, as the model saw it in training: tokens may span the seams
            ids = vocabulary.encode(self._before + request + self._after, special=True)
        bos = vocabulary.bos_id
        return Rendered(ids if bos is None or ids[:1] == [bos] else [bos, *ids])

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text, for what an answer is made to begin with."""
        return self._vocabulary.encode(text)

    def decode(self, ids: Sequence[int], names: Sequence[str] = ()) -> str:
        """Text of token ids, special tokens left out; the model writes names itself."""
        del names
        return self._vocabulary.decode(ids)


def _frame(template: str, vocabulary: NativeVocabulary) -> tuple[str, str]:
    return chat_frame(template, bos_token=vocabulary.special_text("bos"), eos_token=vocabulary.special_text("eos"))
