"""What a model file is and what it will cost to run, from its header alone: `hrm-edge info PATH`.

`describe` reads any checkpoint and any ONNX file that hrm-edge wrote; `describe_machine` is what `hrm-edge info` says
with no path. Both return data; printing is the command's.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, open_checkpoint
from hrm_edge.checkpoint.gguf_file import GgufCheckpoint
from hrm_edge.checkpoint.huggingface import weight_files
from hrm_edge.checkpoint.quantized import QuantizedCheckpoint
from hrm_edge.checkpoint.text_files import file_size
from hrm_edge.errors import CheckpointError
from hrm_edge.machine import MachineInfo, describe_machine

__all__ = ["MEMORY_BUDGET_BYTES", "MachineInfo", "ModelInfo", "describe", "describe_machine"]

MEMORY_BUDGET_BYTES = 2 * 10**9
KV_TYPES = ("f16", "q8_0")


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """One model on disk."""

    path: Path
    format: str
    """huggingface, quantized (a directory that hrm-edge quantize wrote), gguf or onnx."""
    architecture: Architecture
    bits: int
    """4, 8, 16 or 32: the width of the weights of the stacks."""
    file_bytes: int
    """Of the files that hold the weights; a runtime that maps them needs about as much memory."""
    tokenizer_vocab_size: int | None
    """Tokens the tokenizer knows (the model may have more rows), or None where the model brings no tokenizer."""
    has_chat_template: bool

    @property
    def parameters(self) -> int:
        return self.architecture.parameter_count()

    @property
    def parameters_without_embeddings(self) -> int:
        return self.architecture.parameter_count(embeddings=False)

    @property
    def kv_bytes_per_token(self) -> dict[str, int]:
        """KV type → bytes of keys and values one token occupies."""
        return {kv_type: self.architecture.kv_bytes_per_token(kv_type) for kv_type in KV_TYPES}

    @property
    def context_in_2_gb(self) -> dict[str, int]:
        """KV type → the longest context whose KV cache fits 2·10⁹ bytes beside the weights.

        Never more than the model's own limit; 0 where the weights alone are larger. What the runtime itself needs
        (buffers, the Python process) comes on top: `hrm-edge bench` measures it.
        """
        left = max(0, MEMORY_BUDGET_BYTES - self.file_bytes)
        longest = self.architecture.max_position_embeddings
        return {kv_type: min(longest, left // size) for kv_type, size in self.kv_bytes_per_token.items()}

    def to_json(self) -> dict[str, Any]:
        """Everything above under the same names, ready for JSON; `architecture` with its `kv_slots`."""
        return {
            "path": str(self.path),
            "format": self.format,
            "architecture": {**asdict(self.architecture), "kv_slots": self.architecture.kv_slots},
            "bits": self.bits,
            "parameters": self.parameters,
            "parameters_without_embeddings": self.parameters_without_embeddings,
            "file_bytes": self.file_bytes,
            "kv_bytes_per_token": self.kv_bytes_per_token,
            "context_in_2_gb": self.context_in_2_gb,
            "tokenizer_vocab_size": self.tokenizer_vocab_size,
            "has_chat_template": self.has_chat_template,
        }


def describe(path: Path) -> ModelInfo:
    """Describe a checkpoint directory, a GGUF file or an ONNX file of ours; no weight is read.

    Raises:
        CheckpointError, ArchitectureError: what lies at `path` is no model we run, or is damaged.
    """
    if path.suffix == ".onnx":
        return _describe_onnx(path)
    with open_checkpoint(path) as checkpoint:
        kind, files = _format(checkpoint)
        return ModelInfo(
            path=path,
            format=kind,
            architecture=checkpoint.architecture,
            bits=checkpoint.bits,
            file_bytes=sum(file_size(file) for file in files),
            tokenizer_vocab_size=_vocab_size(checkpoint.tokenizer_json, path),
            has_chat_template=checkpoint.chat_template is not None,
        )


def _format(checkpoint: Checkpoint) -> tuple[str, list[Path]]:
    """The format's name and the files that hold the weights."""
    if isinstance(checkpoint, GgufCheckpoint):
        return "gguf", [checkpoint.path]
    kind = "quantized" if isinstance(checkpoint, QuantizedCheckpoint) else "huggingface"
    return kind, weight_files(checkpoint.path)


def _describe_onnx(path: Path) -> ModelInfo:
    from hrm_edge.runtimes.onnx.metadata import read_onnx_metadata

    metadata = read_onnx_metadata(path)
    data = path.with_name(f"{path.name}.data")
    return ModelInfo(
        path=path,
        format="onnx",
        architecture=metadata.architecture,
        bits=metadata.bits,
        file_bytes=file_size(path) + (file_size(data) if data.exists() else 0),
        tokenizer_vocab_size=_vocab_size(metadata.tokenizer_json, path),
        has_chat_template=metadata.chat_template is not None,
    )


def _vocab_size(tokenizer_json: str | None, path: Path) -> int | None:
    if tokenizer_json is None:
        return None
    from hrm_edge.tokenizer import Tokenizer

    try:
        return Tokenizer.from_json(tokenizer_json).vocab_size
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from None
