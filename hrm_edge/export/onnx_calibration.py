"""The scales of an 8-bit KV cache: one for each channel of each slot's keys and values, constants of the graph.

`GroupQueryAttention` stores round(value / scale), cut off at -128 and 127. What a slot's keys and values reach is asked
of the float graph itself, which reads random tokens: on the embedded model they bring out the same scales, within the
noise, as requests and answers do, and a model without a tokenizer has them too. Cutting off costs far more than coarse
steps do (with the largest value seen as the limit, KL to the float cache was ten times what twice that gives), so:

    limit of a channel = MARGIN · the largest magnitude seen in it, or in its whole head times SMALLEST_SHARE

A key's two halves rotate into each other with the position, so both take the larger one's limit.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.export.onnx_names import ATTENTION_MASK, INPUT_IDS, past_name, present_name

MARGIN = 2.0
SMALLEST_SHARE = 0.5
LARGEST_CODE = 127
PROMPT_LENGTHS = (*[1] * 16, 16, 96)
"""Tokens of each calibration prompt. Those of one token have keys and values that no neighbour has smoothed."""


def kv_scales(model: bytes, folder: Path, architecture: Architecture) -> dict[str, NDArray[np.float32]]:
    """Name of each past input → its scales [1, N, 1, K].

    model: the graph with a float KV cache; folder: where the file lies that it keeps its weights in, if it does.
    """
    session = _session(model, folder)
    slots = range(architecture.kv_slots)
    names = {present_name(slot, part): past_name(slot, part) for slot in slots for part in ("key", "value")}
    heads, head_dim = architecture.num_attention_heads, architecture.head_dim
    largest_NK = {past: np.zeros((heads, head_dim), np.float32) for past in names.values()}
    nothing = np.zeros((1, heads, 0, head_dim), np.float32)
    random = np.random.default_rng(0)
    for length in PROMPT_LENGTHS:
        count = min(length, architecture.max_position_embeddings)
        ids = random.integers(0, architecture.vocab_size, (1, count))
        feeds = {INPUT_IDS: ids, ATTENTION_MASK: np.ones_like(ids)} | dict.fromkeys(largest_NK, nothing)
        for present, found_BNSK in zip(names, session.run([*names], feeds), strict=True):
            seen_NK = largest_NK[names[present]]
            np.maximum(seen_NK, np.abs(found_BNSK[0]).max(axis=1), out=seen_NK)
    return {past: _scales(seen_NK, rotated=past.endswith(".key")) for past, seen_NK in largest_NK.items()}


def _scales(seen_NK: NDArray[np.float32], *, rotated: bool) -> NDArray[np.float32]:
    heads, head_dim = seen_NK.shape
    if rotated:
        halves = seen_NK.reshape(heads, 2, head_dim // 2).max(axis=1)
        seen_NK = np.concatenate([halves, halves], axis=1)
    floor = np.maximum(SMALLEST_SHARE * seen_NK.max(axis=1, keepdims=True), np.finfo(np.float32).tiny * LARGEST_CODE)
    scales_NK: NDArray[np.float32] = (MARGIN / LARGEST_CODE * np.maximum(seen_NK, floor)).astype(np.float32)
    return scales_NK[None, :, None, :]


def _session(model: bytes, folder: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder.resolve()))
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
