"""Prompts of all lengths through llama.cpp, whose passes and caches come in steps of 64, 256 and 512 tokens."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conversions import exported
from numpy.typing import NDArray
from random_models import random_ids, relative_error, save_random_model
from transformers import HrmTextForCausalLM

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
from hrm_edge.runtimes.llama.sequence import BATCH_STEP, CAUSAL_PIECE

LONGEST = 1536
TOLERANCE = 1e-4
STEPS = (BATCH_STEP, 256, CAUSAL_PIECE)
LENGTHS = (257, 64, LONGEST - 2, 1, 513, 256, 65, 512, 63, 255, 2, 511, 1025)
"""Around every step, longer ones and shorter ones by turns, so that contexts are made anew and used again."""
IDS = random_ids(LONGEST)
Reference = Callable[[int], NDArray[np.float32]]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_model(
        tmp_path_factory.mktemp("source") / "model", max_position_embeddings=LONGEST, layers=1, heads=2
    )


@pytest.fixture(scope="module")
def gguf(source: Path) -> Path:
    return exported(source, source.with_suffix(".gguf"), "f32")


@pytest.fixture(scope="module")
def reference(source: Path) -> Reference:
    """`reference(length)`: logits [3, V] of transformers after a prompt of the first ids and two of an answer."""
    model = HrmTextForCausalLM.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    known: dict[int, NDArray[np.float32]] = {}

    def logits(length: int) -> NDArray[np.float32]:
        if length not in known:
            block = torch.tensor([[1] * length + [0, 0]])
            with torch.inference_mode():
                found = model(torch.tensor([IDS[: length + 2]]), token_type_ids=block, use_cache=False).logits
            known[length] = found[0, length - 1 :].numpy()
        return known[length]

    return logits


def test_lengths_lie_on_both_sides_of_every_step():
    assert all({step - 1, step, step + 1} <= set(LENGTHS) for step in STEPS)


def test_every_length_agrees_with_transformers(gguf, reference):
    with LlamaCppRuntime(gguf, threads=1) as runtime:
        for length in LENGTHS:
            logits = [runtime.prefill(IDS[:length]), *(runtime.decode(token) for token in IDS[length : length + 2])]
            assert relative_error(np.stack(logits), reference(length)) < TOLERANCE, length


def test_every_length_agrees_in_a_batch_where_another_sequence_goes_on(gguf, reference):
    """The other one gets a token before, and a token together with, each prompt's answer."""
    with LlamaCppRuntime(gguf, threads=1) as runtime, runtime.batch(capacity=3) as batch:
        name, first_V = batch.prefill(IDS[:1])
        stays, undisturbed_V = batch.prefill(IDS[:64])
        assert relative_error(first_V, reference(1)[0]) < TOLERANCE
        batch.free(name)
        for length in LENGTHS:
            guest, first_V = batch.prefill(IDS[:length])
            found = batch.decode({guest: IDS[length : length + 2], stays: IDS[64:65]})
            assert relative_error(np.stack([first_V, *found[guest]]), reference(length)) < TOLERANCE, length
            assert relative_error(np.stack([undisturbed_V, *found[stays]]), reference(64)[:2]) < TOLERANCE, length
            batch.free(guest)
            batch.rewind(stays, 64)


def test_prompt_of_the_whole_context_agrees_and_leaves_no_room(gguf, source):
    model = HrmTextForCausalLM.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.inference_mode():
        ids = torch.tensor([IDS])
        wanted = model(ids, token_type_ids=torch.ones_like(ids), use_cache=False).logits[0, -1].numpy()
    with LlamaCppRuntime(gguf, threads=1) as runtime:
        assert relative_error(runtime.prefill(IDS), wanted) < TOLERANCE
        with pytest.raises(PromptError, match=f"the context is full at {LONGEST} tokens"):
            runtime.decode(1)
        with runtime.batch(capacity=1) as batch:
            name, logits_V = batch.prefill(IDS)
            assert relative_error(logits_V, wanted) < TOLERANCE
            with pytest.raises(PromptError, match=f"1 tokens after {LONGEST} are more than the context of {LONGEST}"):
                batch.decode({name: [1]})
