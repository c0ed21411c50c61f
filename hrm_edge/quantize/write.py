"""Writing a quantized checkpoint, however its codes were found: a directory that `open_checkpoint` reads back.

The layout is drawn in `hrm_edge.checkpoint.quantized`, which reads it. The directory appears whole or not at all.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.halting import HALTING_NAME
from hrm_edge.checkpoint.huggingface import WEIGHTS_NAME
from hrm_edge.checkpoint.quantized import (
    CODES,
    SCALES,
    QuantizationConfig,
    QuantizedCheckpoint,
    open_quantized,
    stored_parts,
)
from hrm_edge.checkpoint.safetensors_writer import SafetensorsWriter
from hrm_edge.errors import ExportError
from hrm_edge.files import whole_directory
from hrm_edge.quantize.grid import QuantizedTensor, pack_nibbles

COPIED_FILES = ("tokenizer_config.json", "special_tokens_map.json", "generation_config.json", HALTING_NAME)


def write_quantized(
    source: Checkpoint,
    tensors: Iterable[tuple[str, Tensor]],
    quantization: QuantizationConfig,
    out_dir: Path,
    *,
    on_tensor: Callable[[str], None] | None = None,
) -> QuantizedCheckpoint:
    """Write `tensors` (those of `source`, matrices on the grid) with the config and tokenizer of `source`.

    tensors: in the order of `architecture.tensor_shapes()`, each taken, written and forgotten.
    on_tensor: called with each name once it is written, for a progress bar.

    Raises:
        GridError: a matrix whose columns are no multiple of 32, before anything is written.
        ExportError: `out_dir` is the source itself, holds something else, or cannot be written.
    """
    if out_dir.resolve() == source.path.resolve():
        raise ExportError(f"{out_dir} is the checkpoint that is read: choose another --out")
    entries: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, shape in source.architecture.tensor_shapes().items():
        entries.update(stored_parts(name, shape, quantization))
    with whole_directory(out_dir) as directory:
        _write_texts(source, quantization, directory)
        with (directory / WEIGHTS_NAME).open("wb") as file:
            writer = SafetensorsWriter(file, entries)
            for name, tensor in tensors:
                _write_tensor(writer, name, tensor)
                if on_tensor is not None:
                    on_tensor(name)
            writer.finish()
    return open_quantized(out_dir, _config(source, quantization))


def _write_tensor(writer: SafetensorsWriter, name: str, tensor: Tensor) -> None:
    if not isinstance(tensor, QuantizedTensor):
        writer.write(name, tensor.astype(np.float32))
        return
    codes = pack_nibbles(np.asarray(tensor.codes, np.uint8)) if tensor.bits == 4 else tensor.codes
    writer.write(name + CODES, codes)
    writer.write(name + SCALES, tensor.scales)


def _config(source: Checkpoint, quantization: QuantizationConfig) -> dict[str, object]:
    return {**source.architecture.to_config(), "quantization_config": quantization.to_config()}


def _write_texts(source: Checkpoint, quantization: QuantizationConfig, directory: Path) -> None:
    """config.json, and the files of the tokenizer and of the halting head as the source has them."""
    config = json.dumps(_config(source, quantization), indent=2)
    (directory / "config.json").write_text(config + "\n", encoding="utf-8")
    if source.path.is_dir():
        for name in COPIED_FILES:
            if (source.path / name).is_file():
                shutil.copyfile(source.path / name, directory / name)
    if source.tokenizer_json is not None:
        (directory / "tokenizer.json").write_text(source.tokenizer_json, encoding="utf-8")
    if source.chat_template is not None:
        (directory / "chat_template.jinja").write_text(source.chat_template, encoding="utf-8")
