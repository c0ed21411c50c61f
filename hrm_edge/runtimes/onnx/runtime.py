"""The ONNX Runtime runtime: one session, keys and values updated in place, and as little Python per token as can be.

    with OnnxRuntime(Path("model.onnx")) as runtime:
        logits_V = runtime.prefill([0, 17, 1])
        logits_V = runtime.decode(int(logits_V.argmax()))

Keys and values are float32, or 8-bit integers where the graph was exported so.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import CheckpointError
from hrm_edge.export.onnx_names import KvType
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.onnx.batch import OnnxBatch
from hrm_edge.runtimes.onnx.kv import KvBuffers
from hrm_edge.runtimes.onnx.mapped_weights import MappedWeights, give_large_blocks_back
from hrm_edge.runtimes.onnx.metadata import OnnxMetadata, check_weights_file, read_onnx_metadata
from hrm_edge.runtimes.onnx.rows import BoundRows
from hrm_edge.runtimes.onnx.session import open_session

__all__ = ["OnnxMetadata", "OnnxRuntime", "read_onnx_metadata"]


class OnnxRuntime(HrmRuntime):
    """One sequence through an ONNX file that hrm-edge exported, and batches of others beside it."""

    name = "onnx"
    kv_type: KvType
    _session: Any
    _row: Any

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
        """Load `path` onto `device`.

        `threads` of the CPU; None takes the cores this process may use, or one for a small model.
        `cycles` and `kv_type` have to be what the graph was exported with: another one is another export.

        Raises:
            CheckpointError: the file is missing, damaged, not ours, or exported with other cycles or another kv_type.
            ArchitectureError: a model that hrm-edge does not run.
            RuntimeUnavailableError: the device is not there.
            PromptError: the machine has no memory for the context.
        """
        metadata = read_onnx_metadata(path)
        self.architecture, self.bits = metadata.architecture, metadata.bits
        if cycles is not None and cycles != self.architecture.h_cycles:
            raise CheckpointError(
                f"{path} has {self.architecture.h_cycles} H cycles unrolled and {cycles} were asked for: "
                "run the checkpoint or GGUF it was exported from with --cycles, which exports that depth"
            )
        if kv_type is not None and kv_type != metadata.kv_type:
            raise CheckpointError(
                f"{path} was exported with a KV cache in {metadata.kv_type} and {kv_type} was asked for: "
                f"export it again with --kv-type {kv_type}"
            )
        check_weights_file(path, metadata)
        self.kv_type = metadata.kv_type
        self.device = device
        large = metadata.weights_file is not None
        self._session = open_session(
            path, self.architecture, kv_type=self.kv_type, device=device, threads=threads, frees_at_once=large
        )
        if large:  # not before: packing the weights takes and frees large blocks all the while
            give_large_blocks_back()
        self._weights = _mapped_weights(path, metadata)
        self.context_length = self.fitting_context(context_length)
        self.position = 0
        kv = KvBuffers(self.architecture, kv_type=self.kv_type, rows=1, context_length=self.context_length)
        self._row = BoundRows(self._session, self.architecture, kv, 0, 1, self._weights)
        self._one_thread = OneThread("this runtime of ONNX Runtime")

    def prefill(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """See Runtime.prefill."""
        with self._one_thread:
            self.check_prompt(prompt_ids)
            self.position = 0
            logits_V: NDArray[np.float32] = self._row.read_prompt(prompt_ids)
            self.position = len(prompt_ids)
            return logits_V

    def decode(self, token_id: int) -> NDArray[np.float32]:
        """See Runtime.decode."""
        with self._one_thread:
            self.check_room()
            self.check_id(token_id)
            logits_BTV = self._row.read_tokens(np.array([[token_id]]), [self.position])
            self.position += 1
            logits_V: NDArray[np.float32] = logits_BTV[0, 0]
            return logits_V

    def batch(self, *, capacity: int, context_length: int | None = None) -> OnnxBatch:
        """See HrmRuntime.batch."""
        length = self.context_length if context_length is None else self.fitting_context(context_length)
        kv = KvBuffers(self.architecture, kv_type=self.kv_type, rows=capacity, context_length=length)
        return OnnxBatch(self._session, self.architecture, capacity=capacity, kv=kv, weights=self._weights)

    def close(self) -> None:
        """See Runtime.close. Batches go on: they hold the model too."""
        with self._one_thread:
            self._row = self._session = self._weights = None
            self.position = 0


def _mapped_weights(path: Path, metadata: OnnxMetadata) -> MappedWeights | None:
    """Of a session just opened, its pages let go; None where the weights lie in the graph."""
    if metadata.weights_file is None:
        return None
    weights = MappedWeights(path.with_name(Path(metadata.weights_file).name), metadata.embedding_rows)
    weights.let_go()
    return weights
