"""The header of a GGUF file, walked strictly: every count and length is checked against the file before it is used.

PyPI's `gguf.GGUFReader` believes the counts it reads (a flipped bit in an array's length makes it run and allocate
without end) and makes objects of every token of the vocabulary (seconds at start); the tests hold this reader to it.

    "GGUF"  u32 version  u64 tensors  u64 keys
    keys      × (string, u32 type, value)
    tensors   × (string, u32 dimensions, u64 per dimension with columns first, u32 type, u64 offset)
    padding to `general.alignment`, then the data, from which offsets count

A string is a u64 length and its bytes; an array is a u32 type, a u64 count and the values. All little-endian.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hrm_edge.checkpoint.text_files import TOKENIZER_LIMIT_BYTES, file_size, unreadable
from hrm_edge.errors import CheckpointError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_ENTRIES = 65536
MOST_STRINGS = 4 * 10**6
MOST_DIMENSIONS = 4
LONGEST_NAME = 256
DEFAULT_ALIGNMENT = 32
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
BLOCKS = {"F32": (1, 4), "F16": (1, 2), "BF16": (1, 2), "Q4_0": (32, 18), "Q8_0": (32, 34)}
"""Tensor type → (weights per block, bytes per block)."""
TYPE_NAMES = {0: "F32", 1: "F16", 2: "Q4_0", 8: "Q8_0", 30: "BF16"}

Value = int | float | bool | str


@dataclass(frozen=True, kw_only=True)
class GgufTensor:
    """Where a tensor lies. `shape` is [rows, columns], `offset` counts bytes from the start of the file."""

    name: str
    kind: str
    shape: tuple[int, ...]
    offset: int

    @property
    def byte_count(self) -> int:
        weights, size = BLOCKS[self.kind]
        return math.prod(self.shape) // weights * size


@dataclass(frozen=True, kw_only=True)
class GgufHeader:
    """Keys and tensors of one file. Arrays (the vocabulary) are not kept, only how long they are."""

    path: Path
    values: dict[str, Value]
    array_lengths: dict[str, int]
    tensors: dict[str, GgufTensor]


def read_gguf_header(path: Path) -> GgufHeader:
    """Read the keys and the tensors' places.

    Raises:
        CheckpointError: no GGUF file, cut short, damaged, or with tensors of a type we do not read.
    """
    size = file_size(path)
    try:
        with path.open("rb") as file:
            return _read_header(_Cursor(path, file, size))
    except OSError as error:
        raise unreadable(path, error) from error


class _Cursor:
    """Reads forward through the header and never past the end of the file."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self.path = path
        self.size = size
        self.position = 0
        self._file = file

    def take(self, count: int) -> bytes:
        self._check(count)
        self.position += count
        return self._file.read(count)

    def skip(self, count: int) -> None:
        self._check(count)
        self.position += count
        self._file.seek(count, 1)

    def unsigned(self, count: int) -> int:
        return int.from_bytes(self.take(count), "little")

    def text(self, limit: int) -> str:
        length = self.unsigned(8)
        if length > limit:
            raise self.damaged(f"a string of {length} bytes stands at byte {self.position}, at most {limit} may")
        raw = self.take(length)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.damaged(f"the string at byte {self.position - length} is not UTF-8") from error

    def damaged(self, rule: str) -> CheckpointError:
        return CheckpointError(f"{self.path}: {rule}; the file is damaged or cut short, fetch or export it again")

    def _check(self, count: int) -> None:
        if count > self.size - self.position:
            raise self.damaged(f"its header needs {count} bytes at byte {self.position} and the file has {self.size}")


def _read_header(cursor: _Cursor) -> GgufHeader:
    magic = cursor.take(min(len(MAGIC), cursor.size))
    if magic != MAGIC:
        raise CheckpointError(
            f"{cursor.path} begins with {magic!r} and a GGUF file with {MAGIC!r}: it is another format"
        )
    version = cursor.unsigned(4)
    if version not in VERSIONS:
        raise cursor.damaged(f"its GGUF version is {version} and hrm-edge reads {VERSIONS}, little-endian")
    tensor_count, key_count = cursor.unsigned(8), cursor.unsigned(8)
    for what, count in (("tensors", tensor_count), ("keys", key_count)):
        if count > MOST_ENTRIES:
            raise cursor.damaged(f"it claims {count} {what} and at most {MOST_ENTRIES} are read")
    values: dict[str, Value] = {}
    array_lengths: dict[str, int] = {}
    for key in _unique_names(cursor, key_count):
        kind = cursor.unsigned(4)
        if kind == ARRAY:
            array_lengths[key] = _skip_array(cursor)
        else:
            values[key] = _value(cursor, kind)
    places = [(name, *_place(cursor, name)) for name in _unique_names(cursor, tensor_count)]
    tensors = _laid_out(cursor, places, _data_start(cursor, values))
    return GgufHeader(path=cursor.path, values=values, array_lengths=array_lengths, tensors=tensors)


def _unique_names(cursor: _Cursor, count: int) -> Iterator[str]:
    """The name of each of `count` entries, at which the cursor then stands."""
    seen: set[str] = set()
    for _ in range(count):
        name = cursor.text(LONGEST_NAME)
        if name in seen or not name.isprintable():
            raise cursor.damaged(f"the name {name!r} stands twice or is not printable")
        seen.add(name)
        yield name


def _value(cursor: _Cursor, kind: int) -> Value:
    if kind == STRING:
        return cursor.text(TOKENIZER_LIMIT_BYTES)
    form = _scalar_form(cursor, kind)
    value: Value = struct.unpack(form, cursor.take(struct.calcsize(form)))[0]
    return value


def _skip_array(cursor: _Cursor) -> int:
    """Step over an array of scalars or strings; its length."""
    kind, count = cursor.unsigned(4), cursor.unsigned(8)
    if kind != STRING:
        cursor.skip(count * struct.calcsize(_scalar_form(cursor, kind)))
        return count
    if count > MOST_STRINGS:
        raise cursor.damaged(
            f"an array at byte {cursor.position} claims {count} strings and at most {MOST_STRINGS} are read"
        )
    for _ in range(count):
        cursor.skip(cursor.unsigned(8))
    return count


def _scalar_form(cursor: _Cursor, kind: int) -> str:
    if kind not in SCALARS:
        raise cursor.damaged(f"a value before byte {cursor.position} has type {kind}, which GGUF does not know")
    return SCALARS[kind]


def _place(cursor: _Cursor, name: str) -> tuple[str, tuple[int, ...], int]:
    """Type, shape and offset within the data of the tensor whose name was just read."""
    dimensions = cursor.unsigned(4)
    if not 1 <= dimensions <= MOST_DIMENSIONS:
        raise cursor.damaged(f"{name} has {dimensions} dimensions, 1 to {MOST_DIMENSIONS} are possible")
    shape = tuple(cursor.unsigned(8) for _ in range(dimensions))[::-1]
    kind = cursor.unsigned(4)
    if kind not in TYPE_NAMES:
        raise CheckpointError(
            f"{cursor.path}: {name} has type {_ggml_name(kind)} and hrm-edge reads {', '.join(BLOCKS)}: "
            "make the file with hrm-edge export or quantize"
        )
    return TYPE_NAMES[kind], shape, cursor.unsigned(8)


def _ggml_name(kind: int) -> str:
    """The name of a type we do not read, for the error alone."""
    from gguf import GGMLQuantizationType

    known = {int(entry): entry.name for entry in GGMLQuantizationType}
    return str(known.get(kind, kind))


def _data_start(cursor: _Cursor, values: dict[str, Value]) -> int:
    alignment = values.get("general.alignment", DEFAULT_ALIGNMENT)
    if type(alignment) is not int or not 1 <= alignment <= 2**20 or alignment & (alignment - 1):
        raise cursor.damaged(f"general.alignment is {str(alignment)[:40]}: it must be a power of two")
    return -(-cursor.position // alignment) * alignment


def _laid_out(
    cursor: _Cursor, places: list[tuple[str, str, tuple[int, ...], int]], data_start: int
) -> dict[str, GgufTensor]:
    """The tensors by name, each whole blocks, inside the file and after the end of the one before it."""
    found: dict[str, GgufTensor] = {}
    end = data_start
    for name, kind, shape, offset in sorted(places, key=lambda place: place[3]):
        tensor = GgufTensor(name=name, kind=kind, shape=shape, offset=data_start + offset)
        if shape[-1] % BLOCKS[kind][0]:
            raise cursor.damaged(f"{name} has shape {list(shape)} and {kind} holds whole blocks of {BLOCKS[kind][0]}")
        if tensor.offset < end:
            raise cursor.damaged(f"{name} begins at byte {tensor.offset} and the tensor before it ends at {end}")
        end = tensor.offset + tensor.byte_count
        if end > cursor.size:
            raise cursor.damaged(f"{name} ends at byte {end} and the file has {cursor.size}")
        found[name] = tensor
    return found
