"""The halting head's file: what is written is read back, by the safetensors package too, and nothing else is read."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from hrm_edge.checkpoint.halting import BIAS, WEIGHT, HaltingHead, halting_path, read_halting, write_halting
from hrm_edge.errors import CheckpointError

WEIGHTS = {WEIGHT: np.arange(16, dtype=np.float32).reshape(2, 8), BIAS: np.array([0.5, -5], np.float32)}


def test_head_is_read_back_as_written_and_by_the_safetensors_package(tmp_path):
    path = write_halting(HaltingHead(weight=WEIGHTS[WEIGHT], bias=WEIGHTS[BIAS]), tmp_path)
    assert path == tmp_path / "halting.safetensors"
    head = read_halting(tmp_path, 8)
    for found in ({WEIGHT: head.weight, BIAS: head.bias}, load_file(path)):
        assert all((found[name] == WEIGHTS[name]).all() for name in WEIGHTS)


def test_head_of_a_file_lies_beside_it(tmp_path):
    (tmp_path / "model.gguf").touch()
    assert halting_path(tmp_path / "model.gguf") == halting_path(tmp_path) == tmp_path / "halting.safetensors"


def test_values_are_two_linear_functions_and_halting_is_worth_more():
    head = HaltingHead(weight=np.array([[1, 2], [0, 1]], np.float32), bias=np.array([0, 3], np.float32))
    assert head.values(np.array([5, 1], np.float32)).tolist() == [7, 4]
    assert head.halts(np.array([5, 1], np.float32))
    assert not head.halts(np.array([2, 1], np.float32))  # 4 against 4


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({WEIGHT: WEIGHTS[WEIGHT]}, "holds halting.weight: a halting head is halting.weight and halting.bias"),
        ({**WEIGHTS, "more": WEIGHTS[BIAS]}, "a halting head is"),
        ({**WEIGHTS, WEIGHT: np.zeros((2, 9), np.float32)}, r"is F32 \[2, 9\] and this model's is F32 \[2, 8\]"),
        ({**WEIGHTS, BIAS: np.zeros((3,), np.float32)}, r"is F32 \[3\] and this model's is F32 \[2\]"),
        ({**WEIGHTS, BIAS: np.zeros((2,), np.float16)}, r"is F16 \[2\]"),
        ({**WEIGHTS, BIAS: np.array([np.nan, 0], np.float32)}, "values that are no numbers"),
        ({**WEIGHTS, WEIGHT: np.full((2, 8), np.inf, np.float32)}, "values that are no numbers"),
    ],
)
def test_head_that_is_not_this_models_is_refused(tmp_path, tensors, said):
    save_file(tensors, tmp_path / "halting.safetensors")
    with pytest.raises(CheckpointError, match=said):
        read_halting(tmp_path, 8)


def test_absent_head_is_refused_with_the_mend(tmp_path):
    with pytest.raises(CheckpointError, match=r"halting.safetensors is not there.*hrm-edge halting.*a number"):
        read_halting(tmp_path, 8)


@pytest.mark.parametrize("content", [b"", b"\x80\x04\x95pickle", b"\xff" * 64])
def test_damaged_head_is_refused(tmp_path, content):
    (tmp_path / "halting.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged or cut short"):
        read_halting(tmp_path, 8)
