"""The architecture against transformers: configs read back, tensors, parameters and KV slots counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import DynamicCache, HrmTextConfig, HrmTextForCausalLM

from hrm_edge.architecture import MOST_KV_SLOTS, PRESETS, Architecture
from hrm_edge.errors import ArchitectureError

architectures = st.builds(
    lambda heads, per_head, **sizes: Architecture(num_attention_heads=heads, hidden_size=heads * per_head, **sizes),
    heads=st.integers(1, 16),
    per_head=st.integers(1, 128),
    vocab_size=st.integers(1, 2**20),
    intermediate_size=st.integers(1, 2**16),
    num_layers_per_stack=st.integers(1, 16),
    head_dim=st.integers(1, 128).map(lambda n: 2 * n),
    h_cycles=st.integers(1, 8),
    l_cycles=st.integers(1, 8),
    max_position_embeddings=st.integers(1, 2**20),
    rope_theta=st.floats(1.0, 1e8),
    rms_norm_eps=st.floats(1e-12, 0.1),
    embedding_scale=st.floats(1e-3, 1e6),
    tie_word_embeddings=st.booleans(),
    prefix_lm=st.booleans(),
)


@given(architecture=architectures)
def test_config_survives_transformers_and_comes_back_equal(
    architecture: Architecture,
) -> None:
    config = HrmTextConfig.from_dict(architecture.to_config())
    assert Architecture.from_config(architecture.to_config()) == architecture
    assert Architecture.from_config(config.to_dict()) == architecture
    assert config.num_hidden_layers == architecture.kv_slots


@pytest.mark.parametrize("name", PRESETS)
def test_tensors_of_every_preset_are_those_of_transformers(name: str) -> None:
    architecture = PRESETS[name]
    with torch.device("meta"):
        model = HrmTextForCausalLM(HrmTextConfig.from_dict(architecture.to_config()))
    shapes = {key: tuple(tensor.shape) for key, tensor in model.named_parameters()}
    assert architecture.tensor_shapes() == shapes
    assert architecture.parameter_count() == sum(tensor.numel() for tensor in model.parameters())


def test_embedding_scale_and_head_dim_default_as_in_transformers() -> None:
    bare = {
        "model_type": "hrm_text",
        "vocab_size": 64,
        "hidden_size": 96,
        "intermediate_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
    }
    expected = HrmTextConfig(**{key: value for key, value in bare.items() if key != "model_type"})
    found = Architecture.from_config(bare)
    assert found.embedding_scale == expected.embedding_scale
    assert found.head_dim == expected.head_dim
    assert (found.h_cycles, found.l_cycles) == (expected.H_cycles, expected.L_cycles)
    assert found.num_layers_per_stack == expected.num_layers_per_stack == 3
    assert found.kv_slots == expected.num_hidden_layers
    assert found.tie_word_embeddings == expected.tie_word_embeddings
    assert found.max_position_embeddings == expected.max_position_embeddings
    assert found.rope_theta == expected.rope_parameters["rope_theta"]
    assert found.rms_norm_eps == expected.rms_norm_eps
    assert found.prefix_lm == expected.prefix_lm


def test_kv_slots_and_bytes_are_those_of_a_filled_dynamic_cache(
    random_model: Callable[[str], Path], shape: str
) -> None:
    model = HrmTextForCausalLM.from_pretrained(random_model(shape))
    architecture = Architecture.from_config(model.config.to_dict())
    cache = DynamicCache(config=model.config)
    with torch.inference_mode():
        model(torch.tensor([[1, 2, 3, 4, 5]]), past_key_values=cache, use_cache=True)
    assert len(cache) == architecture.kv_slots
    held = sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers)
    assert held == 5 * architecture.kv_bytes_per_token("f32")
    assert held == 10 * architecture.kv_bytes_per_token("f16")


def test_kv_slot_numbers_every_invocation_once_in_order() -> None:
    architecture = PRESETS["27m"]
    slots = [
        architecture.kv_slot(h, cycle, layer)
        for h in range(architecture.h_cycles)
        for cycle in range(architecture.l_cycles + 1)
        for layer in range(architecture.num_layers_per_stack)
    ]
    assert slots == list(range(architecture.kv_slots))


def test_kv_bytes_of_the_1b_shape_are_768_kib_a_token() -> None:
    assert PRESETS["1b"].kv_bytes_per_token("f16") == 768 * 1024
    assert PRESETS["27m"].kv_bytes_per_token("f16") == 64 * 1024


def test_depth_dial_changes_the_slots_and_nothing_else() -> None:
    shallow = PRESETS["27m"].with_cycles(1)
    assert shallow.kv_slots == PRESETS["27m"].kv_slots // 2
    assert shallow.tensor_shapes() == PRESETS["27m"].tensor_shapes()


@pytest.mark.parametrize("key", ["vocab_size", "hidden_size", "intermediate_size", "num_attention_heads"])
def test_config_without_a_size_is_refused_by_its_key(key: str) -> None:
    config = PRESETS["nano"].to_config()
    del config[key]
    with pytest.raises(ArchitectureError, match=f"config.json lacks '{key}'"):
        Architecture.from_config(config)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_size": 0}, "hidden_size is 0: it must be a whole number from 1"),
        ({"vocab_size": -1}, "vocab_size is -1"),
        ({"vocab_size": 2**31}, "vocab_size is 2147483648"),
        ({"vocab_size": True}, "vocab_size is True"),
        ({"head_dim": 33}, "head_dim is 33: rotary embeddings need an even number"),
        ({"head_dim": None}, "head_dim is None"),
        ({"L_cycles": MOST_KV_SLOTS}, "hrm-edge runs at most 4096 KV slots"),
        ({"rope_parameters": [1]}, "rope_parameters is .1.: it must be an object"),
        ({"rope_parameters": {"rope_theta": "1e4"}}, "rope_theta is 1e4: it must be a number above 0"),
        ({"rope_parameters": {"rope_theta": 10**400}}, "rope_theta is 1000"),
        ({"rope_parameters": None, "rope_scaling": {"type": "linear", "factor": 2}}, "rope_type is 'linear'"),
        ({"embedding_scale": None, "initializer_range": 0}, "initializer_range is 0"),
        ({"embedding_scale": -1.0}, "embedding_scale is -1.0"),
        ({"prefix_lm": "yes"}, "prefix_lm is yes: it must be true or false"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_value_an_hrm_cannot_have_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArchitectureError, match=message):
        Architecture.from_config(PRESETS["nano"].to_config() | change)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(changes=st.dictionaries(st.sampled_from(sorted(PRESETS["nano"].to_config())), json_values, max_size=3))
def test_any_json_in_a_config_gives_an_architecture_or_its_error(changes: dict[str, Any]) -> None:
    try:
        Architecture.from_config(PRESETS["nano"].to_config() | changes)
    except ArchitectureError as error:
        assert len(str(error)) < 300
