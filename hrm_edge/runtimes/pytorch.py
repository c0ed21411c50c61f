"""The PyTorch runtime: transformers' own `HrmTextForCausalLM` in float32, the reference the others are held to.

The model is made without weights and filled tensor by tensor from any checkpoint, so that a quantized directory or a
GGUF runs here too, dequantized, and never twice in memory. `token_type_ids` marks the prompt as one bidirectional
block; answers are decoded with transformers' DynamicCache, one slot per attention invocation.

With cycles="auto" the depth is chosen once per prompt, by the halting head beside the checkpoint: keys and values
belong to a cycle, so an answer cannot go deeper than its prompt went.

The only module of the inference side that imports torch. Of its devices cpu is tested; cuda and mps are written to
torch's documentation and untested.

    with PyTorchRuntime(Path("runs/nano")) as runtime:
        logits_V = runtime.prefill([0, 17, 1])
"""

import importlib.util
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, Tensor, open_checkpoint
from hrm_edge.checkpoint.halting import HaltingHead, read_halting
from hrm_edge.errors import ArchitectureError, RuntimeUnavailableError
from hrm_edge.quantize.grid import QuantizedTensor, dequantize
from hrm_edge.runtimes.base import Cycles, HrmRuntime

if TYPE_CHECKING:
    import torch


class PyTorchRuntime(HrmRuntime):
    """One sequence at a time through `HrmTextForCausalLM`, float32."""

    name = "torch"

    def __init__(
        self,
        path: Path,
        *,
        device: str = "cpu",
        cycles: Cycles | None = None,
        threads: int | None = None,
        context_length: int | None = None,
    ) -> None:
        """Load `path` (any checkpoint) onto `device`; `cycles` replaces the H cycles the model was trained with,
        "auto" runs at most those and stops earlier where the halting head says so.

        `threads` is torch's own setting and counts for the whole process.

        Raises:
            RuntimeUnavailableError: torch or transformers is not installed, or the device is not there.
            CheckpointError: the checkpoint cannot be read, or has no halting head for "auto".
            ArchitectureError: sizes that transformers refuses.
        """
        require_torch()
        require_device(device)
        import torch

        if threads is not None:
            torch.set_num_threads(threads)
        with open_checkpoint(path) as checkpoint:
            self.architecture = checkpoint.architecture
            if isinstance(cycles, int):
                self.architecture = checkpoint.architecture.with_cycles(cycles)
            self._head = read_halting(path, self.architecture.hidden_size) if cycles == "auto" else None
            self.bits = checkpoint.bits
            self._model = load_model(checkpoint, self.architecture, device)
        self.context_length = self.fitting_context(context_length)
        self.device = device
        self.position = 0
        self._cache: Any = None
        self._cycles = self.architecture.h_cycles

    @property
    def cycles(self) -> int:
        """See HrmRuntime.cycles: with "auto", what the head chose for the last prompt."""
        return self._cycles

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
        import torch
        from transformers import DynamicCache

        self.check_prompt(prompt_ids)
        self._cache, self.position = DynamicCache(config=self._model.config), 0
        input_ids = torch.tensor([list(prompt_ids)], device=self.device)
        block = torch.ones_like(input_ids) if self.architecture.prefix_lm else None
        if self._head is None:
            return self._forward(input_ids, block)
        return self._prefill_until_halted(input_ids, block, self._head)

    def decode(self, token_id: int) -> NDArray[np.float32]:
        """See Runtime.decode."""
        import torch

        self.check_room()
        self.check_id(token_id)
        return self._forward(torch.tensor([[token_id]], device=self.device), None)

    def close(self) -> None:
        """See Runtime.close."""
        self._model, self._cache, self.position = None, None, 0

    def _forward(self, input_ids: "torch.Tensor", block: "torch.Tensor | None") -> NDArray[np.float32]:
        """Logits [V] after the last of `input_ids` [1, T], whose keys and values join the cache."""
        import torch

        with torch.inference_mode():
            output = self._model(
                input_ids, token_type_ids=block, past_key_values=self._cache, use_cache=True, logits_to_keep=1
            )
        self.position += input_ids.shape[1]
        return _to_numpy(output.logits[0, -1])

    def _prefill_until_halted(
        self, input_ids: "torch.Tensor", block: "torch.Tensor | None", head: HaltingHead
    ) -> NDArray[np.float32]:
        """As _forward, as deep as `head` goes; the decoding that follows runs as deep."""
        import torch

        most = self.architecture.h_cycles
        self._run_cycles(most)
        cycles = count(1)

        def stop_where_head_halts(_module: Any, _inputs: Any, z_high_BTD: "torch.Tensor") -> None:
            cycle = next(cycles)
            if cycle < most and head.halts(_to_numpy(z_high_BTD[0, -1])):
                raise _Halted(cycle, z_high_BTD)

        hook = self._model.model.H_module.register_forward_hook(stop_where_head_halts)
        try:
            return self._forward(input_ids, block)
        except _Halted as halted:
            self._run_cycles(halted.cycle)
            self.position += input_ids.shape[1]
            with torch.inference_mode():
                return _to_numpy(self._model.lm_head(halted.z_high_BTD[0, -1]))
        finally:
            hook.remove()

    def _run_cycles(self, cycles: int) -> None:
        """Another number of H cycles for this sequence; slots of cycles beyond them have not been filled."""
        self._cycles = self._model.config.H_cycles = cycles
        del self._cache.layers[self.architecture.with_cycles(cycles).kv_slots :]


class _Halted(Exception):  # noqa: N818 - no error: it leaves transformers' loop over the cycles
    """The head halts after `cycle`, which left `z_high_BTD`."""

    def __init__(self, cycle: int, z_high_BTD: "torch.Tensor") -> None:
        super().__init__(cycle)
        self.cycle = cycle
        self.z_high_BTD = z_high_BTD


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


def load_model(checkpoint: Checkpoint, architecture: Architecture, device: str, model_class: type | None = None) -> Any:
    """`HrmTextForCausalLM`, or a class made from it, on `device`, its parameters filled one tensor at a time.

    Raises:
        ArchitectureError: sizes that transformers refuses.
    """
    import torch
    from transformers import HrmTextConfig, HrmTextForCausalLM

    try:
        config = HrmTextConfig(**architecture.to_config())
    except ValueError as error:
        raise ArchitectureError(f"{checkpoint.path}: transformers refuses these sizes ({error})") from error
    with torch.device("meta"):
        model = (model_class or HrmTextForCausalLM)(config)
    model.to_empty(device=device)
    # Emptied with the rest: buffers hold no weights, so no checkpoint brings them.
    model.model.rotary_emb = type(model.model.rotary_emb)(config).to(device)
    model.tie_weights()
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, tensor in checkpoint.tensors():
            parameters[name].copy_(torch.from_numpy(_writable_float32(tensor)))
    return model.eval()


def _to_numpy(values: "torch.Tensor") -> NDArray[np.float32]:
    found: NDArray[np.float32] = values.float().cpu().numpy()
    return found


def _writable_float32(tensor: Tensor) -> NDArray[np.float32]:
    """The weights in memory of their own, as torch wants to wrap them."""
    if isinstance(tensor, QuantizedTensor):
        return dequantize(tensor)
    return tensor.astype(np.float32)
