"""Graphs whose KV cache holds 8-bit integers: the logits within a stated tolerance, in a quarter of the memory."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx_files import exported, quantized
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import CheckpointError
from hrm_edge.export import onnx_graph
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

ModelMaker = Callable[[str], Path]
INT8_KV_TOLERANCE = 0.02
"""Relative error of a float model's logits; measured 0.002 to 0.006 over the shapes."""


def exported_int8(source: Path, out: Path) -> Path:
    with open_checkpoint(source) as checkpoint:
        export_onnx(checkpoint, out, kv_type="int8")
    return out


@pytest.mark.parametrize("model", ["plain", "head_dim_wider_than_hidden", "three_h_cycles", "causal"])
def test_logits_are_those_of_transformers_within_the_tolerance(
    random_model: ModelMaker, model: str, tmp_path: Path
) -> None:
    prompt, answer = random_ids(20), random_ids(32, seed=2)
    with OnnxRuntime(exported_int8(random_model(model), tmp_path / "model.onnx"), threads=1) as runtime:
        logits = np.stack([runtime.prefill(prompt), *(runtime.decode(token_id) for token_id in answer)])
    error = relative_error(logits, reference_logits(random_model(model), prompt, answer))
    assert 1e-6 < error < INT8_KV_TOLERANCE


@pytest.mark.parametrize("model", ["plain", "causal"])
def test_batches_and_drafts_are_within_the_tolerance_too(random_model: ModelMaker, tmp_path: Path, model: str) -> None:
    prompt, answer = random_ids(20), random_ids(12, seed=2)
    reference = reference_logits(random_model(model), prompt, answer)
    with (
        OnnxRuntime(exported_int8(random_model(model), tmp_path / "model.onnx"), threads=1) as runtime,
        runtime.batch(capacity=3, context_length=48) as batch,
    ):
        batch.prefill(random_ids(9, seed=3))
        first, _ = batch.prefill(prompt)
        (second,) = batch.fork(first, 1)
        drafted = batch.decode({first: answer[:7], second: answer[:1]})
        assert relative_error(drafted[first], reference[1:8]) < INT8_KV_TOLERANCE
        batch.rewind(first, len(prompt) + 1)
        for index, token in enumerate(answer[1:], start=2):
            for logits_TV in batch.decode({first: [token], second: [token]}).values():
                assert relative_error(logits_TV, reference[index : index + 1]) < INT8_KV_TOLERANCE


@pytest.mark.parametrize("model", ["plain", "causal"])
@pytest.mark.parametrize("length", [1, 40, 250])
def test_prompt_attends_in_float(random_model: ModelMaker, tmp_path: Path, model: str, length: int) -> None:
    """A prompt's own keys and values are at hand unrounded: its logits are the float cache's, bit by bit or nearly."""
    source, prompt = random_model(model), random_ids(length)
    with (
        OnnxRuntime(exported_int8(source, tmp_path / "8.onnx"), threads=1) as small,
        OnnxRuntime(exported(source, tmp_path / "32.onnx"), threads=1) as large,
    ):
        assert relative_error(small.prefill(prompt), large.prefill(prompt)) < 1e-6


def test_prompts_padded_on_the_right_are_read_as_if_alone(random_model: ModelMaker, tmp_path: Path) -> None:
    """In one run, from empty pasts that the operator enlarges, as a caller other than our runtime feeds them.

    Such a run goes the way of answers, over the codes, and a prompt alone attends in float.
    """
    path, prompt, padding = exported_int8(random_model("plain"), tmp_path / "model.onnx"), random_ids(9), 7
    session = onnxruntime.InferenceSession(path)
    ids = np.array([random_ids(len(prompt) + padding, seed=5), prompt + [0] * padding])
    mask = np.array([[1] * ids.shape[1], [1] * len(prompt) + [0] * padding])
    logits_BTV, *present = session.run(None, {"input_ids": ids, "attention_mask": mask} | empty_past(session, rows=2))
    assert relative_error(logits_BTV[1, len(prompt) - 1], logits_of(path, prompt)) < INT8_KV_TOLERANCE
    alone = session.run(None, {"input_ids": ids[:1], "attention_mask": mask[:1]} | empty_past(session, rows=1))[1:]
    for together, one in zip(present, alone, strict=True):
        steps = np.abs(together[:1].astype(int) - one)
        assert (steps.max(), np.mean(steps)) < (5, 0.3)  # of 255


def test_bias_of_a_prompt_is_heard(random_model: ModelMaker, tmp_path: Path) -> None:
    """Who feeds one to hide the future reads a prompt causally, token by token as transformers reads an answer."""
    source, prompt = random_model("plain"), random_ids(9)
    session = onnxruntime.InferenceSession(exported_int8(source, tmp_path / "model.onnx"))
    bias = np.triu(np.full((1, 1, len(prompt), len(prompt)), -np.inf, np.float32), 1)
    feeds = {"input_ids": np.array([prompt]), "attention_mask": np.ones((1, len(prompt)), np.int64)}
    feeds |= {"attention_bias": bias} | empty_past(session, rows=1)
    logits_BTV = session.run(["logits"], feeds)[0]
    assert relative_error(logits_BTV[0], reference_logits(source, prompt[:1], prompt[1:])) < INT8_KV_TOLERANCE


def empty_past(session: onnxruntime.InferenceSession, *, rows: int) -> dict[str, NDArray[np.int8]]:
    pasts = [value for value in session.get_inputs() if value.name.startswith("past")]
    return {value.name: np.zeros((rows, value.shape[1], 0, value.shape[3]), np.int8) for value in pasts}


def logits_of(path: Path, prompt: Sequence[int]) -> NDArray[np.float32]:
    with OnnxRuntime(path, threads=1) as runtime:
        return runtime.prefill(prompt)


def test_cache_is_a_quarter_and_says_so(random_model: ModelMaker, tmp_path: Path) -> None:
    source = random_model("plain")
    with (
        OnnxRuntime(exported_int8(source, tmp_path / "8.onnx")) as small,
        OnnxRuntime(exported(source, tmp_path / "32.onnx")) as large,
    ):
        assert (small.kv_type, large.kv_type) == ("int8", "f32")
        assert 4 * small.kv_bytes_per_token == large.kv_bytes_per_token
        assert large.kv_bytes_per_token == large.architecture.kv_bytes_per_token("f32")


@pytest.mark.parametrize(("bits", "kv_type"), [(32, "f32"), (8, "int8"), (4, "int8")])
def test_default_is_int8_but_f32_for_who_keeps_a_model_in_f32(
    random_model: ModelMaker, tmp_path: Path, bits: Literal[4, 8, 32], kv_type: str
) -> None:
    source = random_model("plain") if bits == 32 else quantized(random_model("plain"), tmp_path / "quantized", bits)
    with open_checkpoint(source) as checkpoint:
        export_onnx(checkpoint, tmp_path / "model.onnx")
    with OnnxRuntime(tmp_path / "model.onnx", threads=1) as runtime:
        assert runtime.kv_type == kv_type


def test_other_kv_type_than_the_exported_is_refused(random_model: ModelMaker, tmp_path: Path) -> None:
    path = exported(random_model("plain"), tmp_path / "model.onnx")
    with pytest.raises(
        CheckpointError, match=r"KV cache in f32 and int8 was asked for: export it again with --kv-type"
    ):
        OnnxRuntime(path, kv_type="int8")


@pytest.mark.parametrize(
    ("said", "message"), [("int8", r"past_key_values\.0\.key is tensor\(float\)"), ("q3", r"kv_type says 'q3'")]
)
def test_metadata_that_says_another_type_is_refused(
    random_model: ModelMaker, tmp_path: Path, said: str, message: str
) -> None:
    model = onnx.load(exported(random_model("plain"), tmp_path / "model.onnx"))
    model.metadata_props.add(key="hrm_edge.kv_type", value=said)
    onnx.save(model, tmp_path / "lying.onnx")
    with pytest.raises(CheckpointError, match=message):
        OnnxRuntime(tmp_path / "lying.onnx")


def test_another_prompt_than_the_calibrations_fits_the_scales(random_model: ModelMaker, tmp_path: Path) -> None:
    """A channel's limit is twice what calibration saw: another prompt fills the codes and hardly ever ends there."""
    source = random_model("plain")
    session = onnxruntime.InferenceSession(exported_int8(source, tmp_path / "model.onnx"))
    ids = np.array([random_ids(200, seed=9)])
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)} | empty_past(session, rows=1)
    codes = np.concatenate([array.ravel() for array in session.run(None, feeds)[1:]])
    assert np.mean(np.abs(codes.astype(int)) >= 127) < 1e-4
    assert np.abs(codes.astype(int)).max() > 64


def test_scales_lie_with_external_weights_and_give_the_same_logits(
    random_model: ModelMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = quantized(random_model("untied"), tmp_path / "4bit", 4)
    inside = exported_int8(source, tmp_path / "inside" / "model.onnx")
    monkeypatch.setattr(onnx_graph, "LARGEST_ONE_FILE_MODEL", 0)
    beside = exported_int8(source, tmp_path / "beside" / "model.onnx")
    assert sorted(path.name for path in beside.parent.iterdir()) == ["model.onnx", "model.onnx.data"]
    with OnnxRuntime(inside, threads=1) as first, OnnxRuntime(beside, threads=1) as second:
        np.testing.assert_array_equal(first.prefill([1, 2, 3]), second.prefill([1, 2, 3]))
        np.testing.assert_array_equal(first.decode(4), second.decode(4))


def test_context_shorter_than_the_calibration_prompts_is_no_hindrance(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model", max_position_embeddings=32)
    with OnnxRuntime(exported_int8(source, tmp_path / "model.onnx"), threads=1) as runtime:
        assert relative_error(runtime.prefill([1, 2])[None], reference_logits(source, [1, 2])) < INT8_KV_TOLERANCE
