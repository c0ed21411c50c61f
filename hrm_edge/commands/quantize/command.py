"""`hrm-edge quantize`: a checkpoint on the grid, and the files the runtimes open, in one directory that is whole."""

from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.options import BitsName
from hrm_edge.commands.quantize.methods import MethodName, quantizer_of
from hrm_edge.commands.terminal import print_file, print_status, progress
from hrm_edge.errors import CheckpointError, ExportError, HrmEdgeError

RUNS = Path("runs")
TRAINING_SUFFIX = ".qat"
"""Of the directory beside the result in which `--method qat` trains."""
TARGETS = {"gguf": "model.gguf", "onnx": "model.onnx"}


def quantize(
    checkpoint: Annotated[
        Path | None,
        typer.Argument(
            metavar="CHECKPOINT", help="A Hugging Face hrm_text directory or .gguf; default: the newest under runs/."
        ),
    ] = None,
    *,
    bits: Annotated[BitsName, typer.Option("--bits", help="Width of the weights.")],
    method: Annotated[
        MethodName,
        typer.Option(
            "--method",
            help="rtn rounds to nearest; gptq rounds to what changes answers least; qat trains on from there, taught "
            "by the float model. The last two need torch.",
        ),
    ] = "rtn",
    calibration: Annotated[
        Path | None,
        typer.Option(
            "--calibration",
            metavar="PATH",
            help="Best what the model was trained on: packed shards (hrm-edge data build). Or for gptq .jsonl with "
            "'prompt' and 'answer', some hundreds of the model's own task, and for qat .jsonl with 'request', 'code' "
            "and 'language'. Default: our curriculum and commands.",
        ),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="FORMATS", help="Which of gguf and onnx to write.")] = "gguf,onnx",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Default: the checkpoint's name with -4bit or -8bit.")
    ] = None,
) -> None:
    """Quantize a checkpoint to 4 or 8 bits and export it.

    Leaves in DIR the quantized checkpoint, model.gguf and model.onnx, which hold the same codes and scales.

    Examples:

      hrm-edge quantize --bits 4

      hrm-edge quantize runs/nano --bits 8 --to gguf --out nano-8bit

      hrm-edge quantize runs/nano --bits 4 --method gptq

    With --method qat a training of some minutes is kept in DIR.qat; after Ctrl-C the same command goes on with it.
    """
    if calibration is not None and method == "rtn":
        raise HrmEdgeError(f"--calibration has no use with --method {method}, which reads no text: leave it out")
    targets = _targets(to)
    source = newest_checkpoint() if checkpoint is None else checkpoint
    directory = _default_out(source, bits) if out is None else out
    _refuse_to_replace_source(source, directory)
    _quantize(source, bits, method, calibration, targets, directory)
    for path in sorted(directory.iterdir()):
        print_file(path)


def newest_checkpoint() -> Path:
    """The directory under runs/ whose weights were written last; quantized ones are results, not sources, and the
    masters of --method qat are neither.

    Raises:
        CheckpointError: there is none.
    """
    found = [
        (max(weights.stat().st_mtime_ns for weights in directory.glob("*.safetensors")), directory)
        for directory in (config.parent for config in RUNS.glob("**/config.json"))
        if not any(part.endswith(TRAINING_SUFFIX) for part in directory.parts)
        and any(directory.glob("*.safetensors"))
        and not _is_quantized(directory)
    ]
    if not found:
        raise CheckpointError(
            f"there is no checkpoint under {RUNS}/: name one, or train one first with hrm-edge train --preset nano"
        )
    return max(found)[1]


def _is_quantized(directory: Path) -> bool:
    import json

    try:
        config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # damaged: to be named when it is opened, if it is the newest
    return isinstance(config, dict) and config.get("quantization_config") is not None


def _targets(to: str) -> list[str]:
    targets = [name.strip() for name in to.split(",")]
    for name in targets:
        if name not in TARGETS:
            raise typer.BadParameter(f"{name!r} is no format: --to takes gguf, onnx or gguf,onnx")
    return targets


def _default_out(source: Path, bits: BitsName) -> Path:
    source = source.resolve()
    return source.parent / f"{source.name if source.is_dir() else source.stem}-{bits}bit"


def _refuse_to_replace_source(source: Path, directory: Path) -> None:
    if source.resolve().is_relative_to(directory.resolve()):
        raise ExportError(f"--out {directory} holds the checkpoint {source} and would replace it: choose another --out")


def _quantize(
    source: Path,
    bits: BitsName,
    method: MethodName,
    calibration: Path | None,
    targets: list[str],
    directory: Path,
) -> None:
    from hrm_edge.checkpoint import open_checkpoint
    from hrm_edge.files import whole_directory

    with open_checkpoint(source) as checkpoint, whole_directory(directory) as part:
        training = directory.with_name(directory.name + TRAINING_SUFFIX)
        quantizer = quantizer_of(method, checkpoint, bits, calibration, training)
        tensors = len(checkpoint.architecture.tensor_shapes())
        with (
            progress(f"{bits} bits", quantizer.steps + tensors * len(targets)) as on_step,
            quantizer.write(part, on_step) as quantized,
        ):
            if "gguf" in targets:
                from hrm_edge.export.gguf import export_gguf

                if notice := export_gguf(quantized, part / TARGETS["gguf"], on_tensor=on_step):
                    print_status(f"{TARGETS['gguf']}: {notice}")
            if "onnx" in targets:
                from hrm_edge.export.onnx_graph import export_onnx

                export_onnx(quantized, part / TARGETS["onnx"], on_tensor=on_step)
