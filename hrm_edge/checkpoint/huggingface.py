"""A Hugging Face directory: config.json, safetensors (one file or shards), tokenizer.json, chat template.

Embedding and head are resolved as transformers does it: where the config ties them, whichever of the two is in the
file is used for both; two that differ mean that the config is wrong, and both are kept.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.layout import EMBEDDING, HEAD, check_shapes, read_architecture
from hrm_edge.checkpoint.safetensors_file import StoredTensor, read_header
from hrm_edge.checkpoint.sapient import unfused
from hrm_edge.checkpoint.text_files import TOKENIZER_LIMIT_BYTES, read_json_object, read_text
from hrm_edge.errors import CheckpointError, UnsafeCheckpointError

WEIGHTS_NAME = "model.safetensors"
INDEX_NAME = "model.safetensors.index.json"
PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
STACK_BITS = {"F32": 32, "F16": 16, "BF16": 16}
ROWS_COMPARED_AT_ONCE = 1024
SPECIAL_TOKEN_NAMES = ("bos_token", "eos_token", "pad_token", "unk_token")


class HuggingFaceCheckpoint(Checkpoint):
    """Float weights in transformers' or Sapient's layout."""

    def __init__(self, path: Path, architecture: Architecture, stored: Mapping[str, StoredTensor]) -> None:
        self.path = path
        self.architecture = architecture
        self.tokenizer_json = read_tokenizer(path)
        self.chat_template = read_chat_template(path)
        self.bits = min(STACK_BITS[tensor.kind] for name, tensor in stored.items() if ".layers." in name)
        self._stored = stored

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name in self.architecture.tensor_shapes():
            yield name, cast(Tensor, self._stored[name].read())


def open_huggingface(directory: Path, config: Mapping[str, Any]) -> HuggingFaceCheckpoint:
    """Open a directory whose config.json holds `config`. Only headers are read.

    Raises:
        ArchitectureError: a model we do not run.
        CheckpointError: no safetensors, damaged ones, or tensors that are not the config's.
    """
    architecture = read_architecture(config, directory / "config.json")
    stored = unfused(stored_tensors(directory), directory)
    for name, tensor in stored.items():
        if tensor.kind not in STACK_BITS:
            raise CheckpointError(
                f"{directory}: {name} has type {tensor.kind} and its config names no quantization: "
                f"weights are {', '.join(STACK_BITS)}"
            )
    architecture = _resolve_tied_head(architecture, stored)
    check_shapes(architecture, {name: tensor.shape for name, tensor in stored.items()}, directory)
    return HuggingFaceCheckpoint(directory, architecture, stored)


def stored_tensors(directory: Path) -> dict[str, StoredTensor]:
    """Name → place of every tensor in model.safetensors, or in the shards its index names."""
    if (directory / WEIGHTS_NAME).exists():
        return read_header(directory / WEIGHTS_NAME)
    weight_map = _weight_map(directory)
    shards = {shard: read_header(directory / shard) for shard in sorted(set(weight_map.values()))}
    for name, shard in weight_map.items():
        if name not in shards[shard]:
            raise CheckpointError(f"{directory / shard} lacks {name}, which {INDEX_NAME} says it holds: fetch it again")
    return {name: shards[shard][name] for name, shard in weight_map.items()}


def weight_files(directory: Path) -> list[Path]:
    """The safetensors files that hold the weights."""
    if (directory / WEIGHTS_NAME).exists():
        return [directory / WEIGHTS_NAME]
    return [directory / shard for shard in sorted(set(_weight_map(directory).values()))]


def read_tokenizer(directory: Path) -> str | None:
    """The text of tokenizer.json, or None where there is none."""
    path = directory / "tokenizer.json"
    return read_text(path, TOKENIZER_LIMIT_BYTES) if path.exists() else None


def read_chat_template(directory: Path) -> str | None:
    """chat_template.jinja, else `chat_template` of tokenizer_config.json (of several, the one named default).

    The special tokens that tokenizer_config.json names and a template may print (`bos_token`, …) are set in its first
    line, so that the template is enough by itself in every format it is exported to.
    """
    path = directory / "tokenizer_config.json"
    settings = read_json_object(path) if path.exists() else {}
    if (directory / "chat_template.jinja").exists():
        template: Any = read_text(directory / "chat_template.jinja")
    else:
        template = settings.get("chat_template")
    if isinstance(template, list):
        named = {entry.get("name"): entry.get("template") for entry in template if isinstance(entry, dict)}
        template = named.get("default")
    if template is None:
        return None
    if not isinstance(template, str):
        raise CheckpointError(f"{path}: chat_template is a {type(template).__name__}: it must be a Jinja text")
    return _special_token_lines(settings, template) + template


def _special_token_lines(settings: dict[str, Any], template: str) -> str:
    lines = []
    for name in SPECIAL_TOKEN_NAMES:
        token = settings.get(name)
        if isinstance(token, dict):
            token = token.get("content")
        if isinstance(token, str) and name in template:
            lines.append(f"{{%- set {name} = {json.dumps(token)} -%}}")
    return "".join(lines)


def _weight_map(directory: Path) -> dict[str, str]:
    """Tensor → shard of the index file; a shard is a plain name in the same directory."""
    path = directory / INDEX_NAME
    if not path.exists():
        raise _no_weights(directory)
    weight_map = read_json_object(path).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise CheckpointError(f"{path} has no weight_map: it must map every tensor to its shard")
    for name, shard in weight_map.items():
        if not isinstance(shard, str) or not shard.endswith(".safetensors") or set(shard) & set("/\\:\0"):
            raise CheckpointError(
                f"{path} places {name[:80]!r} in {str(shard)[:80]!r}: "
                "a shard must be a .safetensors file in the same directory"
            )
    return weight_map


def _no_weights(directory: Path) -> CheckpointError:
    pickles = sorted(entry.name for entry in directory.iterdir() if entry.suffix in PICKLE_SUFFIXES)
    if pickles:
        return unsafe(directory / pickles[0])
    return CheckpointError(
        f"{directory} has neither {WEIGHTS_NAME} nor {INDEX_NAME}: a checkpoint keeps its weights so"
    )


def unsafe(path: Path) -> UnsafeCheckpointError:
    """The refusal of a pickle."""
    return UnsafeCheckpointError(
        f"{path} is a pickle, which can run any code when it is opened: convert it to safetensors where it was made, "
        "with transformers' model.save_pretrained(DIRECTORY) or safetensors.torch.save_file"
    )


def _resolve_tied_head(architecture: Architecture, stored: dict[str, StoredTensor]) -> Architecture:
    """Settle which of embedding and head the model holds; `stored` loses a head that only repeats the embedding."""
    if not architecture.tie_word_embeddings or HEAD not in stored:
        return architecture
    if EMBEDDING not in stored:
        stored[EMBEDDING] = stored.pop(HEAD)
        return architecture
    if _equal(stored[EMBEDDING], stored[HEAD]):
        del stored[HEAD]
        return architecture
    return replace(architecture, tie_word_embeddings=False)


def _equal(first: StoredTensor, second: StoredTensor) -> bool:
    """Whether two matrices hold the same numbers, compared a few rows at a time."""
    if first.shape != second.shape or len(first.shape) != 2:
        return False
    for start in range(0, first.shape[0], ROWS_COMPARED_AT_ONCE):
        stop = min(start + ROWS_COMPARED_AT_ONCE, first.shape[0])
        if not np.array_equal(first.rows(start, stop).read(), second.rows(start, stop).read()):
            return False
    return True
