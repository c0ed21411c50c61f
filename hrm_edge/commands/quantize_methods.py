"""The methods of `hrm-edge quantize`: how each makes a quantized checkpoint of the one that is open.

What follows, exports and the directory that appears whole, is the same for all of them.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hrm_edge.commands.options import BitsName
from hrm_edge.errors import HrmEdgeError, RuntimeUnavailableError

if TYPE_CHECKING:
    from hrm_edge.checkpoint import Checkpoint
    from hrm_edge.checkpoint.quantized import QuantizedCheckpoint
    from hrm_edge.quantize.grid import Bits

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
    method: MethodName, checkpoint: "Checkpoint", bits_name: BitsName, calibration: Path | None
) -> Quantizer:
    """The method for `checkpoint`; `calibration` is the file that was named, if any.

    Raises:
        HrmEdgeError: what the method needs is not there: a library, a float checkpoint, examples.
    """
    bits: Bits = 4 if bits_name == "4" else 8
    if method == "gptq":
        return _gptq(checkpoint, bits, calibration)
    if method == "rtn":
        return _rtn(checkpoint, bits)
    raise HrmEdgeError(f"--method {method} is not yet in this version: use --method rtn or gptq")


def _rtn(checkpoint: "Checkpoint", bits: "Bits") -> Quantizer:
    from hrm_edge.quantize.rtn import quantize_checkpoint

    def write(out_dir: Path, on_step: OnStep) -> "QuantizedCheckpoint":
        return quantize_checkpoint(checkpoint, bits, out_dir, on_tensor=on_step)

    return Quantizer(write=write, steps=len(checkpoint.architecture.tensor_shapes()))


def _gptq(checkpoint: "Checkpoint", bits: "Bits", calibration: Path | None) -> Quantizer:
    _require_torch()
    from hrm_edge.quantize.calibrated import quantize_calibrated, require_float
    from hrm_edge.train.calibration import Calibration
    from hrm_edge.train.calibration_examples import calibration_examples
    from hrm_edge.train.finished_model import load_finished_model

    require_float(checkpoint)
    examples = calibration_examples(checkpoint, calibration)
    gathering = Calibration(load_finished_model(checkpoint.path), examples)

    def write(out_dir: Path, on_step: OnStep) -> "QuantizedCheckpoint":
        hessian_of = partial(gathering.hessian_of, on_example=on_step)
        return quantize_calibrated(checkpoint, bits, hessian_of, out_dir, on_tensor=on_step)

    steps = len(checkpoint.architecture.tensor_shapes()) + gathering.passes * len(examples)
    return Quantizer(write=write, steps=steps)


def _require_torch() -> None:
    for name in ("torch", "transformers"):
        if importlib.util.find_spec(name) is None:
            raise RuntimeUnavailableError(
                f'--method gptq needs {name}, which is not installed: pip install "hrm-edge[train]"'
            )
