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

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint.safetensors_writer import SafetensorsWriter
from hrm_edge.info import describe_machine

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
    """A float16 checkpoint of normal weights, written one tensor at a time; no tokenizer."""
    architecture = PRESETS[preset]
    shapes = architecture.tensor_shapes()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(architecture.to_config()), encoding="utf-8")
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
) -> None:
    """Measure one conversion."""
    source, out = directory / preset, directory / f"{preset}-4bit"
    write_random_checkpoint(source, preset)
    command = ["quantize", str(source), "--bits", "4", "--to", "gguf,onnx", "--out", str(out)]
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", MEASURED_COMMAND, *command], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    peak = int(ran.stderr.split()[-1])
    report = {
        "preset": preset,
        "parameters": PRESETS[preset].parameter_count(),
        "seconds": round(seconds, 1),
        "target_seconds": TARGET_S,
        "peak_rss_bytes": peak,
        "target_peak_rss_bytes": TARGET_BYTES,
        "met": seconds < TARGET_S and peak < TARGET_BYTES,
        "outputs": {path.name: path.stat().st_size for path in sorted(out.iterdir())},
        "machine": describe_machine().to_json(),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    typer.run(main)
