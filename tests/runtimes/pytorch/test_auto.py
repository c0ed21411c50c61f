"""`cycles="auto"`: the depth that the head chooses for a prompt gives what that number of cycles gives, to the bit."""

import random
import shutil

import halting_model as taught
import numpy as np
import pytest
from random_models import random_ids

from hrm_edge.checkpoint.halting import HaltingHead, write_halting
from hrm_edge.errors import CheckpointError, RuntimeUnavailableError
from hrm_edge.runtimes.load import load_runtime
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.train.halting import collect_outcomes, train_halting

ANSWER = random_ids(6, seed=2)


def decoded_logits(runtime, prompt_ids, answer_ids):
    return np.stack([runtime.prefill(prompt_ids), *(runtime.decode(token_id) for token_id in answer_ids)])


@pytest.fixture(scope="module")
def three_cycles(random_model, tmp_path_factory):
    """A random model of three cycles, and a way to make a copy with a head."""
    source = random_model("three_h_cycles")

    def with_head(weight_D, bias):
        directory = tmp_path_factory.mktemp("halting") / "model"
        shutil.copytree(source, directory)
        weight_2D = np.stack([weight_D, np.zeros_like(weight_D)]).astype(np.float32)
        write_halting(HaltingHead(weight=weight_2D, bias=np.array([bias, 0], np.float32)), directory)
        return directory

    return with_head


def test_every_depth_that_is_chosen_gives_the_logits_of_that_many_cycles(three_cycles):
    """One runtime, prompts that halt at each depth in any order: nothing of a deeper or shallower one is left."""
    model = three_cycles(np.random.default_rng(0).normal(size=64), -8.0)
    fixed = {cycles: PyTorchRuntime(model, cycles=cycles) for cycles in (1, 2, 3)}
    chosen = []
    with PyTorchRuntime(model, cycles="auto") as runtime:
        for seed in range(24):
            prompt = random_ids(3 + seed, seed=seed)
            found = decoded_logits(runtime, prompt, ANSWER)
            assert runtime.position == len(prompt) + len(ANSWER)
            chosen.append(runtime.cycles)
            np.testing.assert_array_equal(found, decoded_logits(fixed[runtime.cycles], prompt, ANSWER))
    assert set(chosen) == {1, 2, 3}
    assert chosen != sorted(chosen)


@pytest.mark.parametrize(("bias", "cycles"), [(1.0, 1), (0.0, 3)])
def test_head_that_always_or_never_halts_runs_one_cycle_or_all(three_cycles, bias, cycles):
    with PyTorchRuntime(three_cycles(np.zeros(64), bias), cycles="auto") as runtime:
        runtime.prefill(ANSWER)
        assert runtime.cycles == cycles


def test_trained_head_runs_easy_requests_once_and_hard_ones_twice_and_answers_all_rightly(tmp_path):
    """The whole way: weights and head saved, loaded by the runtime, greedy answers by transformers' weights."""
    model = taught.taught_model()
    model.save_pretrained(tmp_path)
    outcomes = collect_outcomes(model, taught.packed(taught.examples(240, seed=-1)), 2, most=232)
    write_halting(train_halting(outcomes), tmp_path)
    noise = random.Random(9)
    with PyTorchRuntime(tmp_path, cycles="auto") as runtime:
        for kind, cycles in ((taught.HARD, 2), (taught.EASY, 1), (taught.HARD, 2), (taught.EASY, 1)):
            answer = [int(runtime.prefill(taught.request(kind, noise)).argmax())]
            answer += [int(runtime.decode(token).argmax()) for token in taught.RIGHT[:-1]]
            assert (runtime.cycles, answer) == (cycles, taught.RIGHT)


def test_auto_without_a_head_is_refused_with_the_mend(random_model):
    with pytest.raises(CheckpointError, match=r"halting.safetensors is not there, and --cycles auto needs it"):
        PyTorchRuntime(random_model("plain"), cycles="auto")


@pytest.mark.parametrize("name", ["onnx", "llama-cpp"])
def test_auto_in_another_runtime_is_refused_with_the_mend(random_model, name):
    with pytest.raises(RuntimeUnavailableError, match=f"torch runtime alone, and this is {name}: use --runtime torch"):
        load_runtime(random_model("plain"), RuntimeOptions(runtime=name, cycles="auto"))
