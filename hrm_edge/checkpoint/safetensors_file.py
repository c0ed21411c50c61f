"""Safetensors, read strictly: the header is checked against the file before anything is allocated.

The `safetensors` package gives numpy no bfloat16 and maps the whole file; this reader widens bfloat16 exactly and
reads one tensor (or some of its rows) at a time. A file is

    8 bytes         N, the header's length, unsigned little-endian
    N bytes         JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, ...}
    the rest        the tensors, without holes; offsets count from here

Format: https://github.com/huggingface/safetensors#format
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.text_files import file_size, parse_json_object, unreadable
from hrm_edge.errors import CheckpointError

HEADER_LIMIT_BYTES = 100 * 10**6
LENGTH_BYTES = 8
MOST_DIMENSIONS = 8
LONGEST_NAME = 256
ITEM_TYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "U8": "u1", "I8": "i1"}

Array = NDArray[np.float32] | NDArray[np.float16] | NDArray[np.uint8] | NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class StoredTensor:
    """Where a tensor lies: `offset` counts bytes from the start of the file, `kind` is a key of ITEM_TYPES."""

    path: Path
    name: str
    kind: str
    shape: tuple[int, ...]
    offset: int

    @property
    def byte_count(self) -> int:
        return math.prod(self.shape) * np.dtype(ITEM_TYPES[self.kind]).itemsize

    def rows(self, start: int, stop: int) -> "StoredTensor":
        """The part of a matrix from row `start` up to row `stop`, as a tensor of its own."""
        row_bytes = self.byte_count // self.shape[0]
        return replace(self, shape=(stop - start, *self.shape[1:]), offset=self.offset + start * row_bytes)

    def read(self) -> Array:
        """The values, bfloat16 widened to float32, all other types as they are stored.

        Raises:
            CheckpointError: the file was cut short or removed after its header was read.
        """
        raw = read_bytes(self.path, self.name, self.offset, self.byte_count)
        items = raw.view(ITEM_TYPES[self.kind]).reshape(self.shape)
        return widen_bfloat16(items) if self.kind == "BF16" else items


def read_header(path: Path) -> dict[str, StoredTensor]:
    """Name → place of every tensor of a safetensors file, in the file's order.

    Raises:
        CheckpointError: cut short, malformed, offsets that overlap, leave holes or leave the file, a size that is not
            type × shape, or a type we do not read.
    """
    size = file_size(path)
    entries, data_start = _read_entries(path, size)
    entries.pop("__metadata__", None)
    tensors: dict[str, StoredTensor] = {}
    end = data_start
    for name, begin, stop, kind, shape in sorted(
        (_checked_entry(path, name, entry) for name, entry in entries.items()), key=lambda entry: entry[1:3]
    ):
        tensor = StoredTensor(path=path, name=name, kind=kind, shape=shape, offset=data_start + begin)
        if tensor.offset != end:
            gap = f"{name} begins at byte {begin} of the data and the tensor before it ends at {end - data_start}"
            raise _damaged(path, f"{gap}: tensors lie without holes or overlaps")
        if stop - begin != tensor.byte_count:
            raise _damaged(path, f"{name} has {stop - begin} bytes and {kind} {list(shape)} needs {tensor.byte_count}")
        end = data_start + stop
        tensors[name] = tensor
    if end != size:
        raise _damaged(path, f"its header describes {end} bytes and the file has {size}")
    return tensors


def read_bytes(path: Path, name: str, offset: int, count: int) -> NDArray[np.uint8]:
    """`count` bytes of a file from `offset`, all of them or an error that names the tensor."""
    try:
        raw = np.fromfile(path, np.uint8, count, offset=offset)
    except OSError as error:
        raise unreadable(path, error) from error
    if raw.size != count:
        raise _damaged(path, f"{name} needs {count} bytes from byte {offset} and the file gives {raw.size}")
    return raw


def widen_bfloat16(bits: NDArray[Any]) -> NDArray[np.float32]:
    """uint16 bit patterns of bfloat16 → the same numbers in float32: bfloat16 is its upper half, so this is exact."""
    wide = bits.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)


def _read_entries(path: Path, size: int) -> tuple[dict[str, Any], int]:
    """The header's JSON and the position where the data begins."""
    if size < LENGTH_BYTES:
        raise _damaged(path, f"it has {size} bytes and a safetensors file begins with {LENGTH_BYTES} for its header")
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(LENGTH_BYTES), "little")
            if length > HEADER_LIMIT_BYTES:
                raise _damaged(path, f"its header claims {length} bytes and the limit is {HEADER_LIMIT_BYTES}")
            if length > size - LENGTH_BYTES:
                raise _damaged(path, f"its header claims {length} bytes and the file has {size}")
            header = file.read(length)
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        text = header.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(path, f"its header is not UTF-8 at byte {error.start}") from error
    return parse_json_object(text, f"the header of {path}"), LENGTH_BYTES + length


def _checked_entry(path: Path, name: str, entry: object) -> tuple[str, int, int, str, tuple[int, ...]]:
    """name, begin, stop, kind, shape of one header entry, each of the right type."""
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise _damaged(path, f"a tensor is named {name[:40]!r}: names are printable, of at most {LONGEST_NAME} letters")
    if not isinstance(entry, dict):
        raise _damaged(path, f"the header's entry of {name} is no object")
    kind, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(kind, str) or kind not in ITEM_TYPES:
        known = ", ".join(ITEM_TYPES)
        raise CheckpointError(
            f"{path}: {name} has type {str(kind)[:40]!r}: hrm-edge reads {known}; save it as one of these"
        )
    sizes, places = _sizes(shape), _sizes(offsets)
    if sizes is None or len(sizes) > MOST_DIMENSIONS:
        raise _damaged(
            path, f"{name} has shape {str(shape)[:80]}: it must be a list of at most {MOST_DIMENSIONS} sizes"
        )
    if places is None or len(places) != 2 or places[0] > places[1]:
        raise _damaged(path, f"{name} has offsets {str(offsets)[:80]}: they must be a begin and an end after it")
    return name, places[0], places[1], kind, sizes


def _sizes(value: object) -> tuple[int, ...] | None:
    """A JSON list of sizes that fit 63 bits, or None."""
    if not isinstance(value, list) or not all(type(item) is int and 0 <= item < 2**63 for item in value):
        return None
    return tuple(value)


def _damaged(path: Path, rule: str) -> CheckpointError:
    return CheckpointError(f"{path}: {rule}; the file is damaged or cut short, fetch it again")
