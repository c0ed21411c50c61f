"""What every checkpoint format gives its readers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.quantize.grid import QuantizedTensor

Tensor = NDArray[np.float32] | NDArray[np.float16] | QuantizedTensor
"""One tensor as read: float32 or float16 (bfloat16 is widened to float32, which is exact), or codes and scales."""


class Checkpoint(ABC):
    """An open model. Only one tensor is in memory at a time; nothing is read before it is asked for."""

    path: Path
    architecture: Architecture
    tokenizer_json: str | None
    """The whole `tokenizer.json`, or None where the checkpoint brings no tokenizer."""
    chat_template: str | None
    """The tokenizer's own Jinja chat template, or None: then the prompt is hrm-edge's own."""
    bits: int
    """4, 8, 16 or 32: the width of the weights of the stacks."""

    @abstractmethod
    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Every tensor once, in the order of `architecture.tensor_shapes()`, shapes checked.

        Raises:
            CheckpointError: a tensor is missing, cut short, of another shape or of a type we do not read.
        """

    def close(self) -> None:  # noqa: B027 - a format that holds no file open has nothing to do
        """Let go of the file."""

    def __enter__(self) -> "Checkpoint":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
