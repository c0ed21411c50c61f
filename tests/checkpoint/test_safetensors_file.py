"""The safetensors reader and writer against the safetensors library, and against files made to mislead."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file
from safetensors.torch import save_file

from hrm_edge.checkpoint.safetensors_file import read_header, widen_bfloat16
from hrm_edge.checkpoint.safetensors_writer import SafetensorsWriter
from hrm_edge.errors import CheckpointError

TORCH_TYPES = {
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "U8": torch.uint8,
    "I8": torch.int8,
}


def tables(kinds: Iterable[str]) -> st.SearchStrategy[dict[str, tuple[str, tuple[int, ...]]]]:
    """Name → type and shape of a few tensors, empty ones and scalars among them."""
    shapes = st.lists(st.integers(0, 5), max_size=3).map(tuple)
    names = st.text("abc._é", min_size=1, max_size=8)
    return st.dictionaries(names, st.tuples(st.sampled_from(sorted(kinds)), shapes))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("file") / "model.safetensors"


@given(entries=tables(TORCH_TYPES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_of_the_library_are_read_value_by_value(
    path: Path, entries: dict[str, tuple[str, tuple[int, ...]]]
) -> None:
    torch.manual_seed(0)
    tensors = {name: (torch.randn(shape) * 50).to(TORCH_TYPES[kind]) for name, (kind, shape) in entries.items()}
    save_file(tensors, path)
    found = read_header(path)
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert (found[name].kind, found[name].shape) == entries[name]
        expected = tensor.float() if tensor.dtype is torch.bfloat16 else tensor
        np.testing.assert_array_equal(found[name].read(), expected.numpy(), strict=True)


@given(entries=tables(TORCH_TYPES.keys() - {"BF16"}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_streamed_files_are_read_by_the_library(path: Path, entries: dict[str, tuple[str, tuple[int, ...]]]) -> None:
    torch.manual_seed(0)
    arrays = {name: (torch.randn(shape) * 50).to(TORCH_TYPES[kind]).numpy() for name, (kind, shape) in entries.items()}
    with path.open("wb") as file:
        writer = SafetensorsWriter(file, entries)
        for name, array in arrays.items():
            writer.write(name, array)
        writer.finish()
    for name, array in load_file(path).items():
        np.testing.assert_array_equal(array, arrays.pop(name), strict=True)
    assert not arrays


def test_every_bfloat16_widens_to_the_number_torch_gives() -> None:
    bits = np.arange(2**16, dtype=np.uint16)
    expected = torch.from_numpy(bits.view(np.int16)).view(torch.bfloat16).float().numpy()
    np.testing.assert_array_equal(widen_bfloat16(bits), expected, strict=True)


def test_rows_of_a_matrix_are_read_alone(path: Path) -> None:
    weight = torch.randn(6, 4).to(torch.bfloat16)
    save_file({"before": torch.zeros(3), "weight": weight}, path)
    part = read_header(path)["weight"].rows(2, 5)
    np.testing.assert_array_equal(part.read(), weight[2:5].float().numpy(), strict=True)


def written(path: Path, header: object, data: bytes = b"\0" * 16) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def entry(begin: int, end: int, shape: object = (2,), kind: object = "F32") -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}


HOSTILE = {
    "empty header": (b"", "not valid JSON"),
    "list": (b"[]", "must be an object"),
    "nested": (b'{"a":' * 100_000, "not valid JSON"),
    "latin-1": (b'{"\xe9": 1}', "not UTF-8 at byte 2"),
    "name given twice": (b'{"a": 1, "a": 1}', "a key is given twice"),
    "newline in a name": ({"a\nb": entry(0, 16)}, r"named 'a\\nb'"),
    "no object": ({"a": 5}, "entry of a is no object"),
    "hole": ({"a": entry(0, 4, [1]), "b": entry(8, 16)}, "b begins at byte 8 .* ends at 4: tensors lie without holes"),
    "overlap": ({"a": entry(0, 8), "b": entry(4, 16, [3])}, "b begins at byte 4 .* ends at 8"),
    "same place": ({"a": entry(0, 16, [4]), "b": entry(0, 16, [4])}, "b begins at byte 0"),
    "beyond the file": ({"a": entry(0, 2**40, [2**38])}, "header describes 1099511627.* bytes and the file has"),
    "bytes left over": ({"a": entry(0, 8)}, "header describes .* bytes and the file has"),
    "size not type x shape": ({"a": entry(0, 16, [3])}, r"a has 16 bytes and F32 \[3\] needs 12"),
    "backwards": ({"a": entry(16, 0, [4])}, "must be a begin and an end after it"),
    "negative shape": ({"a": entry(0, 16, [-4])}, "must be a list of at most 8 sizes"),
    "float shape": ({"a": entry(0, 16, [4.0])}, "must be a list of at most 8 sizes"),
    "boolean shape": ({"a": entry(0, 4, [True])}, "must be a list of at most 8 sizes"),
    "many dimensions": ({"a": entry(0, 16, [4] + [1] * 10**5)}, "must be a list of at most 8 sizes"),
    "huge dimensions": ({"a": entry(0, 16, [2**62] * 8)}, "a has 16 bytes"),
    "double": ({"a": entry(0, 16, [2], "F64")}, "a has type 'F64': hrm-edge reads F32, F16, BF16, U8, I8"),
    "list as type": ({"a": entry(0, 16, [4], [])}, "a has type"),
}


@pytest.mark.parametrize(("header", "message"), HOSTILE.values(), ids=HOSTILE)
def test_misleading_header_is_one_clear_error(path: Path, header: object, message: str) -> None:
    written(path, header)
    with pytest.raises(CheckpointError, match=message) as error:
        read_header(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    ("length", "message"), [(2**63, "limit is 100000000"), (10**6, "claims 1000000 bytes and the file has 26")]
)
def test_header_length_is_checked_before_it_is_allocated(path: Path, length: int, message: str) -> None:
    path.write_bytes(length.to_bytes(8, "little") + b"{}" + b"\0" * 16)
    with pytest.raises(CheckpointError, match=message):
        read_header(path)


def test_every_truncation_is_refused_with_both_sizes(path: Path) -> None:
    save_file({"a": torch.randn(3, 4), "b": torch.randn(5).half()}, path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError) as error:
            read_header(path)
        assert str(length) in str(error.value)


def test_file_cut_short_after_it_was_opened_is_an_error_at_the_read(path: Path) -> None:
    save_file({"a": torch.randn(300, 4)}, path)
    tensor = read_header(path)["a"]
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=r"a needs 4800 bytes .* and the file gives"):
        tensor.read()
    path.unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        tensor.read()


@given(flips=st.lists(st.tuples(st.integers(0, 250), st.integers(1, 255)), min_size=1, max_size=3))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_library_refuses_is_refused(path: Path, flips: list[tuple[int, int]]) -> None:
    """Flipped bytes: a file that the reference reader rejects never passes ours."""
    save_file({"a": torch.zeros(3, 4), "bc": torch.zeros(5).half()}, path)
    damaged = bytearray(path.read_bytes())
    for position, change in flips:
        damaged[position % len(damaged)] ^= change
    path.write_bytes(damaged)
    try:
        with safe_open(path, "np") as file:
            accepted = set(file.keys())
    except SafetensorError:
        accepted = None
    try:
        found = read_header(path)
    except CheckpointError:
        return
    assert accepted == found.keys()
