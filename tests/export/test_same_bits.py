"""One checkpoint, two formats: GGUF and ONNX dequantize to the same bits, each read by its own library."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf_files import dequantized, gguf_name
from onnx_files import exported, quantized, stored_weights

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.grid import Bits

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)


@BITS
def test_gguf_and_onnx_hold_the_same_weights(
    random_model: Callable[[str], Path], shape: str, tmp_path: Path, bits: Bits
) -> None:
    source = quantized(random_model(shape), tmp_path / "quantized", bits)
    with open_checkpoint(source) as checkpoint:
        export_gguf(checkpoint, tmp_path / "model.gguf")
        layers = checkpoint.architecture.num_layers_per_stack
    from_gguf = dequantized(tmp_path / "model.gguf")
    from_onnx = stored_weights(exported(source, tmp_path / "model.onnx"))
    assert from_gguf.keys() == {gguf_name(name, layers) for name in from_onnx}
    for name, weight in from_onnx.items():
        np.testing.assert_array_equal(weight, from_gguf[gguf_name(name, layers)], strict=True)


@BITS
def test_onnx_made_from_the_gguf_is_the_one_made_from_the_checkpoint(
    random_model: Callable[[str], Path], tmp_path: Path, bits: Bits
) -> None:
    source = quantized(random_model("untied"), tmp_path / "quantized", bits)
    with open_checkpoint(source) as checkpoint:
        export_gguf(checkpoint, tmp_path / "model.gguf")
    direct = exported(source, tmp_path / "direct.onnx")
    through_gguf = exported(tmp_path / "model.gguf", tmp_path / "through.onnx")
    assert direct.read_bytes() == through_gguf.read_bytes()
