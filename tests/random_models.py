"""Random hrm_text checkpoints, made and run by transformers: the independent reference of every parity test.

Weights have a spread of hidden^-0.5 and z_L_init is random, so that every matrix, gate and cycle moves the logits; a
model whose logits hardly differ would pass any tolerance.

    from random_models import SHAPES, reference_logits, save_random_model
    model_dir = save_random_model(tmp_path, **SHAPES["head_dim_wider_than_hidden"])
    logits_TV = reference_logits(model_dir, prompt_ids=[5, 6, 7], answer_ids=[8, 9])
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import DynamicCache, HrmTextConfig, HrmTextForCausalLM

from hrm_edge.train.tokenizer_training import train_tokenizer

SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "head_dim_wider_than_hidden": {"heads": 4, "head_dim": 32},
    "head_dim_narrower_than_hidden": {"heads": 2, "head_dim": 16},
    "untied": {"tie_word_embeddings": False},
    "one_h_cycle": {"h_cycles": 1},
    "three_h_cycles": {"h_cycles": 3},
    "one_l_cycle": {"l_cycles": 1},
    "rope_theta_500000": {"rope_theta": 500000.0},
    "causal": {"prefix_lm": False},
    "vocabulary_no_multiple_of_32": {"vocab_size": 333, "tie_word_embeddings": False},
}
"""Overrides of `save_random_model` that break code which assumes the usual: pytest parameters with readable ids."""

CORPUS = (
    "find all files larger than 100 MB: find . -type f -size +100M",
    "def add(first, second):\n    return first + second\n",
    "for line in sys.stdin:\n    print(line.rstrip())\n",
    "list the running processes sorted by memory: ps aux --sort=-%mem | head",
    "```python\nimport json\nprint(json.dumps({'answer': 42}))\n```",
    "count the lines of every file: wc -l *.txt && grep -rn 'pattern' .",
)


def save_random_model(
    directory: Path,
    *,
    vocab_size: int = 320,
    hidden_size: int = 64,
    intermediate_size: int = 96,
    layers: int = 2,
    heads: int = 4,
    head_dim: int = 16,
    h_cycles: int = 2,
    l_cycles: int = 2,
    tie_word_embeddings: bool = True,
    rope_theta: float = 10000.0,
    prefix_lm: bool = True,
    max_position_embeddings: int = 256,
    dtype: torch.dtype = torch.float32,
    max_shard_size: str = "5GB",
    fused: bool = True,
    tokenizer: bool = True,
    seed: int = 0,
) -> Path:
    """Write a checkpoint as transformers does (config.json, safetensors) and a tokenizer.json; return the directory.

    fused: transformers saves hrm_text in Sapient's fused layout by default; False keeps its own names.
    """
    torch.manual_seed(seed)
    config = HrmTextConfig(
        vocab_size=vocab_size,
        hidden_size=hidden_size,
        intermediate_size=intermediate_size,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        head_dim=head_dim,
        H_cycles=h_cycles,
        L_cycles=l_cycles,
        tie_word_embeddings=tie_word_embeddings,
        rope_parameters={"rope_type": "default", "rope_theta": rope_theta},
        prefix_lm=prefix_lm,
        max_position_embeddings=max_position_embeddings,
        initializer_range=hidden_size**-0.5,
    )
    model = HrmTextForCausalLM(config)
    with torch.no_grad():
        model.model.z_L_init.normal_()
    directory.mkdir(parents=True, exist_ok=True)
    model.to(dtype).save_pretrained(directory, max_shard_size=max_shard_size, save_original_format=fused)
    if tokenizer:
        write_tiny_tokenizer(directory, vocab_size)
    return directory


def reference_logits(model_dir: Path, prompt_ids: Sequence[int], answer_ids: Sequence[int] = ()) -> NDArray[np.float32]:
    """float32 logits [1 + len(answer_ids), V]: after the prompt (one block if prefix_lm) and each answer token."""
    model = HrmTextForCausalLM.from_pretrained(model_dir, dtype=torch.float32, attn_implementation="eager").eval()
    cache = DynamicCache(config=model.config)
    prompt = torch.tensor([list(prompt_ids)])
    block = torch.ones_like(prompt) if model.config.prefix_lm else None
    with torch.inference_mode():
        rows = [model(prompt, token_type_ids=block, past_key_values=cache, use_cache=True).logits[0, -1]]
        for token_id in answer_ids:
            rows.append(model(torch.tensor([[token_id]]), past_key_values=cache, use_cache=True).logits[0, -1])
    return torch.stack(rows).numpy()


def reference_tensors(model_dir: Path) -> dict[str, NDArray[np.float32]]:
    """Every tensor as transformers loads it, in float32; `lm_head.weight` only where it is not the embedding."""
    model = HrmTextForCausalLM.from_pretrained(model_dir, dtype=torch.float32)
    tied = model.lm_head.weight is model.model.embed_tokens.weight
    return {
        name: tensor.numpy() for name, tensor in model.state_dict().items() if not (tied and name == "lm_head.weight")
    }


def relative_error(logits: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """Largest difference over the reference's largest magnitude: the measure of the parity tolerances."""
    return float(np.abs(logits - reference).max() / np.abs(reference).max())


def random_ids(count: int, vocab_size: int = 320, seed: int = 1) -> list[int]:
    """`count` token ids drawn from the whole vocabulary."""
    return np.random.default_rng(seed).integers(0, vocab_size, count).tolist()


def write_tiny_tokenizer(directory: Path, vocab_size: int) -> Path:
    """Write hrm-edge's byte-level BPE with at most `vocab_size` tokens; return the tokenizer.json."""
    path = directory / "tokenizer.json"
    path.write_text(train_tokenizer(CORPUS, vocab_size).to_json(), encoding="utf-8")
    return path
