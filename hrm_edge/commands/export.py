"""`hrm-edge export`: one file for one runtime from any checkpoint."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from hrm_edge.commands.options import Checkpoint
from hrm_edge.commands.terminal import print_file, print_status, progress
from hrm_edge.errors import ExportError


def export(
    checkpoint: Checkpoint,
    to: Annotated[Literal["gguf", "onnx"], typer.Option("--to", help="The format to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="The file to write.")],
    dtype: Annotated[
        Literal["f32", "f16"] | None,
        typer.Option("--dtype", help="Of weights that are not quantized: f16 by default in gguf; onnx holds f32."),
    ] = None,
    kv_type: Annotated[
        Literal["f32", "int8"] | None,
        typer.Option(
            "--kv-type",
            help="Of keys and values in onnx: int8 takes a quarter of the memory and answers faster, the longer the "
            "context the more; the default, but f32 for a model in f32. In gguf it is chosen when the file is run.",
        ),
    ] = None,
) -> None:
    """Export a checkpoint, quantized or not, to one file.

    Examples:

      hrm-edge export runs/nano --to gguf --dtype f32 --out nano.gguf

      hrm-edge export runs/nano-4bit --to onnx --kv-type f32 --out nano.onnx
    """
    if out.resolve() == checkpoint.resolve():
        raise ExportError(f"--out {out} is the checkpoint itself and would replace it: choose another --out")
    if out.is_dir():
        raise ExportError(f"--out {out} is a directory: name the file to write, as in {out / f'model.{to}'}")
    if to == "onnx" and dtype == "f16":
        raise ExportError("--dtype f16: weights that are not quantized are float32 in ONNX; leave --dtype out")
    if to == "gguf" and kv_type is not None:
        raise ExportError(f"--kv-type {kv_type}: a GGUF file leaves the type of keys and values to who runs it")

    from hrm_edge.checkpoint import open_checkpoint

    with open_checkpoint(checkpoint) as opened:
        tensors = len(opened.architecture.tensor_shapes())
        with progress(f"exporting {to}", tensors) as on_tensor:
            if to == "gguf":
                from hrm_edge.export.gguf import export_gguf

                notice = export_gguf(opened, out, dtype=dtype or "f16", on_tensor=on_tensor)
            else:
                from hrm_edge.export.onnx_graph import export_onnx

                notice = None
                export_onnx(opened, out, kv_type=kv_type, on_tensor=on_tensor)
    if notice:
        print_status(f"{out}: {notice}")
    print_file(out)
