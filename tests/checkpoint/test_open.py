"""What `open_checkpoint` does with paths that are no checkpoint."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import CheckpointError, UnsafeCheckpointError


@pytest.mark.parametrize("name", ["model.bin", "model.pt", "model.pth", "last.ckpt", "model.pkl"])
def test_pickle_is_refused_and_the_conversion_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x80\x04.")
    with pytest.raises(UnsafeCheckpointError, match=rf"{name} is a pickle.*safetensors.*save_pretrained"):
        open_checkpoint(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.onnx", "is an ONNX file, an end product that only the onnx runtime runs"),
        ("notes.txt", "is no checkpoint: give a directory with config.json"),
        ("other.safetensors", "is no checkpoint"),
        ("model.safetensors", "has no config.json"),
        ("model.gguf", "begins with b'some'"),
    ],
)
def test_file_that_is_no_checkpoint_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / name).write_bytes(b"some bytes")
    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(tmp_path / name)


def test_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"gone does not exist: give a checkpoint directory or a \.gguf file"):
        open_checkpoint(tmp_path / "gone")


def test_directory_without_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"has no config\.json"):
        open_checkpoint(tmp_path)


def test_weights_file_opens_the_directory_it_lies_in(random_model: Callable[[str], Path]) -> None:
    assert open_checkpoint(random_model("plain") / "model.safetensors").path == random_model("plain")
