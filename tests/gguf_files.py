"""GGUF files of hrm_text models written with PyPI's `gguf` alone: what the reader is tested against.

Keys and names are spelled out here a second time on purpose: a shared table could not show that it is wrong.
"""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from random_models import reference_tensors
from transformers import HrmTextConfig

PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_gate": "self_attn.gate_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def write_reference_gguf(
    model_dir: Path,
    path: Path,
    kind: GgmlType = GgmlType.F32,
    *,
    architecture: str = "hrm_text",
    prefix_lm_key: str = "hrm.prefix_lm",
    change_keys: dict[str, Any] | None = None,
    leave_out: str | None = None,
) -> Path:
    """Write `model_dir` as one GGUF file; matrices as `kind`, vectors as F32. `change_keys` spoils u32 keys."""
    config = HrmTextConfig.from_pretrained(model_dir)
    writer = gguf.GGUFWriter(path, architecture)
    integers = {
        "context_length": config.max_position_embeddings,
        "embedding_length": config.hidden_size,
        "feed_forward_length": config.intermediate_size,
        "attention.head_count": config.num_attention_heads,
        "attention.head_count_kv": config.num_attention_heads,
        "attention.key_length": config.head_dim,
        "attention.value_length": config.head_dim,
        "rope.dimension_count": config.head_dim,
        "block_count": config.num_hidden_layers,
        "hrm.layers_per_stack": config.num_layers_per_stack,
        "hrm.h_cycles": config.H_cycles,
        "hrm.l_cycles": config.L_cycles,
    } | (change_keys or {})
    for key, value in integers.items():
        if key != leave_out:
            writer.add_uint32(f"{architecture}.{key}", value)
    writer.add_float32(f"{architecture}.attention.layer_norm_rms_epsilon", config.rms_norm_eps)
    writer.add_float32(f"{architecture}.rope.freq_base", config.rope_parameters["rope_theta"])
    writer.add_float32(f"{architecture}.embedding_scale", config.embedding_scale)
    writer.add_bool(f"{architecture}.{prefix_lm_key}", config.prefix_lm)
    writer.add_string("tokenizer.huggingface.json", (model_dir / "tokenizer.json").read_text(encoding="utf-8"))
    writer.add_array("tokenizer.ggml.tokens", [f"token {index}" for index in range(config.vocab_size)])
    writer.add_array("tokenizer.ggml.token_type", [1] * config.vocab_size)
    for name, tensor in reference_tensors(model_dir).items():
        theirs = gguf_name(name, config.num_layers_per_stack)
        if theirs != leave_out:
            stored = kind if tensor.ndim == 2 else GgmlType.F32
            writer.add_tensor(theirs, gguf.quants.quantize(tensor, stored), raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def gguf_name(name: str, layers: int) -> str:
    """transformers' tensor name → llama.cpp's."""
    whole = {
        "model.embed_tokens.weight": "token_embd.weight",
        "lm_head.weight": "output.weight",
        "model.z_L_init": "hrm.z_l_init",
    }
    if name in whole:
        return whole[name]
    _, stack, _, layer, part = name.removesuffix(".weight").split(".", 4)
    block = int(layer) + (layers if stack == "H_module" else 0)
    theirs = next(gguf_part for gguf_part, ours in PARTS.items() if ours == part)
    return f"blk.{block}.{theirs}.weight"


def dequantized(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of a GGUF file in float32, read and dequantized by PyPI's `gguf`."""
    return {
        tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in gguf.GGUFReader(path).tensors
    }
