"""A model directory as a GGUF file and as a quantized checkpoint."""

from pathlib import Path

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.rtn import quantize_checkpoint


def exported(model_dir: Path, out: Path, dtype: str = "f16") -> Path:
    with open_checkpoint(model_dir) as checkpoint:
        export_gguf(checkpoint, out, dtype=dtype)
    return out


def quantized(model_dir: Path, bits: int, directory: Path) -> Path:
    with open_checkpoint(model_dir) as checkpoint:
        quantize_checkpoint(checkpoint, bits, directory)
    return directory
