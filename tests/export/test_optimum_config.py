"""The exported graph is what `HrmTextOnnxConfig` declares to Optimum, and runs on Optimum's dummy inputs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx_files import exported
from random_models import random_ids, reference_logits, relative_error
from transformers import AutoConfig, DynamicCache, HrmTextForCausalLM

from hrm_edge.export.optimum_config import PAST_LENGTH, HrmTextOnnxConfig

TASK = "text-generation-with-past"
ModelMaker = Callable[[str], Path]


def dynamic_axes(value: onnx.ValueInfoProto) -> dict[int, str]:
    dimensions = value.type.tensor_type.shape.dim
    return {axis: dimension.dim_param for axis, dimension in enumerate(dimensions) if dimension.dim_param}


def fixed_axes(value: onnx.ValueInfoProto) -> dict[int, int]:
    dimensions = value.type.tensor_type.shape.dim
    return {axis: dimension.dim_value for axis, dimension in enumerate(dimensions) if not dimension.dim_param}


def test_names_and_dynamic_axes_are_as_declared(random_model: ModelMaker, shape: str, tmp_path: Path) -> None:
    graph = onnx.load(exported(random_model(shape), tmp_path / "model.onnx")).graph
    declared = HrmTextOnnxConfig(AutoConfig.from_pretrained(random_model(shape)), task=TASK)
    with_defaults = {tensor.name for tensor in graph.initializer}
    inputs = {value.name: dynamic_axes(value) for value in graph.input if value.name not in with_defaults}
    assert inputs == declared.inputs
    assert {value.name: dynamic_axes(value) for value in graph.output} == declared.outputs


@pytest.mark.parametrize("model", ["plain", "head_dim_wider_than_hidden", "causal"])
def test_graph_gives_the_logits_of_transformers_on_the_dummy_inputs(
    random_model: ModelMaker, tmp_path: Path, model: str
) -> None:
    source = random_model(model)
    config = AutoConfig.from_pretrained(source)
    feeds = HrmTextOnnxConfig(config, task=TASK).generate_dummy_inputs(framework="np")
    assert {name: feeds[name].shape for name in ("input_ids", "attention_mask")} == {
        "input_ids": (2, 1),
        "attention_mask": (2, PAST_LENGTH + 1),
    }
    session = onnxruntime.InferenceSession(exported(source, tmp_path / "model.onnx"))
    outputs = dict(zip((value.name for value in session.get_outputs()), session.run(None, feeds), strict=True))

    cache = DynamicCache(config=config)
    for slot in range(config.num_hidden_layers):
        key, value = (torch.from_numpy(feeds[f"past_key_values.{slot}.{part}"]) for part in ("key", "value"))
        cache.update(key, value, slot)
    reference = HrmTextForCausalLM.from_pretrained(source, attn_implementation="eager")
    with torch.inference_mode():
        logits = reference(torch.from_numpy(feeds["input_ids"]), past_key_values=cache, use_cache=True).logits
    assert relative_error(outputs["logits"], logits.numpy()) < 1e-4
    for slot, layer in enumerate(cache.layers):
        np.testing.assert_allclose(outputs[f"present.{slot}.key"], layer.keys.numpy(), atol=1e-4)
        np.testing.assert_allclose(outputs[f"present.{slot}.value"], layer.values.numpy(), atol=1e-4)


def test_prompt_runs_without_past_and_gives_all_logits_unless_told_otherwise(
    random_model: ModelMaker, tmp_path: Path
) -> None:
    source, ids = random_model("plain"), random_ids(6)
    session = onnxruntime.InferenceSession(exported(source, tmp_path / "model.onnx"))
    feeds = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)}
    for value in session.get_inputs():
        if value.name.startswith("past"):
            feeds[value.name] = np.zeros((1, value.shape[1], 0, value.shape[3]), np.float32)
    logits, *_, last_present = session.run(None, feeds)
    assert logits.shape == (1, len(ids), 320)
    assert last_present.shape[2] == len(ids)
    assert relative_error(logits[0, -1:], reference_logits(source, ids)) < 1e-4
    (kept,) = session.run(["logits"], feeds | {"logits_to_keep": np.array([2])})
    np.testing.assert_array_equal(kept, logits[:, -2:])


def test_answer_tokens_fed_together_are_causal_under_the_bias_and_see_each_other_without(
    random_model: ModelMaker, tmp_path: Path
) -> None:
    source, prompt, answer = random_model("plain"), random_ids(9), random_ids(5, seed=2)
    session = onnxruntime.InferenceSession(exported(source, tmp_path / "model.onnx"))
    ids, past = np.array([prompt]), {}
    for value in session.get_inputs():
        if value.name.startswith("past"):
            past[value.name] = np.zeros((1, value.shape[1], 0, value.shape[3]), np.float32)
    outputs = session.run(None, past | {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    past = dict(zip(past, outputs[1:], strict=True))
    feeds = past | {"input_ids": np.array([answer]), "attention_mask": np.ones((1, 14), np.int64)}
    reference = reference_logits(source, prompt, answer)[1:]
    assert relative_error(session.run(["logits"], feeds)[0][0], reference) > 0.01
    future = np.triu(np.full((5, 14), -np.inf, np.float32), 10)[None, None]
    assert relative_error(session.run(["logits"], feeds | {"attention_bias": future})[0][0], reference) < 1e-4
