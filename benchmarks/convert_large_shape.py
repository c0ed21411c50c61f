"""Time and memory of `hrm-edge quantize` at the shape of HRM-Text-1B, on random weights.

    python benchmarks/convert_large_shape.py --directory /tmp/large

Writes a float16 checkpoint of the preset (2.4 GB at 1b), then runs `quantize --bits 4 --to gguf,onnx` in a fresh
process, which leaves the quantized checkpoint, GGUF and ONNX. Prints one JSON object: seconds, peak resident memory of
that process, output sizes, the targets beside them, and the machine. The directory may be removed afterwards.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from measurement import write_report

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.safetensors_writer import SafetensorsWriter
from hrm_edge.models import embedded_model_path

MEASURED_COMMAND = """
import sys
from hrm_edge.bench.memory import peak_rss_bytes
from hrm_edge.cli import main
try:
    main(sys.argv[1:])
finally:
    print(peak_rss_bytes(), file=sys.stderr)
"""
TARGET_S, TARGET_BYTES = 90, 4_000_000_000


def write_random_checkpoint(directory: Path, preset: str) -> None:
    """A float16 checkpoint of normal weights, written one tensor at a time.

    It has the embedded model's tokenizer where that one's vocabulary is the preset's, else none.
    """
    architecture = PRESETS[preset]
    shapes = architecture.tensor_shapes()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(architecture.to_config()), encoding="utf-8")
    with open_checkpoint(embedded_model_path()) as embedded:
        if embedded.architecture.vocab_size == architecture.vocab_size and embedded.tokenizer_json is not None:
            (directory / "tokenizer.json").write_text(embedded.tokenizer_json, encoding="utf-8")
    rng = np.random.default_rng(0)
    with (directory / "model.safetensors").open("wb") as file:
        writer = SafetensorsWriter(file, {name: ("F16", shape) for name, shape in shapes.items()})
        for name, shape in shapes.items():
            weights = rng.standard_normal(shape, np.float32) * np.float32(architecture.hidden_size**-0.5)
            writer.write(name, weights.astype(np.float16))
        writer.finish()


def main(
    directory: Annotated[Path, typer.Option(help="Where to write; needs about 5 GB.")],
    preset: Annotated[str, typer.Option(help="Shape of the checkpoint.")] = "1b",
    out_file: Annotated[Path | None, typer.Option("--json", help="Where the report goes, if not to stdout.")] = None,
) -> None:
    """Measure one conversion."""
    source, out = directory / preset, directory / f"{preset}-4bit"
    write_random_checkpoint(source, preset)
    command = ["quantize", str(source), "--bits", "4", "--to", "gguf,onnx", "--out", str(out)]
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", MEASURED_COMMAND, *command], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    peak = int(ran.stderr.split()[-1])
    figures = {
        "parameters": PRESETS[preset].parameter_count(),
        "seconds": round(seconds, 1),
        "target_seconds": TARGET_S,
        "peak_rss_bytes": peak,
        "target_peak_rss_bytes": TARGET_BYTES,
        "met": seconds < TARGET_S and peak < TARGET_BYTES,
        "outputs": {path.name: path.stat().st_size for path in sorted(out.iterdir())},
    }
    write_report(out_file, "convert", {"preset": preset, "seed": 0}, figures)


if __name__ == "__main__":
    typer.run(main)
