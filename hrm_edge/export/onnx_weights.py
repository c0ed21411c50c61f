"""Tensors of a checkpoint → initializers of an ONNX graph, streamed: one tensor in memory, its bytes to the store.

A float matrix lies as it is, float32 [rows, columns], for `FusedMatMul` with transB. A matrix on the grid becomes two
initializers in the layout of `com.microsoft::MatMulNBits` with block_size 32; the codes are those of the grid, the
scales its fp16 widened to float32 (the operator wants the type of its activations), and nothing is rounded again:

    <name>.codes   uint8 [rows, columns / 32, 16 | 32]
        4 bits, byte j:   7 6 5 4     3 2 1 0        zero point 8, the operator's default
                         code[2j+1]   code[2j]
        8 bits, byte j:   code[j] + 128              zero point 128, the operator's default
    <name>.scales  float32 [rows, columns / 32]

Several tensors may share one initializer, stacked along their rows (queries, keys and values: one product instead of
three is 7 % of decode time). Stacked rows are neighbours in the store, so stacking needs no copy either.

Reference: MatMulNBits in https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import SEEK_END
from typing import IO, Any

import numpy as np
import onnx
from numpy.typing import NDArray

from hrm_edge.checkpoint.base import Tensor
from hrm_edge.errors import ExportError
from hrm_edge.quantize.grid import BLOCK_SIZE, QuantizedTensor, pack_nibbles

ALIGNMENT = 4096
"""Initializers start on a page: external data is mapped, never copied."""

SMALLEST_EXTERNAL = 1024
"""Bytes. Shape inference wants axes and shapes in the graph itself."""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A weight matrix [rows, columns] in the store, under `name` (float) or `name`.codes and `name`.scales."""

    name: str
    rows: int
    columns: int
    bits: int
    """4 or 8 on the grid, 32 in float."""

    @property
    def codes(self) -> str:
        return f"{self.name}.codes"

    @property
    def scales(self) -> str:
        return f"{self.name}.scales"

    @property
    def row_bytes(self) -> int:
        """Of a row's codes or floats."""
        return self.columns * self.bits // 8


class WeightStore:
    """Appends initializers to an open file and remembers where they lie."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = 0
        self._digest = hashlib.sha256()
        self._placed: list[_Placed] = []

    def add_matrix(self, name: str, tensors: Iterable[Tensor]) -> Matrix:
        """Store the rows of all `tensors`, in order, as one matrix; each is taken, written and let go.

        Raises:
            ExportError: one of them is of another width or on another grid than the first.
        """
        first: Matrix | None = None
        rows, scales = 0, []
        for tensor in tensors:
            part = Matrix(name=name, rows=tensor.shape[0], columns=tensor.shape[1], bits=_bits(tensor))
            if first is None:
                first = part
                self._align()
            elif (part.columns, part.bits) != (first.columns, first.bits):
                raise ExportError(
                    f"{name}: its tensors are stored in {first.bits} and in {part.bits} bits, and the ONNX graph "
                    "multiplies them at once: quantize the checkpoint with hrm-edge"
                )
            rows += part.rows
            if isinstance(tensor, QuantizedTensor):
                self._append(_packed(tensor))
                scales.append(tensor.scales.astype(np.float32))
            else:
                self._append(tensor.astype(np.float32, copy=False))
        if first is None:
            raise ValueError(f"{name} has no tensors")
        matrix = Matrix(name=name, rows=rows, columns=first.columns, bits=first.bits)
        if matrix.bits == 32:
            self._place(name, np.dtype(np.float32), (rows, matrix.columns))
        else:
            blocks = matrix.columns // BLOCK_SIZE
            self._place(matrix.codes, np.dtype(np.uint8), (rows, blocks, BLOCK_SIZE * matrix.bits // 8))
            self.add(matrix.scales, np.concatenate(scales))
        return matrix

    def add(self, name: str, array: NDArray[Any]) -> str:
        """Store one array as it is; returns `name`."""
        self._align()
        self._append(array)
        self._place(name, array.dtype, array.shape)
        return name

    def offset(self, name: str) -> int:
        """Where an initializer starts, in bytes."""
        return next(placed.offset for placed in self._placed if placed.name == name)

    def seal(self) -> str:
        """Close the file with the digest of all that was added; returns it in hexadecimal."""
        self._file.write(self._digest.digest())
        return self._digest.hexdigest()

    def initializers(self, location: str | None) -> list[onnx.TensorProto]:
        """All of them, in the order they were added.

        location: None puts the bytes, read back from the file, inside; a name refers to the file, which will have
            that name beside the graph. Tensors below SMALLEST_EXTERNAL are inside in both cases.
        """
        self._file.flush()
        tensors = []
        for placed in self._placed:
            tensor = placed.header()
            if location is None or placed.length < SMALLEST_EXTERNAL:
                self._file.seek(placed.offset)
                tensor.raw_data = self._file.read(placed.length)
                self._file.seek(0, SEEK_END)
            else:
                tensor.data_location = onnx.TensorProto.EXTERNAL
                for key, value in (("location", location), ("offset", placed.offset), ("length", placed.length)):
                    tensor.external_data.add(key=key, value=str(value))
            tensors.append(tensor)
        return tensors

    def _align(self) -> None:
        gap = -self._end % ALIGNMENT
        self._file.write(bytes(gap))
        self._start = self._end = self._end + gap

    def _append(self, array: NDArray[Any]) -> None:
        data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data.cast("B")
        self._digest.update(data)
        self._end += self._file.write(data)

    def _place(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        """Everything since the last `_align` is the initializer `name`."""
        self._placed.append(_Placed(name, dtype, shape, self._start, self._end - self._start))


@dataclass(frozen=True)
class _Placed:
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int
    length: int

    def header(self) -> onnx.TensorProto:
        return onnx.TensorProto(
            name=self.name, data_type=onnx.helper.np_dtype_to_tensor_dtype(self.dtype), dims=self.shape
        )


def _bits(tensor: Tensor) -> int:
    return tensor.bits if isinstance(tensor, QuantizedTensor) else 32


def _packed(tensor: QuantizedTensor) -> NDArray[np.uint8]:
    """Codes as MatMulNBits stores them: two to a byte at 4 bits, moved to 1…255 at 8."""
    if tensor.bits == 4:
        return pack_nibbles(tensor.codes.astype(np.uint8, copy=False))
    return (tensor.codes.astype(np.int16) + 128).astype(np.uint8)
