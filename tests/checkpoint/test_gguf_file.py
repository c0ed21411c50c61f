"""The GGUF reader against files written, read and dequantized by PyPI's `gguf`, and against damage."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from gguf_files import dequantized, gguf_name, write_reference_gguf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_models import save_random_model

from hrm_edge.checkpoint.gguf_header import read_gguf_header
from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import ArchitectureError, CheckpointError, HrmEdgeError
from hrm_edge.quantize.grid import QuantizedTensor, dequantize

KINDS = {GgmlType.F32: 32, GgmlType.F16: 16, GgmlType.BF16: 16, GgmlType.Q8_0: 8, GgmlType.Q4_0: 4}


@pytest.mark.parametrize(("kind", "bits"), KINDS.items(), ids=lambda value: getattr(value, "name", ""))
def test_gguf_tensors_are_bit_identical_to_what_gguf_dequantizes(
    random_model: Callable[[str], Path], tmp_path: Path, kind: GgmlType, bits: int
) -> None:
    path = write_reference_gguf(random_model("untied"), tmp_path / "model.gguf", kind)
    reference = dequantized(path)
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.bits == bits
        names = list(checkpoint.architecture.tensor_shapes())
        for name, tensor in checkpoint.tensors():
            assert name == names.pop(0)
            values = dequantize(tensor) if isinstance(tensor, QuantizedTensor) else tensor.astype(np.float32)
            np.testing.assert_array_equal(values, reference.pop(gguf_name(name, 2)), strict=True)
    assert not names
    assert not reference


def test_gguf_architecture_and_tokenizer_equal_the_directory_they_came_from(
    random_model: Callable[[str], Path], tmp_path: Path, shape: str
) -> None:
    path = write_reference_gguf(random_model(shape), tmp_path / "model.gguf")
    directory = open_checkpoint(random_model(shape))
    checkpoint = open_checkpoint(path)
    assert checkpoint.architecture == directory.architecture
    assert checkpoint.tokenizer_json == directory.tokenizer_json


def test_prefix_lm_is_read_under_its_older_name(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    path = write_reference_gguf(random_model("causal"), tmp_path / "old.gguf", prefix_lm_key="prefix_lm")
    assert open_checkpoint(path).architecture.prefix_lm is False


def test_gguf_of_another_architecture_is_refused_by_its_name(
    random_model: Callable[[str], Path], tmp_path: Path
) -> None:
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf", architecture="llama")
    with pytest.raises(CheckpointError, match=r"model\.gguf holds the architecture 'llama': hrm-edge runs 'hrm_text'"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"block_count": 5}, "block_count is 5 and its layers and cycles give 12 KV slots"),
        ({"attention.head_count_kv": 2}, "head_count_kv is 2 and hrm_text needs 4 here"),
        ({"rope.dimension_count": 8}, "dimension_count is 8 and hrm_text needs 16 here"),
        ({"embedding_length": 32}, r"has shape \[320, 64\] and its config asks for \[320, 32\]"),
        ({"hrm.layers_per_stack": 2**30}, "layers x H_cycles"),
        ({"hrm.layers_per_stack": 500, "block_count": 3000}, "claims 500 layers per stack"),
        ({"hrm.h_cycles": 0}, "h_cycles is 0: it must be a whole number"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_gguf_keys_that_contradict_the_file_are_refused(
    random_model: Callable[[str], Path], tmp_path: Path, change: dict[str, int], message: str
) -> None:
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf", change_keys=change)
    with pytest.raises((CheckpointError, ArchitectureError), match=message) as error:
        open_checkpoint(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("name", ["hrm.l_cycles", "embedding_length", "blk.3.ffn_up.weight", "hrm.z_l_init"])
def test_gguf_without_a_key_or_tensor_is_refused_by_its_name(
    random_model: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf", leave_out=name)
    model_name = {"blk.3.ffn_up.weight": "model.H_module.layers.1.mlp.up_proj.weight", "hrm.z_l_init": "model.z_L_init"}
    with pytest.raises(CheckpointError, match=f"lacks the .*{model_name.get(name, name)}"):
        open_checkpoint(path)


def test_tensor_of_a_type_off_the_grid_is_refused_by_its_name(
    random_model: Callable[[str], Path], tmp_path: Path
) -> None:
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf", GgmlType.Q5_0)
    with pytest.raises(CheckpointError, match=r"token_embd\.weight has type Q5_0 and hrm-edge reads F32"):
        open_checkpoint(path)


def test_file_that_is_no_gguf_is_refused_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"PK\x03\x04 a zip file")
    with pytest.raises(CheckpointError, match="begins with b'PK"):
        open_checkpoint(path)


@pytest.fixture(scope="module")
def small_gguf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    directory = tmp_path_factory.mktemp("small")
    model = save_random_model(directory / "model", hidden_size=32, intermediate_size=32, layers=1, heads=2)
    return write_reference_gguf(model, directory / "model.gguf", GgmlType.Q4_0).read_bytes()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoiled") / "model.gguf"


def test_every_truncation_of_a_gguf_header_is_one_clear_error(small_gguf: bytes, spoiled: Path) -> None:
    spoiled.write_bytes(small_gguf)
    data_start = min(tensor.offset for tensor in read_gguf_header(spoiled).tensors.values())
    for length in [*range(0, 2000), *range(2000, data_start, 37), data_start, len(small_gguf) - 1]:
        spoiled.write_bytes(small_gguf[:length])
        with pytest.raises(CheckpointError) as error:
            open_checkpoint(spoiled)
        assert "\n" not in str(error.value)


def read_everything(path: Path) -> None:
    """Open and read a file; any error must be one that a user can mend."""
    try:
        with open_checkpoint(path) as checkpoint:
            for _, tensor in checkpoint.tensors():
                if isinstance(tensor, QuantizedTensor):
                    dequantize(tensor)
    except HrmEdgeError as error:
        assert "\n" not in str(error)


@given(flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 255)), min_size=1, max_size=4))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flipped_bytes_in_a_gguf_give_a_model_or_one_clear_error(
    small_gguf: bytes, spoiled: Path, flips: list[tuple[int, int]]
) -> None:
    """Counts and lengths stand in the first bytes of the file; a reader that believes them would not end."""
    damaged = bytearray(small_gguf)
    for position, change in flips:
        damaged[position] ^= change
    spoiled.write_bytes(damaged)
    read_everything(spoiled)


@given(position=st.integers(0, 4000), number=st.sampled_from([2**63 - 1, 2**64 - 1, 2**32, 2**40, 0]))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_absurd_numbers_anywhere_in_a_gguf_header_end_in_bounded_time(
    small_gguf: bytes, spoiled: Path, position: int, number: int
) -> None:
    spoiled.write_bytes(small_gguf[:position] + struct.pack("<Q", number) + small_gguf[position + 8 :])
    read_everything(spoiled)
