"""Any checkpoint as the model that reads packed rows: to measure a finished model, or to learn from what it does."""

from pathlib import Path

import torch

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.runtimes.pytorch.runtime import load_model, require_device
from hrm_edge.train.answer_model import AnswerModel


def load_finished_model(path: Path, *, device: str = "cpu", threads: int | None = None) -> AnswerModel:
    """In float32 (quantized weights dequantized) and evaluation mode, its weights frozen; `threads` is for the whole
    process.

    Raises:
        RuntimeUnavailableError: the device is not there.
        CheckpointError: the checkpoint cannot be read.
        ArchitectureError: sizes that transformers refuses.
    """
    require_device(device)
    if threads is not None:
        torch.set_num_threads(threads)
    with open_checkpoint(path) as checkpoint:
        model = load_model(checkpoint, checkpoint.architecture, device, AnswerModel)
    assert isinstance(model, AnswerModel)
    model.requires_grad_(False)
    return model
