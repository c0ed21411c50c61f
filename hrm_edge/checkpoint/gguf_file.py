"""A GGUF file as a checkpoint: llama.cpp's keys and names back to the model's, codes and scales as they are.

`hrm_text.block_count` counts KV slots and must be layers · H_cycles · (L_cycles + 1). `prefix_lm` is read under
`hrm_text.hrm.prefix_lm` and under `hrm_text.prefix_lm`, which some converters wrote.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hrm_edge.architecture import MODEL_TYPE, Architecture
from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.gguf_header import GgufHeader, GgufTensor, Value, read_gguf_header
from hrm_edge.checkpoint.gguf_names import ARCHITECTURE, CHAT_TEMPLATE_KEY, TOKENIZER_KEY, gguf_names
from hrm_edge.checkpoint.layout import check_layer_count, check_shapes, read_architecture
from hrm_edge.checkpoint.safetensors_file import read_bytes, widen_bfloat16
from hrm_edge.errors import ArchitectureError, CheckpointError
from hrm_edge.quantize.ggml_blocks import unpack_q4_0, unpack_q8_0

BITS = {"F32": 32, "F16": 16, "BF16": 16, "Q8_0": 8, "Q4_0": 4}


class GgufCheckpoint(Checkpoint):
    """One .gguf file, read one tensor at a time."""

    def __init__(self, header: GgufHeader, architecture: Architecture) -> None:
        self.path = header.path
        self.architecture = architecture
        self.tokenizer_json = _text(header, TOKENIZER_KEY)
        self.chat_template = _text(header, CHAT_TEMPLATE_KEY)
        self._stored = {name: header.tensors[theirs] for name, theirs in gguf_names(architecture).items()}
        self.bits = min(BITS[tensor.kind] for name, tensor in self._stored.items() if ".layers." in name)

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._stored.items():
            yield name, _read(self.path, tensor)


def open_gguf(path: Path) -> GgufCheckpoint:
    """Open a GGUF file. Only its header is read.

    Raises:
        CheckpointError: not GGUF, damaged, of another architecture, or with tensors that are not its keys'.
        ArchitectureError: a key with a value an HRM cannot have.
    """
    header = read_gguf_header(path)
    found = header.values.get("general.architecture")
    if found != ARCHITECTURE:
        raise CheckpointError(f"{path} holds the architecture {str(found)[:40]!r}: hrm-edge runs {ARCHITECTURE!r} only")
    architecture = read_architecture(_config(header), path)
    block_count = header.values.get("hrm_text.block_count")
    if block_count != architecture.kv_slots:
        raise ArchitectureError(
            f"{path}: hrm_text.block_count is {str(block_count)[:40]} and its layers and cycles give "
            f"{architecture.kv_slots} KV slots: the file is inconsistent; export it again"
        )
    check_layer_count(architecture, len(header.tensors), path)
    ours = {theirs: name for name, theirs in gguf_names(architecture).items()}
    check_shapes(architecture, {ours.get(name, name): t.shape for name, t in header.tensors.items()}, path)
    return GgufCheckpoint(header, architecture)


def _config(header: GgufHeader) -> dict[str, Any]:
    """The config.json that the keys amount to; its values are checked where every config's are."""
    embedding = header.tensors.get("token_embd.weight")
    if embedding is None:
        raise CheckpointError(f"{header.path} lacks the tensor token_embd.weight: an hrm_text model needs it")
    hidden, heads = _required(header, "embedding_length"), _required(header, "attention.head_count")
    head_dim = header.values.get("hrm_text.attention.key_length")
    if head_dim is None and type(hidden) is int and type(heads) is int and heads > 0:
        head_dim = hidden // heads  # as llama.cpp assumes where the key is absent
    for key in ("attention.value_length", "rope.dimension_count"):
        _check_agrees(header, key, head_dim)
    _check_agrees(header, "attention.head_count_kv", heads)
    _check_agrees(header, "rope.scaling.type", "none")
    prefix_lm = header.values.get("hrm_text.hrm.prefix_lm", header.values.get("hrm_text.prefix_lm", True))
    return {
        "model_type": MODEL_TYPE,
        "vocab_size": embedding.shape[0],
        "hidden_size": hidden,
        "intermediate_size": _required(header, "feed_forward_length"),
        "num_layers_per_stack": _required(header, "hrm.layers_per_stack"),
        "num_attention_heads": heads,
        "head_dim": head_dim,
        "H_cycles": _required(header, "hrm.h_cycles"),
        "L_cycles": _required(header, "hrm.l_cycles"),
        "max_position_embeddings": _required(header, "context_length"),
        "rope_theta": header.values.get("hrm_text.rope.freq_base", 10000.0),
        "rms_norm_eps": _shortest(_required(header, "attention.layer_norm_rms_epsilon")),
        "embedding_scale": _required(header, "embedding_scale"),
        "tie_word_embeddings": "output.weight" not in header.tensors,
        "prefix_lm": prefix_lm,
    }


def _required(header: GgufHeader, key: str) -> Value:
    value = header.values.get(f"hrm_text.{key}")
    if value is None:
        raise CheckpointError(f"{header.path} lacks the key hrm_text.{key}: an hrm_text file must state it")
    return value


def _check_agrees(header: GgufHeader, key: str, expected: Value | None) -> None:
    value = header.values.get(f"hrm_text.{key}", expected)
    if value != expected:
        raise ArchitectureError(
            f"{header.path}: hrm_text.{key} is {str(value)[:40]} and hrm_text needs {str(expected)[:40]} here; "
            "hrm-edge would compute something else"
        )


def _shortest(value: Value) -> Value:
    """1e-6 again, and not 9.999999974752427e-07, which is what its float32 reads as in double precision."""
    return float(str(np.float32(value))) if type(value) is float else value


def _text(header: GgufHeader, key: str) -> str | None:
    value = header.values.get(key)
    if value is not None and not isinstance(value, str):
        raise CheckpointError(f"{header.path}: {key} is {str(value)[:40]}: it must be a text")
    return value


def _read(path: Path, tensor: GgufTensor) -> Tensor:
    """One tensor: floats as float32 or float16, blocks as codes and scales."""
    raw = read_bytes(path, tensor.name, tensor.offset, tensor.byte_count)
    if tensor.kind in ("Q4_0", "Q8_0"):
        rows = raw.reshape(tensor.shape[0], -1)
        quantized = unpack_q4_0(rows) if tensor.kind == "Q4_0" else unpack_q8_0(rows)
        if not np.isfinite(quantized.scales).all():
            raise CheckpointError(f"{path}: {tensor.name} holds a scale that is not finite: fetch or export it again")
        return quantized
    if tensor.kind == "BF16":
        return widen_bfloat16(raw.view("<u2")).reshape(tensor.shape)
    return raw.view("<f4" if tensor.kind == "F32" else "<f2").reshape(tensor.shape)
