"""Options that several commands share, declared once: the same name means the same thing everywhere."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

RuntimeName = Literal["onnx", "llama-cpp", "torch"]
DeviceName = Literal["cpu", "cuda", "mps"]
BitsName = Literal["4", "8"]


def _read_cycles(value: str) -> int | str:
    if value == "auto":
        return value
    if not (value.isascii() and value.isdigit() and int(value)):
        raise typer.BadParameter(f"{value}: give a whole number from 1 up, or auto")
    return int(value)


Device = Annotated[DeviceName, typer.Option("--device", help="Where to compute.")]
Cycles = Annotated[
    Any,  # runtimes.base.Cycles | None: typer takes no unions
    typer.Option(
        "--cycles",
        metavar="N|auto",
        parser=_read_cycles,
        help="The depth dial: H cycles to run; default is what the model was trained with. auto: at most those, as the "
        "model's halting head finds right for each request (--runtime torch, see `hrm-edge halting`).",
    ),
]
Threads = Annotated[
    int | None, typer.Option("--threads", metavar="N", min=1, help="CPU threads; default: the runtime's choice.")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="Makes a sampled answer repeatable.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on stdout.")]
Checkpoint = Annotated[
    Path, typer.Argument(metavar="CHECKPOINT", help="A Hugging Face hrm_text directory, quantized or not, or a .gguf.")
]
