"""`open_checkpoint`: any model we read, by what lies at the path."""

from pathlib import Path

from hrm_edge.checkpoint.base import Checkpoint
from hrm_edge.checkpoint.huggingface import PICKLE_SUFFIXES, WEIGHTS_NAME, open_huggingface, unsafe
from hrm_edge.checkpoint.quantized import open_quantized
from hrm_edge.checkpoint.text_files import read_json_object
from hrm_edge.errors import CheckpointError


def open_checkpoint(path: Path) -> Checkpoint:
    """Open a Hugging Face directory (float or quantized by hrm-edge), its model.safetensors, or a GGUF file.

    Only headers, config and tokenizer are read; tensors come from `Checkpoint.tensors()`.

    Raises:
        UnsafeCheckpointError: a pickle; it is not opened.
        CheckpointError: nothing there, another format, or a damaged file.
        ArchitectureError: a model that hrm-edge does not run.
    """
    if path.is_dir():
        return _open_directory(path)
    if not path.exists():
        raise CheckpointError(f"{path} does not exist: give a checkpoint directory or a .gguf file")
    if path.suffix in PICKLE_SUFFIXES:
        raise unsafe(path)
    if path.suffix == ".onnx":
        raise CheckpointError(
            f"{path} is an ONNX file, an end product that only the onnx runtime runs: give the checkpoint it came from"
        )
    if path.suffix == ".gguf":
        from hrm_edge.checkpoint.gguf_file import open_gguf

        return open_gguf(path)
    if path.name == WEIGHTS_NAME:
        return _open_directory(path.parent)
    raise CheckpointError(
        f"{path} is no checkpoint: give a directory with config.json and {WEIGHTS_NAME}, or a .gguf file"
    )


def _open_directory(directory: Path) -> Checkpoint:
    config_path = directory / "config.json"
    if not config_path.exists():
        raise CheckpointError(f"{directory} has no config.json: give the directory of a Hugging Face checkpoint")
    config = read_json_object(config_path)
    if config.get("quantization_config") is not None:
        return open_quantized(directory, config)
    return open_huggingface(directory, config)
