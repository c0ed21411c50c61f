"""A quantized checkpoint: a Hugging Face directory whose matrices are codes and scales of the grid.

    config.json          the architecture, and `quantization_config` (QuantizationConfig)
    model.safetensors    <name>.codes    8 bits: int8 [rows, columns]
                                         4 bits: uint8 [rows, columns / 2], packed as grid.pack_nibbles draws it
                         <name>.scales   float16 [rows, columns / 32]
                         model.z_L_init  float32, as it is
    tokenizer files      copied from the float checkpoint

At 4 bits the embedding and the head keep `embedding_bits` (8): they are what a small vocabulary's answers hang on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.huggingface import read_chat_template, read_tokenizer, stored_tensors
from hrm_edge.checkpoint.layout import EMBEDDING, HEAD, check_layer_count, read_architecture
from hrm_edge.checkpoint.safetensors_file import StoredTensor
from hrm_edge.errors import CheckpointError, GridError
from hrm_edge.quantize.grid import BLOCK_SIZE, Bits, QuantizedTensor, check_quantizable, unpack_nibbles

QUANT_METHOD = "hrm-edge"
CODES = ".codes"
SCALES = ".scales"


@dataclass(frozen=True, kw_only=True)
class QuantizationConfig:
    """The `quantization_config` of config.json."""

    quant_method: str = QUANT_METHOD
    bits: Bits
    block_size: int = BLOCK_SIZE
    embedding_bits: Bits = 8
    method: str
    """How the codes were found: rtn, gptq or qat. Readers need not care."""

    def bits_of(self, name: str) -> Bits:
        """4 or 8: the bits of one matrix."""
        return self.embedding_bits if name in (EMBEDDING, HEAD) else self.bits

    def to_config(self) -> dict[str, Any]:
        """As it stands in config.json."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: object, path: Path) -> "QuantizationConfig":
        """Checked; `path` names the file in errors.

        Raises:
            CheckpointError: another tool's quantization, an unknown key, or a value the grid does not have.
        """
        if not isinstance(config, dict) or config.get("quant_method") != QUANT_METHOD:
            method = config.get("quant_method") if isinstance(config, dict) else config
            raise CheckpointError(
                f"{path} is quantized by {str(method)[:40]!r} and hrm-edge reads its own grid: "
                "start from the unquantized checkpoint"
            )
        allowed = {"bits": (4, 8), "block_size": (BLOCK_SIZE,), "embedding_bits": (4, 8)}
        for key, values in allowed.items():
            if type(config.get(key)) is not int or config[key] not in values:
                found = str(config.get(key))[:40]
                raise CheckpointError(f"{path}: quantization_config has {key} {found}: it must be one of {values}")
        unknown = sorted(config.keys() - cls.__dataclass_fields__.keys())
        if unknown or not isinstance(config.get("method"), str):
            raise CheckpointError(
                f"{path}: quantization_config needs a method and has unknown keys {str(unknown)[:80]}"
            )
        return cls(**config)


class QuantizedCheckpoint(Checkpoint):
    """Codes and scales, read one matrix at a time."""

    def __init__(
        self, path: Path, architecture: Architecture, quantization: QuantizationConfig, stored: dict[str, StoredTensor]
    ) -> None:
        self.path = path
        self.architecture = architecture
        self.quantization = quantization
        self.tokenizer_json = read_tokenizer(path)
        self.chat_template = read_chat_template(path)
        self.bits = quantization.bits
        self._stored = stored

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, shape in self.architecture.tensor_shapes().items():
            if len(shape) == 1:
                yield name, cast(Tensor, self._stored[name].read())
                continue
            bits = self.quantization.bits_of(name)
            codes = cast(Any, self._stored[name + CODES].read())
            scales = cast(Any, self._stored[name + SCALES].read())
            if not np.isfinite(scales).all():
                raise CheckpointError(f"{self.path}: {name}{SCALES} holds a value that is not finite; fetch it again")
            yield name, QuantizedTensor(unpack_nibbles(codes) if bits == 4 else codes, scales, bits)


def open_quantized(directory: Path, config: Mapping[str, Any]) -> QuantizedCheckpoint:
    """Open a directory that `hrm-edge quantize` wrote. Only headers are read.

    Raises:
        ArchitectureError: a model we do not run.
        CheckpointError: not our quantization, or tensors that are not the config's.
    """
    quantization = QuantizationConfig.from_config(config["quantization_config"], directory / "config.json")
    architecture = read_architecture(config, directory / "config.json")
    stored = stored_tensors(directory)
    _check_parts(architecture, quantization, stored, directory)
    return QuantizedCheckpoint(directory, architecture, quantization, stored)


def stored_parts(
    name: str, shape: tuple[int, ...], quantization: QuantizationConfig
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """What the file holds for one tensor of the model: stored name → (safetensors type, shape)."""
    if len(shape) == 1:
        return {name: ("F32", shape)}
    check_quantizable(name, shape)
    rows, columns = shape
    codes = ("U8", (rows, columns // 2)) if quantization.bits_of(name) == 4 else ("I8", shape)
    return {name + CODES: codes, name + SCALES: ("F16", (rows, columns // BLOCK_SIZE))}


def _check_parts(
    architecture: Architecture, quantization: QuantizationConfig, stored: Mapping[str, StoredTensor], path: Path
) -> None:
    """The file holds exactly the parts that the architecture and the quantization ask for."""
    check_layer_count(architecture, len(stored), path)
    expected: dict[str, tuple[str, tuple[int, ...]]] = {}
    try:
        for name, shape in architecture.tensor_shapes().items():
            expected.update(stored_parts(name, shape, quantization))
    except GridError as error:
        raise CheckpointError(f"{path}: {error}") from None
    for name in {**expected, **stored}:
        wanted = expected.get(name, "no such tensor")
        found = (stored[name].kind, stored[name].shape) if name in stored else "absent"
        if found != wanted:
            raise CheckpointError(
                f"{path}: {name} is {found} and its config asks for {wanted}; quantize the checkpoint again"
            )
