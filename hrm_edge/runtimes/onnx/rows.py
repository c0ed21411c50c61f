"""Neighbouring rows of the KV buffers, bound to a session: one forward pass over the sequences in them.

What a pass binds anew is small and does not grow with the context: one token's ids and logits stay where they are, and
`attention_mask`, of which the graph reads the length and each row's sum, is a view of one buffer that holds each row's
number of tokens in its first place and zeros behind it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.export.onnx_names import ATTENTION_BIAS, ATTENTION_MASK, INPUT_IDS, LOGITS, LOGITS_TO_KEEP
from hrm_edge.runtimes.onnx.kv import KvBuffers
from hrm_edge.runtimes.onnx.mapped_weights import MappedWeights

_NO_BIAS = np.zeros((1, 1, 1, 1), np.float32)


class BoundRows:
    """Rows `start` up to `stop` of `kv`. A pass reads the same number of tokens for each of them."""

    def __init__(
        self,
        session: Any,
        architecture: Architecture,
        kv: KvBuffers,
        start: int,
        stop: int,
        weights: MappedWeights | None = None,
    ) -> None:
        """weights: None where they lie in the graph."""
        self._session, self._weights = session, weights
        self._binding = session.io_binding()
        self._bound: dict[str, object] = {}
        self._hides_future = not architecture.prefix_lm
        self._vocab_size = architecture.vocab_size
        count = stop - start
        self._counts = np.zeros(count * kv.context_length, np.int64)
        self._tokens_BT = np.zeros((count, 0), np.int64)
        self._logits_BTV = np.zeros((count, 0, self._vocab_size), np.float32)
        self._kept = np.zeros(1, np.int64)
        self._bind_input(LOGITS_TO_KEEP, self._kept)
        for past, present, buffer_BNSK in kv.rows(start, stop):
            self._bind_input(past, buffer_BNSK)
            self._bind_output(present, buffer_BNSK)
        self._biased = False

    def read_prompt(self, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """The one bound row forgets what it held and reads a prompt; the logits [V] of its last token."""
        self._set_bias(None)
        if self._weights is not None:
            self._weights.forget_rows()
        logits_V: NDArray[np.float32] = self._run(np.array([prompt_ids], np.int64), [0], kept=1)[0, 0]
        self._feed(np.zeros((1, 1), np.int64))  # let the prompt go
        return logits_V

    def read_tokens(self, tokens_BT: NDArray[np.int64], lengths: Sequence[int]) -> NDArray[np.float32]:
        """Append T answer tokens to each row, which holds `lengths` tokens; logits [B, T, V] of all of them.

        T > 1 is for one row: the operator reads several tokens behind a past for one sequence at a time.
        """
        self._set_bias(None if tokens_BT.shape[1] == 1 else _future_hidden(lengths[0], tokens_BT.shape[1]))
        return self._run(tokens_BT, lengths, kept=tokens_BT.shape[1])

    def _run(self, tokens_BT: NDArray[np.int64], lengths: Sequence[int], *, kept: int) -> NDArray[np.float32]:
        rows, new = tokens_BT.shape
        total = max(lengths) + new
        self._feed(tokens_BT)
        if self._weights is not None:
            self._weights.bring_rows(tokens_BT.ravel().tolist())
        self._kept[0] = kept
        for row, length in enumerate(lengths):
            self._counts[row * total] = length + new
        self._bind_input(ATTENTION_MASK, self._counts[: rows * total].reshape(rows, total))
        if kept != self._logits_BTV.shape[1]:
            self._logits_BTV = np.empty((rows, kept, self._vocab_size), np.float32)
            self._bind_output(LOGITS, self._logits_BTV)
        try:
            self._session.run_with_iobinding(self._binding)
        finally:
            self._counts[: rows * total : total] = 0
        return self._logits_BTV.copy()

    def _feed(self, tokens_BT: NDArray[np.int64]) -> None:
        if tokens_BT.shape != self._tokens_BT.shape:
            self._tokens_BT = np.empty_like(tokens_BT)
            self._bind_input(INPUT_IDS, self._tokens_BT)
        self._tokens_BT[:] = tokens_BT

    def _set_bias(self, bias: NDArray[np.float32] | None) -> None:
        """Bind what is added to the scores; None for nothing, the graph's default. A causal model takes none."""
        if self._hides_future or (bias is None and not self._biased):
            return
        self._biased = bias is not None
        self._bind_input(ATTENTION_BIAS, _NO_BIAS if bias is None else bias)

    def _bind_input(self, name: str, array: NDArray[Any]) -> None:
        import onnxruntime

        value = onnxruntime.OrtValue.ortvalue_from_numpy(array)
        self._binding.bind_ortvalue_input(name, value)
        self._bound[name] = value  # the binding points into the array and does not keep it

    def _bind_output(self, name: str, array: NDArray[Any]) -> None:
        import onnxruntime

        value = onnxruntime.OrtValue.ortvalue_from_numpy(array)
        self._binding.bind_ortvalue_output(name, value)
        self._bound[name] = value


def _future_hidden(past: int, new: int) -> NDArray[np.float32]:
    """Bias [1, 1, T, past + T]: -inf where the column's token comes after the row's."""
    bias_TS = np.triu(np.full((new, past + new), -np.inf, np.float32), past + 1)
    return bias_TS[None, None]
