"""What is llama.cpp's own about its batches: places that move, passes that are too long, types of KV, limits."""

from pathlib import Path

import numpy as np
import psutil
import pytest
from conversions import exported
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.llama.runtime import LEAST_ROWS, LlamaCppRuntime

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_model(tmp_path_factory.mktemp("source") / "model", heads=2, head_dim=32, layers=1)


@pytest.fixture(scope="module")
def gguf(source: Path) -> Path:
    return exported(source, source.with_suffix(".gguf"), "f32")


def test_sequences_that_move_into_the_gaps_of_others_go_on_as_they_were(source, gguf):
    prompts = [random_ids(5 + 3 * index, seed=index) for index in range(6)]
    answer = random_ids(4, seed=10)
    with LlamaCppRuntime(gguf, threads=1) as runtime, runtime.batch(capacity=6, context_length=64) as batch:
        names = [batch.prefill(prompt)[0] for prompt in prompts]
        for name in (names[0], names[2], names[3]):
            batch.free(name)
        late, _ = batch.prefill(prompts[0])
        going = {names[1]: prompts[1], names[4]: prompts[4], names[5]: prompts[5], late: prompts[0]}
        first = batch.decode(dict.fromkeys(going, answer[:2]))
        batch.free(names[1])
        [copy] = batch.fork(names[5], 1)
        del going[names[1]]
        second = batch.decode(dict.fromkeys((*going, copy), answer[2:]))
        for name, prompt in going.items():
            wanted = reference_logits(source, prompt, answer)[1:]
            assert relative_error(np.concatenate([first[name], second[name]]), wanted) < TOLERANCE
        assert relative_error(second[copy], reference_logits(source, prompts[5], answer)[3:]) < TOLERANCE


def test_more_tokens_than_one_pass_takes_are_read_in_several(source, gguf):
    prompts, answers = [random_ids(7, seed=1), random_ids(9, seed=2)], [random_ids(LEAST_ROWS - 5), random_ids(30)]
    with LlamaCppRuntime(gguf, threads=1) as runtime, runtime.batch(capacity=2, context_length=128) as batch:
        names = [batch.prefill(prompt)[0] for prompt in prompts]
        found = batch.decode(dict(zip(names, answers, strict=True)))
        for name, prompt, answer in zip(names, prompts, answers, strict=True):
            assert relative_error(found[name], reference_logits(source, prompt, answer)[1:]) < TOLERANCE


@pytest.mark.parametrize("kv_type", ["f32", "f16", "q8_0", "q4_0"])
def test_forks_read_the_same_keys_and_values_in_every_type(gguf, kv_type):
    """The batch's figures are those of the runtime alone, but for the order of its sums."""
    prompt, answer = random_ids(40), random_ids(5, seed=2)
    with (
        LlamaCppRuntime(gguf, threads=1, kv_type=kv_type) as runtime,
        runtime.batch(capacity=3, context_length=64) as batch,
    ):
        alone = np.stack([runtime.prefill(prompt), *(runtime.decode(token) for token in answer)])
        first, first_V = batch.prefill(prompt)
        found = batch.decode(dict.fromkeys([first, *batch.fork(first, 2)], answer))
        for logits_TV in found.values():
            assert relative_error(np.stack([first_V, *logits_TV]), alone) < 1e-3


def test_logits_are_the_callers_to_keep(gguf):
    with LlamaCppRuntime(gguf, threads=1) as runtime, runtime.batch(capacity=1, context_length=64) as batch:
        name, first_V = batch.prefill(random_ids(5))
        kept = batch.decode({name: [1]})[name]
        before = first_V.copy(), kept.copy()
        batch.decode({name: [2]})
        np.testing.assert_array_equal(first_V, before[0])
        np.testing.assert_array_equal(kept, before[1])


@pytest.mark.parametrize("capacity", [0, 257])
def test_more_sequences_than_llama_cpp_holds_are_refused(gguf, capacity):
    with (
        LlamaCppRuntime(gguf, threads=1) as runtime,
        pytest.raises(PromptError, match=rf"a batch of {capacity} sequences: llama\.cpp holds 1 to 256"),
    ):
        runtime.batch(capacity=capacity)


def test_batch_that_no_memory_holds_is_refused(tmp_path):
    source = save_random_model(tmp_path / "model", max_position_embeddings=2**24)
    with (
        LlamaCppRuntime(exported(source, tmp_path / "model.gguf", "f32"), threads=1) as runtime,
        pytest.raises(PromptError, match=r"256 sequences of 16777216 tokens need \d+\.\d GB of KV cache"),
    ):
        runtime.batch(capacity=256)


def test_closing_gives_the_memory_and_the_files_back(gguf):
    process = psutil.Process()
    with LlamaCppRuntime(gguf, threads=1) as runtime:

        def use() -> tuple[int, int]:
            with runtime.batch(capacity=8, context_length=256) as batch:
                batch.fork(batch.prefill(random_ids(50))[0], 7)
            return process.memory_info().rss, process.num_fds()

        for _ in range(5):
            memory, files = use()
        for _ in range(20):
            later = use()
    assert later[0] - memory < 40 * 2**20  # 20 caches that were kept would be 250 MB
    assert later[1] == files


def test_closing_the_runtime_closes_its_batches(gguf):
    runtime = LlamaCppRuntime(gguf, threads=1)
    batch = runtime.batch(capacity=2, context_length=64)
    batch.prefill(random_ids(5))
    runtime.close()
    with pytest.raises(AssertionError, match="the context was closed"):
        batch.prefill(random_ids(5))
    batch.close()
