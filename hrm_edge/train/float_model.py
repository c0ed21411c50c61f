"""Any checkpoint as transformers' model in float32: quantized ones dequantized, so that both sides of a comparison and
the model that calibrates run on the same kernels."""

from pathlib import Path

from transformers import HrmTextForCausalLM

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.runtimes.pytorch import _load_model


def load_float_model(path: Path) -> HrmTextForCausalLM:
    """`HrmTextForCausalLM` on the CPU, in evaluation mode.

    Raises:
        CheckpointError: the checkpoint cannot be read.
        ArchitectureError: sizes that transformers refuses.
    """
    with open_checkpoint(path) as checkpoint:
        model = _load_model(checkpoint, checkpoint.architecture, "cpu")
    assert isinstance(model, HrmTextForCausalLM)
    return model
