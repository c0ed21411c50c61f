"""The PyTorch runtime: transformers' own `HrmTextForCausalLM`, the reference the others are held to.

On the CPU it is float32, on a GPU bfloat16. Any checkpoint runs: a quantized
directory or a GGUF is dequantized while it is loaded, or stays on the grid in memory. Keys and values lie in a static
cache (pytorch_cache), so that the work of a token grows with what it attends to and nothing else.

With cycles="auto" the depth is chosen once per prompt, by the halting head beside the checkpoint: keys and values
belong to a cycle, so an answer cannot go deeper than its prompt went.

Of all that the inference side imports, pytorch*.py alone import torch. Of its devices cpu is tested; cuda and mps are
written to torch's documentation and untested.

    with PyTorchRuntime(Path("runs/nano")) as runtime:
        logits_V = runtime.prefill([0, 17, 1])
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, open_checkpoint
from hrm_edge.checkpoint.halting import read_halting
from hrm_edge.errors import ArchitectureError, RuntimeUnavailableError
from hrm_edge.quantize.grid import BLOCK_SIZE
from hrm_edge.runtimes.base import Cycles, HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.one_thread import OneThread

KvType = Literal["plain", "q8_0"]
"""Of the cached keys and values: that of the activations, or 8 bits in blocks of 32."""
LARGEST_PLAIN_KV = 64 * 1024
"""Bytes a token in 16 bits, those of the 27m preset."""


class PyTorchRuntime(HrmRuntime):
    """See Runtime. One thread at a time, its batches included: another is refused while one reads."""

    name = "torch"

    def __init__(
        self,
        path: Path,
        *,
        device: str = "cpu",
        cycles: Cycles | None = None,
        threads: int | None = None,
        context_length: int | None = None,
        keep_quantized: bool | None = None,
        kv_type: KvType | None = None,
        compiled: bool = False,
    ) -> None:
        """Load `path` (any checkpoint) onto `device`; `cycles` replaces the H cycles the model was trained with,
        "auto" runs at most those and stops earlier where the halting head says so.

        `threads` is torch's own setting and counts for the whole process. keep_quantized: quantized weights stay
        quantized in memory and each layer is dequantized when it is used; None does so on a GPU, whose memory is
        short, and not on the CPU, where a token takes three times as long. kv_type: of the cached keys and values; None
        takes plain, or on a GPU q8_0 where weights stay quantized and a token has more than LARGEST_PLAIN_KV.
        compiled: by torch.compile, which takes minutes at the first tokens; for a GPU and a process that lives long,
        see pytorch_compiled.

        Raises:
            RuntimeUnavailableError: torch or transformers is not installed, or the device is not there.
            CheckpointError: the checkpoint cannot be read, or has no halting head for "auto".
            ArchitectureError: sizes that transformers refuses, or heads that q8_0 does not divide.
            PromptError: the device has no memory for a context of that length.
        """
        require_torch()
        require_device(device)
        import torch

        from hrm_edge.runtimes.pytorch.batch import PyTorchBatch
        from hrm_edge.runtimes.pytorch.compiled import compile_layers
        from hrm_edge.runtimes.pytorch.passes import ModelPasses

        if threads is not None:
            torch.set_num_threads(threads)
        dtype = "float32" if device == "cpu" else "bfloat16"
        if keep_quantized is None:
            keep_quantized = device != "cpu"
        with open_checkpoint(path) as checkpoint:
            self.architecture = checkpoint.architecture
            if isinstance(cycles, int):
                self.architecture = checkpoint.architecture.with_cycles(cycles)
            head = read_halting(path, self.architecture.hidden_size) if cycles == "auto" else None
            self.bits = checkpoint.bits
            stay_quantized = keep_quantized and self.bits in (4, 8)
            self.kv_type = kv_type_of(self.architecture, device, kv_type, stay_quantized=stay_quantized)
            model = load_model(checkpoint, self.architecture, device, dtype=dtype, keep_quantized=keep_quantized)
        if compiled:
            compile_layers(model)
        self.device = device
        self.position = 0
        self.context_length = self.fitting_context(context_length)
        self._passes = ModelPasses(
            model,
            self.architecture,
            head,
            device=device,
            dtype=getattr(torch, dtype),
            rounded_kv=self.kv_type == "q8_0",
            compiled=compiled,
        )
        self._own = PyTorchBatch(self._passes, capacity=1, context_length=self.context_length)
        self._sequence: int | None = None
        self._one_thread = OneThread("this torch runtime")

    @property
    def cycles(self) -> int:
        """See HrmRuntime.cycles: with "auto", what the head chose for the last prompt."""
        return self.architecture.h_cycles if self._sequence is None else self._own.cycles(self._sequence)

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
        with self._one_thread:
            self.check_prompt(prompt_ids)
            if self._sequence is not None:
                self._own.free(self._sequence)
                self._sequence, self.position = None, 0
            self._sequence, logits_V = self._own.prefill(prompt_ids)
            self.position = len(prompt_ids)
            return logits_V

    def decode(self, token_id: int) -> NDArray[np.float32]:
        """See Runtime.decode."""
        with self._one_thread:
            self.check_room()
            self.check_id(token_id)
            if self._sequence is None:
                raise ValueError("decode before prefill: there is no sequence")
            logits_1V: NDArray[np.float32] = self._own.decode({self._sequence: [token_id]})[self._sequence]
            self.position += 1
            return logits_1V.reshape(-1)

    def batch(self, *, capacity: int, context_length: int | None = None) -> Batch:
        """See HrmRuntime.batch."""
        from hrm_edge.runtimes.pytorch.batch import PyTorchBatch

        length = self.context_length if context_length is None else self.fitting_context(context_length)
        return PyTorchBatch(self._passes, capacity=capacity, context_length=length)

    def close(self) -> None:
        """See Runtime.close."""
        self._passes.close()
        self._own.close()
        self._sequence, self.position = None, 0


def torch_installed() -> bool:
    """Whether torch and a transformers can be imported, without importing them."""
    return all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


def require_torch() -> None:
    """Raise RuntimeUnavailableError with the pip command unless torch and transformers are installed."""
    if not torch_installed():
        raise RuntimeUnavailableError(
            'the torch runtime needs torch and transformers, which are not installed: pip install "hrm-edge[train]"'
        )


def require_device(device: str) -> None:
    """Raise RuntimeUnavailableError unless torch finds the device."""
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise RuntimeUnavailableError("device cuda: torch finds no CUDA GPU on this machine; use --device cpu")
    if device == "mps" and not torch.backends.mps.is_available():
        raise RuntimeUnavailableError("device mps: torch finds no Apple GPU on this machine; use --device cpu")
    if device not in ("cpu", "cuda", "mps"):
        raise RuntimeUnavailableError(f"device {device!r}: the torch runtime runs on cpu, cuda or mps")


def kv_type_of(architecture: Architecture, device: str, chosen: KvType | None, *, stay_quantized: bool) -> str:
    """The type of the cached keys and values, as Runtime.kv_type names it: on a GPU f16 stands for bfloat16."""
    divides = architecture.head_dim % BLOCK_SIZE == 0
    if chosen == "q8_0" and not divides:
        raise ArchitectureError(
            f"head_dim is {architecture.head_dim} and q8_0 KV needs a multiple of {BLOCK_SIZE}: choose plain"
        )
    large = architecture.kv_bytes_per_token("f16") > LARGEST_PLAIN_KV
    if chosen == "q8_0" or (chosen is None and device != "cpu" and stay_quantized and large and divides):
        return "q8_0"
    return "f32" if device == "cpu" else "f16"


def load_model(
    checkpoint: Checkpoint,
    architecture: Architecture,
    device: str,
    model_class: type | None = None,
    *,
    dtype: str = "float32",
    keep_quantized: bool = False,
) -> Any:
    """`HrmTextForCausalLM`, or a class made from it, on `device`, its parameters filled one tensor at a time.

    dtype: float32 or bfloat16. keep_quantized: matrices on the grid stay there, see pytorch_quantized; else they are
    dequantized.

    Raises:
        ArchitectureError: sizes that transformers refuses.
    """
    import torch

    from hrm_edge.runtimes.pytorch.loading import fill_model

    return fill_model(
        checkpoint,
        architecture,
        device=device,
        dtype=getattr(torch, dtype),
        keep_quantized=keep_quantized,
        model_class=model_class,
    )
