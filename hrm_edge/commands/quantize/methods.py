"""The methods of `hrm-edge quantize`: how each makes a quantized checkpoint of the one that is open.

What follows, exports and the directory that appears whole, is the same for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hrm_edge.commands.options import BitsName
from hrm_edge.commands.requirements import require_libraries
from hrm_edge.errors import HrmEdgeError

if TYPE_CHECKING:
    from hrm_edge.checkpoint import Checkpoint
    from hrm_edge.checkpoint.quantized import QuantizedCheckpoint
    from hrm_edge.quantize.grid import Bits

QAT_STEPS = 420
QAT_LEARNING_RATE = 3e-4
"""From a start as good as GPTQ's, twice as much ends worse than it began."""
QAT_STATES_WEIGHT = 10.0
"""Beside the answers' KL divergence in nats, which alone is too noisy to follow at this rate."""
_LIBRARIES = ("torch", "transformers", "accelerate", "pyarrow")
MethodName = Literal["rtn", "gptq", "qat"]
OnStep = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Quantizer:
    """A method, ready for one checkpoint."""

    write: "Callable[[Path, OnStep], QuantizedCheckpoint]"
    """Writes the quantized checkpoint to a directory, returns it open, and tells every step."""
    steps: int
    """How many it will tell."""


def quantizer_of(
    method: MethodName, checkpoint: "Checkpoint", bits_name: BitsName, calibration: Path | None, training: Path
) -> Quantizer:
    """The method for `checkpoint`.

    Args:
        calibration: the file or packed shards that were named, if any.
        training: where a method that trains keeps its run.

    Raises:
        HrmEdgeError: what the method needs is not there: a library, a float checkpoint, examples.
    """
    bits: Bits = 4 if bits_name == "4" else 8
    if method == "gptq":
        return _gptq(checkpoint, bits, calibration)
    if method == "qat":
        return _qat(checkpoint, bits, calibration, training)
    return _rtn(checkpoint, bits)


def _rtn(checkpoint: "Checkpoint", bits: "Bits") -> Quantizer:
    from hrm_edge.quantize.rtn import quantize_checkpoint

    def write(out_dir: Path, on_step: OnStep) -> "QuantizedCheckpoint":
        return quantize_checkpoint(checkpoint, bits, out_dir, on_tensor=on_step)

    return Quantizer(write=write, steps=len(checkpoint.architecture.tensor_shapes()))


def _gptq(checkpoint: "Checkpoint", bits: "Bits", calibration: Path | None) -> Quantizer:
    require_libraries("--method gptq", *_LIBRARIES)
    from hrm_edge.quantize.calibrated import quantize_calibrated, require_float
    from hrm_edge.train.calibration.examples import calibration_examples
    from hrm_edge.train.calibration.hessians import Calibration
    from hrm_edge.train.quality.finished_model import load_finished_model

    require_float(checkpoint)
    examples = calibration_examples(checkpoint, calibration)
    gathering = Calibration(load_finished_model(checkpoint.path), examples)

    def write(out_dir: Path, on_step: OnStep) -> "QuantizedCheckpoint":
        hessian_of = partial(gathering.hessian_of, on_example=on_step)
        return quantize_calibrated(checkpoint, bits, hessian_of, out_dir, on_tensor=on_step)

    steps = len(checkpoint.architecture.tensor_shapes()) + gathering.passes * len(examples)
    return Quantizer(write=write, steps=steps)


def _qat(checkpoint: "Checkpoint", bits: "Bits", data: Path | None, training: Path) -> Quantizer:
    """From GPTQ's codes and scales, taught by the float model on packed shards; the run can be resumed."""
    require_libraries("--method qat", *_LIBRARIES)
    from hrm_edge.checkpoint import open_checkpoint
    from hrm_edge.commands.data.report import build_progress
    from hrm_edge.quantize.calibrated import require_float
    from hrm_edge.quantize.rtn import quantize_checkpoint
    from hrm_edge.train.config import DistillationSettings, QatSettings, TrainingConfig, usual_rows
    from hrm_edge.train.shards_of_run import shards_of_run, tokens_of_rows
    from hrm_edge.train.trainer import train

    require_float(checkpoint)
    if not checkpoint.path.is_dir():
        raise HrmEdgeError(
            f"{checkpoint.path} is one file and --method qat trains: give the Hugging Face directory it was made of"
        )
    with build_progress() as on_state:
        shards = shards_of_run("small", [data] if data else [], training, tokenizer=checkpoint.path, on_state=on_state)
    start = training / "gptq"
    gptq = None if start.is_dir() else _gptq(checkpoint, bits, shards)  # a run that goes on has its start

    def write(out_dir: Path, on_step: OnStep) -> "QuantizedCheckpoint":
        if gptq is not None:
            gptq.write(start, on_step).close()
        trained = train(
            TrainingConfig(
                preset=checkpoint.path.name,
                shards=shards,
                out=training,
                rows=usual_rows(tokens_of_rows("small", [shards])),
                init=checkpoint.path,
                resume=True,
                max_steps=QAT_STEPS,
                learning_rate=QAT_LEARNING_RATE,
                warmup_steps=QAT_STEPS // 10,
                qat=QatSettings(bits=bits, start=start),
                mixed=True,
                random_cycles=False,  # the last exit's states are on the way of every one
                distillation=DistillationSettings(teacher=str(checkpoint.path), states_weight=QAT_STATES_WEIGHT),
            )
        )
        with open_checkpoint(trained) as quantized:
            return quantize_checkpoint(quantized, bits, out_dir, on_tensor=on_step)  # passes codes and scales on

    return Quantizer(write=write, steps=(gptq.steps if gptq else 0) + len(checkpoint.architecture.tensor_shapes()))
