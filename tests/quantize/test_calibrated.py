"""A checkpoint by GPTQ: the stacks under their Hessians, the rest to nearest; read, exported and refused like any."""

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
from numpy.typing import NDArray
from onnx_files import exported, stored_weights

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.quantized import QuantizedCheckpoint
from hrm_edge.errors import GridError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.calibrated import quantize_calibrated
from hrm_edge.quantize.gptq import Curvature, gptq_to_grid
from hrm_edge.quantize.grid import Bits, QuantizedTensor, dequantize, round_to_grid
from hrm_edge.quantize.rtn import quantize_checkpoint

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)


def hessian_of(path: Path) -> Callable[[str], NDArray[np.float64]]:
    """A Hessian for each weight: of inputs that hang on its name alone."""
    shapes = open_checkpoint(path).architecture.tensor_shapes()

    def of(name: str) -> NDArray[np.float64]:
        width = shapes[name][1]
        rng = np.random.default_rng(sum(name.encode()))
        inputs = rng.standard_normal((200, width)) + 2 * rng.standard_normal((200, 4)) @ rng.standard_normal((4, width))
        return inputs.T @ inputs

    return of


@BITS
def test_stacks_are_rounded_under_their_own_hessians_and_the_rest_to_nearest(random_model, tmp_path, bits: Bits):
    source = random_model("untied")
    weights = dict(open_checkpoint(source).tensors())
    seen: list[str] = []
    with open_checkpoint(source) as checkpoint:
        quantize_calibrated(checkpoint, bits, hessian_of(source), tmp_path / "out", on_tensor=seen.append)
    assert seen == list(weights)
    written = open_checkpoint(tmp_path / "out")
    assert isinstance(written, QuantizedCheckpoint)
    assert (written.quantization.method, written.bits) == ("gptq", bits)
    for name, found in written.tensors():
        weight = weights[name]
        if weight.ndim == 1:
            np.testing.assert_array_equal(found, weight)
            continue
        if "layers" in name:
            expected = gptq_to_grid(weight, Curvature.of(hessian_of(source)(name)), bits)
            assert (expected.codes != round_to_grid(weight, bits).codes).any()
        else:
            expected = round_to_grid(weight, 8)
        np.testing.assert_array_equal(dequantize(found), dequantize(expected))


@BITS
def test_exports_hold_the_codes_of_the_checkpoint(random_model, tmp_path, bits: Bits):
    """gguf's own dequantizer and the protobuf's initializers against codes and scales."""
    source = random_model("plain")
    with open_checkpoint(source) as checkpoint:
        quantized = quantize_calibrated(checkpoint, bits, hessian_of(source), tmp_path / "out")
    expected = {
        name: dequantize(tensor) if isinstance(tensor, QuantizedTensor) else tensor
        for name, tensor in quantized.tensors()
    }
    stored = stored_weights(exported(tmp_path / "out", tmp_path / "model.onnx"))
    for name, weight in expected.items():
        np.testing.assert_array_equal(stored[name], weight)
    export_gguf(quantized, tmp_path / "model.gguf")
    [found] = [t for t in gguf.GGUFReader(tmp_path / "model.gguf").tensors if t.name == "blk.3.ffn_down.weight"]
    np.testing.assert_array_equal(
        gguf.dequantize(found.data, found.tensor_type), expected["model.H_module.layers.1.mlp.down_proj.weight"]
    )


def test_input_that_is_quantized_already_is_refused(random_model, tmp_path):
    quantized = quantize_checkpoint(open_checkpoint(random_model("plain")), 8, tmp_path / "8bit")
    with pytest.raises(GridError, match="is already at 8 bits: gptq rounds float weights; start from the float"):
        quantize_calibrated(quantized, 8, hessian_of(tmp_path / "8bit"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_hessian_that_is_not_finite_leaves_nothing_and_names_the_weight(random_model, tmp_path):
    def broken(name: str) -> NDArray[np.float64]:
        return np.full((96, 96), np.nan) if "down_proj" in name else hessian_of(random_model("plain"))(name)

    with (
        open_checkpoint(random_model("plain")) as checkpoint,
        pytest.raises(
            GridError, match=r"the Hessian of model\.L_module\.layers\.0\.mlp\.down_proj\.weight holds a value"
        ),
    ):
        quantize_calibrated(checkpoint, 4, broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()
