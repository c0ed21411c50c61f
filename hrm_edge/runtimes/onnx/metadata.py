"""What an exported ONNX file says about itself, read without `onnx`, without a session and without its weights.

An ONNX file is one protobuf message, ModelProto. Its fields follow one another, each after a tag that tells number and
kind; the graph, which holds the weights, is one field that is skipped by seeking over it:

    tag = number << 3 | kind, a varint
    kind 0  varint                7 bits to a byte, lowest first, the high bit set while more follow
    kind 1  8 bytes
    kind 2  length (varint) and that many bytes: text, or a message
    kind 5  4 bytes

Reference: https://protobuf.dev/programming-guides/encoding/ and onnx.proto (graph = 7, metadata_props = 14, whose
entries have key = 1 and value = 2).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from hrm_edge.architecture import Architecture
from hrm_edge.errors import ArchitectureError, CheckpointError
from hrm_edge.export.onnx_names import (
    CHAT_TEMPLATE_KEY,
    CONFIG_KEY,
    EMBEDDING_ROWS_KEY,
    KV_TYPE_KEY,
    KV_TYPES,
    TOKENIZER_KEY,
    VERSION_KEY,
    WEIGHTS_DIGEST_KEY,
    WEIGHTS_FILE_KEY,
    KvType,
)

GRAPH_FIELD, METADATA_FIELD = 7, 14
LARGEST_ENTRY = 64 * 2**20
"""Bytes of one metadata entry; the largest tokenizer.json in use have 30 MB."""

DIGEST_BYTES = 32

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5


@dataclass(frozen=True, kw_only=True)
class EmbeddingRows:
    """Where the weights file has the embedding."""

    offset: int
    """Of the first row, in bytes."""
    row_bytes: int
    count: int


@dataclass(frozen=True, kw_only=True)
class OnnxMetadata:
    """The model in an ONNX file of ours."""

    architecture: Architecture
    """With the cycles that the graph has unrolled."""
    bits: int
    """4, 8, 16 or 32: the width of the weights of the checkpoint it was exported from."""
    kv_type: KvType
    """Of the keys and values that go in and out."""
    tokenizer_json: str | None
    chat_template: str | None
    version: str
    """The hrm-edge that wrote the file."""
    weights_file: str | None
    """Name of the file beside it that holds the weights, or None where they are inside."""
    weights_digest: str | None
    """SHA-256 of the weights in that file, in hexadecimal."""
    embedding_rows: EmbeddingRows | None
    """In that file; None where the graph does not tell, as earlier ones do not."""


def read_onnx_metadata(path: Path) -> OnnxMetadata:
    """Read what `hrm_edge.export.onnx_graph` wrote into `path`. Milliseconds, whatever the size of the model.

    Raises:
        CheckpointError: nothing there, no ONNX file, a damaged one, or one that hrm-edge did not write.
        ArchitectureError: a model that hrm-edge does not run.
    """
    entries = _metadata_entries(path)
    if CONFIG_KEY not in entries:
        raise CheckpointError(
            f"{path} is an ONNX file without hrm-edge's metadata, so its architecture is unknown: make one with "
            "hrm-edge export CHECKPOINT --to onnx"
        )
    try:
        config = json.loads(entries[CONFIG_KEY])
        bits = config["bits"]
        architecture = Architecture.from_config(config)
    except ArchitectureError as error:
        raise ArchitectureError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{path}: its {CONFIG_KEY} is damaged ({error}); export the model again") from error
    if bits not in (4, 8, 16, 32):
        raise CheckpointError(f"{path}: {CONFIG_KEY} says {bits!r} bits: it must be 4, 8, 16 or 32")
    kv_type = next((known for known in KV_TYPES if known == entries.get(KV_TYPE_KEY, "f32")), None)
    if kv_type is None:
        raise CheckpointError(
            f"{path}: {KV_TYPE_KEY} says {entries[KV_TYPE_KEY]!r}: it must be one of {', '.join(KV_TYPES)}"
        )
    return OnnxMetadata(
        architecture=architecture,
        bits=bits,
        kv_type=kv_type,
        tokenizer_json=entries.get(TOKENIZER_KEY),
        chat_template=entries.get(CHAT_TEMPLATE_KEY),
        version=entries.get(VERSION_KEY, ""),
        weights_file=entries.get(WEIGHTS_FILE_KEY),
        weights_digest=entries.get(WEIGHTS_DIGEST_KEY),
        embedding_rows=_embedding_rows(entries.get(EMBEDDING_ROWS_KEY, ""), architecture.vocab_size),
    )


def check_weights_file(path: Path, metadata: OnnxMetadata) -> None:
    """Compare the digest that closes the weights file with the one `path` was exported with; neither is read whole.

    Raises:
        CheckpointError: the weights file is missing, cut short, or belongs to another export.
    """
    name = metadata.weights_file
    if name is None:
        return
    weights = path.with_name(Path(name).name)
    try:
        with weights.open("rb") as file:
            file.seek(-DIGEST_BYTES, 2)
            found = file.read(DIGEST_BYTES).hex()
    except OSError as error:
        raise CheckpointError(
            f"{path} keeps its weights in {weights.name}, which cannot be read ({error.strerror}): put it beside it"
        ) from error
    if found != metadata.weights_digest:
        raise CheckpointError(
            f"{weights} is cut short or belongs to another export than {path.name}: copy both files, or export again"
        )


def _embedding_rows(said: str, count: int) -> EmbeddingRows | None:
    """Only advice hangs on it, so that what is no pair of sizes is as good as nothing."""
    if re.fullmatch(r"[0-9]{1,12} [1-9][0-9]{0,8}", said) is None:
        return None
    offset, row_bytes = (int(size) for size in said.split())
    return EmbeddingRows(offset=offset, row_bytes=row_bytes, count=count)


def _metadata_entries(path: Path) -> dict[str, str]:
    """All key-value pairs of the file's metadata."""
    entries: dict[str, str] = {}
    has_graph = False
    try:
        with path.open("rb") as file:
            for number, length in _fields(file, path.stat().st_size):
                if number == METADATA_FIELD:
                    key, value = _entry(_take(file, length))
                    entries[key] = value
                else:
                    has_graph |= number == GRAPH_FIELD
                    file.seek(length, 1)
    except FileNotFoundError:
        raise CheckpointError(f"{path} does not exist: give an .onnx file") from None
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}): check the path") from error
    except _DamagedError as error:
        raise CheckpointError(f"{path} is no ONNX file or is damaged ({error}): export or fetch it again") from None
    if not has_graph:
        raise CheckpointError(f"{path} is no ONNX file or is damaged (it has no graph): export or fetch it again")
    return entries


class _DamagedError(Exception):
    """The bytes are no protobuf message."""


def _fields(file: IO[bytes], size: int) -> Iterator[tuple[int, int]]:
    """Number and length of each field up to byte `size`; whoever asks reads or skips that many bytes."""
    while (start := file.tell()) < size:
        tag = _varint(file)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            _varint(file)
            length = 0
        elif kind == BYTES:
            length = _varint(file)
        elif kind in (EIGHT_BYTES, FOUR_BYTES):
            length = 8 if kind == EIGHT_BYTES else 4
        else:
            raise _DamagedError(f"field of unknown kind {kind} at byte {start}")
        if number == 0 or length > size - file.tell():
            raise _DamagedError(f"field {number} of {length} bytes at byte {start} of {size}")
        yield number, length


def _entry(message: bytes) -> tuple[str, str]:
    """Key and value of a StringStringEntryProto."""
    file, texts = BytesIO(message), {1: "", 2: ""}
    for number, length in _fields(file, len(message)):
        try:
            texts[number] = _take(file, length).decode()
        except UnicodeDecodeError:
            raise _DamagedError("metadata that is not UTF-8") from None
    return texts[1], texts[2]


def _take(file: IO[bytes], length: int) -> bytes:
    if length > LARGEST_ENTRY:
        raise _DamagedError(f"metadata of {length} bytes; the most is {LARGEST_ENTRY}")
    return file.read(length)


def _varint(file: IO[bytes]) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            break
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise _DamagedError("a number that does not end")
