"""The decode step without its thousands of launches: CUDA graphs.

A pass of the 1b shape invokes 128 layers of some sixty small kernels each, which the host launches more slowly than the
GPU runs them. A graph is recorded once for a shape of the step and replayed by one launch. Attention then spans a power
of two of columns, so that a shape lasts until the context has doubled; the mask hides the rest.

Written to torch's documentation and untested: no GPU was at hand. tests/runtimes/pytorch/test_cuda.py holds it to the
CPU where there is one.

Reference: https://docs.pytorch.org/docs/2.9/notes/cuda.html#cuda-graphs
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from hrm_edge.runtimes.pytorch.cache import StaticKeysAndValues
from hrm_edge.runtimes.pytorch.passes import ModelPasses, Window, to_numpy

SHORTEST_HORIZON = 128
SEEN_BEFORE_CAPTURE = 2
"""Steps of a shape that run as they are: recording costs about three, and many a shape never comes again."""
MOST_GRAPHS = 64
"""Of one batch: their logits and scratch space stay allocated."""
WARM_UP_PASSES = 2
"""Before a recording, so that libraries have chosen their kernels and allocated what they keep."""


@dataclass(frozen=True)
class _Shape:
    """What a graph is recorded for."""

    first: int
    rows: int
    tokens: int
    horizon: int
    cycles: int


@dataclass(frozen=True)
class _Captured:
    graph: "torch.cuda.CUDAGraph"
    inputs: torch.Tensor
    """[4, B, T], read at every replay."""
    logits: torch.Tensor
    """[B, T, V], overwritten by every replay."""


class CapturedSteps:
    """The decode steps over one cache on a CUDA device. The cache never moves, so a graph of it stays true."""

    def __init__(self, passes: ModelPasses, cache: StaticKeysAndValues) -> None:
        self._passes, self._cache = passes, cache
        self._seen: Counter[_Shape] = Counter()
        self._graphs: dict[_Shape, _Captured] = {}
        # One for all: they run one after another, and logits are read before the next replay.
        self._pool = torch.cuda.graph_pool_handle()

    def logits(self, window: Window, *, cycles: int) -> NDArray[np.float32]:
        """As ModelPasses.logits."""
        rows, tokens = window.ids.shape
        horizon = horizon_of_shape(window.horizon, self._cache.columns)
        shape = _Shape(window.first, rows, tokens, horizon, cycles)
        inputs_4BT = torch.from_numpy(window.stacked())
        if shape not in self._graphs:
            self._seen[shape] += 1
            if self._seen[shape] <= SEEN_BEFORE_CAPTURE or len(self._graphs) >= MOST_GRAPHS:
                return to_numpy(self._forward(inputs_4BT.to("cuda"), shape))
            self._graphs[shape] = self._capture(inputs_4BT.to("cuda"), shape)
        captured = self._graphs[shape]
        captured.inputs.copy_(inputs_4BT)
        captured.graph.replay()
        return to_numpy(captured.logits)

    def _capture(self, inputs_4BT: torch.Tensor, shape: _Shape) -> _Captured:
        """The passes before it write what the replay writes, to the same columns: repeating them changes nothing."""
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP_PASSES):
                self._forward(inputs_4BT, shape)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            logits_BTV = self._forward(inputs_4BT, shape)
        return _Captured(graph, inputs_4BT, logits_BTV)

    def _forward(self, inputs_4BT: torch.Tensor, shape: _Shape) -> torch.Tensor:
        return self._passes.forward(
            self._cache, inputs_4BT, first=shape.first, horizon=shape.horizon, cycles=shape.cycles
        )


def horizon_of_shape(horizon: int, columns: int) -> int:
    """The power of two of columns that a step with this horizon attends to, at most all there are."""
    return min(columns, max(SHORTEST_HORIZON, 1 << (horizon - 1).bit_length()))
