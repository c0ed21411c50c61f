"""What the torch runtime's batch promises beyond test_batch.py: its cache stays where it is, one thread at a time."""

import shutil
import threading

import numpy as np
import pytest
import torch
from random_models import random_ids, reference_logits, relative_error

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.halting import HaltingHead, write_halting
from hrm_edge.errors import ArchitectureError, PromptError, RuntimeUnavailableError
from hrm_edge.quantize.grid import dequantize, round_to_grid
from hrm_edge.runtimes.pytorch.cache import StaticKeysAndValues
from hrm_edge.runtimes.pytorch.graphs import horizon_of_shape
from hrm_edge.runtimes.pytorch.passes import ModelPasses, Window
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime, kv_type_of, load_model
from hrm_edge.runtimes.pytorch.stores import RoundedStore

KV_TOLERANCE = 0.005
"""Relative error of logits over 8-bit keys and values of a random model, whose attention is spread and averages it."""


@pytest.fixture
def runtime(random_model):
    with PyTorchRuntime(random_model("plain"), threads=1) as opened:
        yield opened


def test_sequences_that_halt_at_different_depths_decode_together(random_model, tmp_path):
    """Each gets what a runtime fixed at its own depth gives it."""
    model = shutil.copytree(random_model("three_h_cycles"), tmp_path / "model")
    weight_D = np.random.default_rng(0).normal(size=64)
    weight_2D = np.stack([weight_D, np.zeros_like(weight_D)]).astype(np.float32)
    write_halting(HaltingHead(weight=weight_2D, bias=np.array([-8, 0], np.float32)), model)
    prompts = {seed: random_ids(3 + seed, seed=seed) for seed in range(8)}
    answer = random_ids(3, seed=2)
    with PyTorchRuntime(model, cycles="auto") as auto, auto.batch(capacity=8, context_length=32) as batch:
        names = {batch.prefill(prompt)[0]: prompt for prompt in prompts.values()}
        depths = {name: batch.cycles(name) for name in names}
        assert set(depths.values()) == {1, 2, 3}
        found = batch.decode(dict.fromkeys(names, answer))
    for cycles in (1, 2, 3):
        with PyTorchRuntime(model, cycles=cycles) as fixed:
            for name in (name for name, depth in depths.items() if depth == cycles):
                fixed.prefill(names[name])
                wanted = np.stack([fixed.decode(token) for token in answer])
                np.testing.assert_allclose(found[name], wanted, atol=1e-5 * np.abs(wanted).max())


def test_attention_reads_the_cache_itself_and_no_copy_of_it(random_model):
    """Whatever the length, what attention is given lies in the memory that was allocated in the beginning."""
    with open_checkpoint(random_model("plain")) as checkpoint:
        architecture = checkpoint.architecture
    heads, head_dim, slot = architecture.num_attention_heads, architecture.head_dim, architecture.kv_slots - 1
    cache = StaticKeysAndValues(architecture, places=3, columns=40, dtype=torch.float32, device="cpu")
    assert cache.size_bytes == 3 * 41 * architecture.kv_bytes_per_token("f32")
    new = torch.ones(2, heads, 1, head_dim)
    lies_at = set()
    for column in (0, 17, 39):
        cache.aim(torch.tensor([[column], [40]]), first=1, horizon=column + 1)
        found = cache.update(new, 2 * new, slot)
        for value, read_BNCK in enumerate(found, 1):
            assert read_BNCK.shape == (2, heads, column + 1, head_dim)
            assert (read_BNCK[0, :, column] == value).all()
            assert not read_BNCK[1].any()  # of the second place the waste alone was written
        lies_at.add(tuple(read_BNCK.data_ptr() for read_BNCK in found))
    assert len(lies_at) == 1
    cache.aim(torch.tensor([[40]]), first=0, horizon=40)
    assert not cache.update(new[:1], new[:1], slot)[0].any()  # the first place is no part of those passes


def test_a_horizon_beyond_what_is_seen_changes_nothing(random_model):
    """What a recorded CUDA step spans is longer than the context read so far."""
    with open_checkpoint(random_model("plain")) as checkpoint:
        architecture = checkpoint.architecture
        passes = ModelPasses(
            load_model(checkpoint, architecture, "cpu"), architecture, device="cpu", dtype=torch.float32
        )
    cache = passes.new_cache(places=2, columns=100)
    for place in range(2):
        passes.prefill(cache, random_ids(5 + place), place)
    window = Window.of_answers({0: [7], 1: [8, 9]}, {0: 5, 1: 6}, waste=100)
    inputs_4BT = torch.from_numpy(window.stacked())
    wanted, found = (
        passes.forward(cache, inputs_4BT, first=0, horizon=horizon, cycles=architecture.h_cycles).numpy()
        for horizon in (window.horizon, horizon_of_shape(window.horizon, 100))
    )
    np.testing.assert_allclose(found[0, 0], wanted[0, 0], atol=1e-5)
    np.testing.assert_allclose(found[1], wanted[1], atol=1e-5)


@pytest.mark.parametrize(("seen", "spanned"), [(1, 128), (128, 128), (129, 256), (256, 256), (257, 300), (300, 300)])
def test_a_recorded_step_spans_a_power_of_two_or_the_whole_context(seen, spanned):
    assert horizon_of_shape(seen, 300) == spanned


def test_8_bit_keys_and_values_are_those_of_the_grid():
    """Each block as `round_to_grid` rounds it, zeros included; more of a place than was written reads as zeros."""
    new_BNTK = torch.randn(2, 3, 4, 64, generator=torch.Generator().manual_seed(0))
    new_BNTK[0, 0, 0, :32] = 0
    store = RoundedStore((2, 5, 3, 10, 64), torch.float32, "cpu")
    rows_B1, columns_BT = torch.tensor([[2], [3]]), torch.tensor([[0, 1, 2, 3], [4, 5, 6, 7]])
    store.write(1, rows_B1, columns_BT, new_BNTK)
    found = store.read(1, slice(2, 4), 8)
    rounded = dequantize(round_to_grid(new_BNTK.reshape(-1, 64).numpy(), 8)).reshape(2, 3, 4, 64)
    np.testing.assert_array_equal(found[0, :, :4].numpy(), rounded[0])
    np.testing.assert_array_equal(found[1, :, 4:].numpy(), rounded[1])
    assert not found[0, :, 4:].any() and not found[1, :, :4].any() and not store.read(0, slice(0, 5), 10).any()


def test_8_bit_keys_and_values_are_near_transformers_and_a_fork_takes_them_along(random_model):
    path = random_model("head_dim_wider_than_hidden")
    prompt, answer = random_ids(20), random_ids(10, seed=2)
    with PyTorchRuntime(path, kv_type="q8_0") as runtime, runtime.batch(capacity=2) as batch:
        assert (runtime.kv_type, runtime.kv_bytes_per_token) == (
            "q8_0",
            runtime.architecture.kv_bytes_per_token("q8_0"),
        )
        first, first_V = batch.prefill(prompt)
        (second,) = batch.fork(first, 1)
        batch.free(first)
        found = np.stack([first_V, *batch.decode({second: answer})[second]])
    error = relative_error(found, reference_logits(path, prompt, answer))
    assert 1e-6 < error < KV_TOLERANCE


def test_8_bit_keys_and_values_of_heads_they_do_not_divide_are_refused(random_model):
    with pytest.raises(ArchitectureError, match="head_dim is 16 and q8_0 KV needs a multiple of 32"):
        PyTorchRuntime(random_model("plain"), kv_type="q8_0")


@pytest.mark.parametrize(
    ("name", "device", "stay_quantized", "kv_type"),
    [
        ("1b", "cuda", True, "q8_0"),
        ("1b", "cuda", False, "f16"),
        ("27m", "cuda", True, "f16"),
        ("1b", "cpu", True, "f32"),
    ],
)
def test_keys_and_values_are_rounded_where_memory_is_short(name, device, stay_quantized, kv_type):
    assert kv_type_of(PRESETS[name], device, None, stay_quantized=stay_quantized) == kv_type


def test_cache_that_no_memory_holds_is_refused_with_the_mend(runtime):
    with pytest.raises(PromptError, match=r"1000000000 sequences of 256 tokens need .* GB .*: ask for fewer"):
        runtime.batch(capacity=10**9)


def test_no_sequences_and_no_tokens_are_bugs_of_the_caller(runtime):
    with pytest.raises(ValueError, match="capacity is 0"):
        runtime.batch(capacity=0)
    with runtime.batch(capacity=1, context_length=8) as batch:
        name, _ = batch.prefill([1, 2, 3])
        with pytest.raises(ValueError, match="no token"):
            batch.decode({name: []})
        for length in (2, 4):
            with pytest.raises(ValueError, match=f"length is {length}"):
                batch.rewind(name, length)
    with pytest.raises(ValueError, match="closed"):
        batch.prefill([1])


def test_a_batch_may_hold_longer_sequences_than_the_runtime_it_came_from(random_model):
    with (
        PyTorchRuntime(random_model("plain"), context_length=8) as runtime,
        runtime.batch(capacity=1, context_length=40) as batch,
    ):
        name, _ = batch.prefill(random_ids(30))
        assert batch.length(name) == 30


def test_a_second_thread_is_refused_while_the_first_reads_and_served_after(random_model):
    """Held inside a pass by a hook, so that the two do meet; nothing of the refused one is read."""
    inside, go_on, first = threading.Event(), threading.Event(), []

    def hold(*_):
        inside.set()
        assert go_on.wait(60)

    with PyTorchRuntime(random_model("plain")) as runtime, runtime.batch(capacity=2) as batch:
        wanted = runtime.prefill([1, 2, 3])
        name, _ = batch.prefill([4, 5])
        hook = runtime._passes._model.model.H_module.register_forward_hook(hold)
        reader = threading.Thread(target=lambda: first.append(runtime.prefill([1, 2, 3])))
        reader.start()
        try:
            assert inside.wait(60)
            for work in (
                lambda: runtime.decode(7),
                lambda: batch.prefill([8]),
                lambda: batch.decode({name: [9]}),
                lambda: batch.free(name),
            ):
                with pytest.raises(RuntimeUnavailableError, match="in use by another thread"):
                    work()
        finally:
            go_on.set()
            reader.join()
            hook.remove()
        np.testing.assert_array_equal(first[0], wanted)
        assert batch.length(name) == 2
        assert batch.decode({name: [9]})[name].shape == (1, 320)
