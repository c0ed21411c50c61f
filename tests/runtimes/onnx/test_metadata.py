"""The metadata reader against the onnx package, and against every kind of damage."""

import json
from pathlib import Path

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import HrmEdgeError
from hrm_edge.runtimes.onnx.metadata import read_onnx_metadata

CONFIG = json.dumps(PRESETS["nano"].to_config() | {"bits": 4})
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
OTHER_KEYS = TEXT.filter(lambda key: not key.startswith("hrm_edge."))  # Hypothesis finds our keys in the sources
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def model_bytes(metadata: dict[str, str]) -> bytes:
    model = onnx.helper.make_model(onnx.helper.make_graph([], "graph", [], []), producer_name="test")
    onnx.helper.set_model_props(model, metadata)
    return model.SerializeToString()


@SETTINGS
@given(tokenizer=TEXT, template=TEXT, others=st.dictionaries(OTHER_KEYS, TEXT, max_size=5))
def test_reads_what_the_onnx_package_wrote(
    tmp_path: Path, tokenizer: str, template: str, others: dict[str, str]
) -> None:
    ours = {
        "hrm_edge.config": CONFIG,
        "hrm_edge.version": "1.2.3",
        "tokenizer.huggingface.json": tokenizer,
        "hrm_edge.chat_template": template,
    }
    path = tmp_path / "model.onnx"
    path.write_bytes(model_bytes(others | ours))
    metadata = read_onnx_metadata(path)
    assert (metadata.architecture, metadata.bits, metadata.version) == (PRESETS["nano"], 4, "1.2.3")
    assert (metadata.tokenizer_json, metadata.chat_template) == (tokenizer, template)


def test_what_is_absent_is_none(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(model_bytes({"hrm_edge.config": CONFIG}))
    metadata = read_onnx_metadata(path)
    assert (metadata.tokenizer_json, metadata.chat_template, metadata.version) == (None, None, "")


@SETTINGS
@given(data=st.binary(max_size=300))
def test_any_bytes_end_in_an_error_of_ours(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(HrmEdgeError, match=r"model\.onnx"):
        read_onnx_metadata(path)


@SETTINGS
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused(tmp_path: Path, place: float, value: int) -> None:
    data = bytearray(model_bytes({"hrm_edge.config": CONFIG, "tokenizer.huggingface.json": "{}"}))
    data[int(place * len(data))] = value
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    try:
        read_onnx_metadata(path)
    except HrmEdgeError as error:
        assert "model.onnx" in str(error)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "hrm_edge.config is damaged"),
        ("[]", "hrm_edge.config is damaged"),
        ("[" * 100_000, "hrm_edge.config is damaged"),
        (json.dumps(PRESETS["nano"].to_config()), "hrm_edge.config is damaged"),
        (json.dumps(PRESETS["nano"].to_config() | {"bits": 5}), "says 5 bits: it must be 4, 8, 16 or 32"),
        (json.dumps(PRESETS["nano"].to_config() | {"bits": [4]}), r"says \[4\] bits"),
        (json.dumps(PRESETS["nano"].to_config() | {"bits": 4, "rope_parameters": 3}), "rope_parameters is 3"),
        (json.dumps(PRESETS["nano"].to_config() | {"bits": 4, "hidden_size": "x"}), "hidden_size is x"),
    ],
)
def test_damaged_config_is_refused(tmp_path: Path, config: str, message: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(model_bytes({"hrm_edge.config": config}))
    with pytest.raises(HrmEdgeError, match=message):
        read_onnx_metadata(path)


def test_metadata_larger_than_any_tokenizer_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    size = 65 * 2**20
    header = model_bytes({}) + bytes([14 << 3 | 2]) + bytes([0x80 | size & 0x7F, 0x80 | size >> 7 & 0x7F])
    header += bytes([0x80 | size >> 14 & 0x7F, size >> 21])
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + size)  # a hole: no bytes on disk
    with pytest.raises(HrmEdgeError, match=f"metadata of {size} bytes; the most is"):
        read_onnx_metadata(path)


def test_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HrmEdgeError, match="cannot be read"):
        read_onnx_metadata(tmp_path)
