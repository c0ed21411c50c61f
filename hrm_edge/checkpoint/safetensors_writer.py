"""Safetensors, written as a stream: the header from shapes known before, then one tensor at a time."""

import json
import math
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.safetensors_file import ITEM_TYPES, LENGTH_BYTES

ALIGNMENT = 8


class SafetensorsWriter:
    """Writes `entries` (name → type and shape) to `file`, which `write` must then give in the same order."""

    def __init__(self, file: BinaryIO, entries: Mapping[str, tuple[str, tuple[int, ...]]]) -> None:
        self._file = file
        self._waiting = list(entries.items())
        header: dict[str, Any] = {"__metadata__": {"format": "pt"}}  # transformers asks for it
        end = 0
        for name, (kind, shape) in entries.items():
            begin, end = end, end + math.prod(shape) * np.dtype(ITEM_TYPES[kind]).itemsize
            header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [begin, end]}
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % ALIGNMENT)
        file.write(len(text).to_bytes(LENGTH_BYTES, "little") + text)

    def write(self, name: str, values: NDArray[Any]) -> None:
        """Append the next tensor."""
        expected, (kind, shape) = self._waiting.pop(0)
        assert (name, values.shape) == (expected, shape), f"{name} {values.shape} where {expected} {shape} is due"
        assert values.dtype == np.dtype(ITEM_TYPES[kind]), f"{name} is {values.dtype} and declared {kind}"
        self._file.write(np.ascontiguousarray(values).data)

    def finish(self) -> None:
        """Every tensor of the header has been written."""
        assert not self._waiting, f"{[name for name, _ in self._waiting]} were never written"
