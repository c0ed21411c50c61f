"""The halting head: it decides after each H cycle, from the last token of the prompt, whether to stop there.

It is a file of its own beside the model (`halting.safetensors`), so that a checkpoint with a head is still a plain
hrm_text checkpoint to transformers, GGUF and ONNX:

    halting.weight   F32 [2, D]    row 0 gives q_halt, row 1 q_continue
    halting.bias     F32 [2]

Source: Wang et al. 2025, arXiv:2506.21734, adaptive computation time; how it is trained: `hrm_edge.train.halting`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.safetensors_file import StoredTensor, read_header
from hrm_edge.checkpoint.safetensors_writer import SafetensorsWriter
from hrm_edge.errors import CheckpointError
from hrm_edge.files import whole_file

HALTING_NAME = "halting.safetensors"
WEIGHT, BIAS = "halting.weight", "halting.bias"


@dataclass(frozen=True, kw_only=True)
class HaltingHead:
    """Two linear functions of what the H stack leaves at the last token of the prompt."""

    weight: NDArray[np.float32]
    """[2, D]."""
    bias: NDArray[np.float32]
    """[2]."""

    def values(self, hidden_D: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of q_halt and q_continue [..., 2] for hidden states [..., D]."""
        q_2: NDArray[np.float32] = hidden_D @ self.weight.T + self.bias
        return q_2

    def halts(self, hidden_D: NDArray[np.float32]) -> bool:
        """Whether to stop after the cycle that left this hidden state."""
        halt, go_on = self.values(hidden_D)
        return bool(halt > go_on)


def halting_path(model: Path) -> Path:
    """Where the head of a model lies: in its directory, or beside its file."""
    return (model if model.is_dir() else model.parent) / HALTING_NAME


def write_halting(head: HaltingHead, model: Path) -> Path:
    """Put the head beside the model, in place of one that is there; returns its file.

    Raises:
        ExportError: the directory cannot be written or the disk is full.
    """
    path = halting_path(model)
    weight_2D, bias_2 = (np.asarray(values, np.float32) for values in (head.weight, head.bias))
    with whole_file(path) as part, part.open("wb") as file:
        writer = SafetensorsWriter(file, {WEIGHT: ("F32", weight_2D.shape), BIAS: ("F32", bias_2.shape)})
        writer.write(WEIGHT, weight_2D)
        writer.write(BIAS, bias_2)
        writer.finish()
    return path


def read_halting(model: Path, hidden_size: int) -> HaltingHead:
    """The head beside a model of that hidden size.

    Raises:
        CheckpointError: there is none, or it is damaged, of another model or not finite.
    """
    path = halting_path(model)
    if not path.is_file():
        raise CheckpointError(
            f"{path} is not there, and --cycles auto needs it: train it with `hrm-edge halting CHECKPOINT --data "
            "SHARDS`, or give --cycles a number"
        )
    stored = read_header(path)
    if sorted(stored) != sorted((WEIGHT, BIAS)):
        raise CheckpointError(f"{path} holds {', '.join(stored) or 'nothing'}: a halting head is {WEIGHT} and {BIAS}")
    return HaltingHead(
        weight=_checked(stored[WEIGHT], (2, hidden_size)),
        bias=_checked(stored[BIAS], (2,)),
    )


def _checked(tensor: StoredTensor, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if tensor.kind != "F32" or tensor.shape != shape:
        raise CheckpointError(
            f"{tensor.path}: {tensor.name} is {tensor.kind} {list(tensor.shape)} and this model's is F32 "
            f"{list(shape)}: train the head again with `hrm-edge halting`"
        )
    values = np.asarray(tensor.read(), np.float32)
    if not np.isfinite(values).all():
        raise CheckpointError(
            f"{tensor.path}: {tensor.name} holds values that are no numbers: train it again with `hrm-edge halting`"
        )
    return values
