"""Whether a build of llama.cpp reads a prompt under the mask its model was trained with."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.llama.context import NativeContext


def require_trained_mask(context: NativeContext, vocab_size: int) -> None:
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
