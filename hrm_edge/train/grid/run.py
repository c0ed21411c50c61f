"""A training that runs on the grid, from its first step to the quantized checkpoint it leaves."""

from pathlib import Path

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.config import QatSettings
from hrm_edge.train.grid.quantization_aware import export_qat, load_scales, prepare_for_qat, start_from_quantized

QUANTIZED_NAME = "quantized"


def put_on_grid(model: AnswerModel, settings: QatSettings, resume_from: Path | None) -> None:
    """Let the model's forward run on the grid, with the scales of the checkpoint that is resumed or started from.

    Raises:
        GridError: a matrix the grid cannot hold, or a start at other bits.
        CheckpointError: a start that is another model, or a checkpoint without the scales it was trained with.
    """
    prepare_for_qat(model, settings.bits, learned_scales=settings.learned_scales, activations=settings.activations)
    if resume_from is not None:
        load_scales(model, resume_from)
    elif settings.start is not None:
        with open_checkpoint(settings.start) as start:
            start_from_quantized(model, start)


def leave_quantized(model: AnswerModel, out: Path) -> Path:
    """Write the quantized checkpoint beside the float masters in a run's directory; returns where it is.

    Raises:
        ExportError: it cannot be written.
    """
    with open_checkpoint(out) as source:
        export_qat(model, source, out / QUANTIZED_NAME).close()
    return out / QUANTIZED_NAME
