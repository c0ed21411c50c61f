import subprocess
import sys

import numpy as np
import pytest
import torch
from random_models import random_ids, reference_logits, relative_error
from transformers import HrmTextForCausalLM

from hrm_edge.errors import ArchitectureError, CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.runtimes.sampling import Sampler

PROMPT = random_ids(23)
ANSWER = random_ids(16, seed=2)


def decoded_logits(runtime, prompt_ids, answer_ids):
    return np.stack([runtime.prefill(prompt_ids), *(runtime.decode(token_id) for token_id in answer_ids)])


def test_logits_are_transformers_for_every_shape(random_model, shape):
    """Prefill under the trained mask and cached decode, against transformers loaded by itself."""
    path = random_model(shape)
    with PyTorchRuntime(path) as runtime:
        logits = decoded_logits(runtime, PROMPT, ANSWER)
    assert logits.dtype == np.float32
    assert relative_error(logits, reference_logits(path, PROMPT, ANSWER)) < 1e-5


@pytest.mark.parametrize("shape", ["plain", "causal"])
def test_greedy_answer_is_transformers_generate(random_model, shape):
    path = random_model(shape)
    model = HrmTextForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    prompt = torch.tensor([PROMPT])
    expected = model.generate(
        prompt, token_type_ids=torch.ones_like(prompt), attention_mask=torch.ones_like(prompt),
        do_sample=False, max_new_tokens=40, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    with PyTorchRuntime(path) as runtime:
        completion = complete(runtime, PROMPT, sampler=Sampler(), stop_ids=(), max_tokens=40)
    assert list(completion.token_ids) == expected[0, len(PROMPT) :].tolist()


def test_prefill_forgets_what_came_before(random_model):
    with PyTorchRuntime(random_model("plain")) as runtime:
        first = decoded_logits(runtime, PROMPT, ANSWER)
        again = decoded_logits(runtime, PROMPT, ANSWER)
        assert runtime.position == len(PROMPT) + len(ANSWER)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("cycles", [1, 3])
def test_cycles_run_the_same_weights_at_another_depth(random_model, cycles):
    """Seed for seed, the shapes one_h_cycle and three_h_cycles hold the weights of plain."""
    other = random_model({1: "one_h_cycle", 3: "three_h_cycles"}[cycles])
    with PyTorchRuntime(random_model("plain"), cycles=cycles) as runtime:
        assert runtime.architecture.h_cycles == cycles
        logits = decoded_logits(runtime, PROMPT, ANSWER)
    assert relative_error(logits, reference_logits(other, PROMPT, ANSWER)) < 1e-5


def test_no_cycles_are_refused(random_model):
    with pytest.raises(ArchitectureError, match="h_cycles is 0"):
        PyTorchRuntime(random_model("plain"), cycles=0)


def test_context_is_what_was_asked_for_and_never_more_than_the_model_has(random_model):
    with PyTorchRuntime(random_model("plain"), context_length=9999) as runtime:
        assert runtime.context_length == 256
    with PyTorchRuntime(random_model("plain"), context_length=5) as runtime:
        with pytest.raises(PromptError, match="the prompt has 23 tokens and the context holds 5"):
            runtime.prefill(PROMPT)
        runtime.prefill(PROMPT[:5])
        with pytest.raises(PromptError, match="the context is full at 5 tokens"):
            runtime.decode(1)


def test_answer_decodes_to_the_very_end_of_the_context(random_model):
    path = random_model("plain")
    answer = random_ids(256 - 250, seed=3)
    prompt = random_ids(250)
    with PyTorchRuntime(path) as runtime:
        logits = decoded_logits(runtime, prompt, answer)
    assert relative_error(logits, reference_logits(path, prompt, answer)) < 1e-5


def test_empty_prompt_is_refused(random_model):
    with PyTorchRuntime(random_model("plain")) as runtime, pytest.raises(PromptError, match="the prompt is empty"):
        runtime.prefill([])


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_absent_device_is_refused_with_the_mend(random_model, device):
    if (torch.cuda if device == "cuda" else torch.backends.mps).is_available():
        pytest.skip(f"this machine has {device}")
    with pytest.raises(RuntimeUnavailableError, match=f"device {device}.*use --device cpu"):
        PyTorchRuntime(random_model("plain"), device=device)


def test_unknown_device_is_refused(random_model):
    with pytest.raises(RuntimeUnavailableError, match=r"'tpu'.*cpu, cuda or mps"):
        PyTorchRuntime(random_model("plain"), device="tpu")


def test_missing_checkpoint_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere"):
        PyTorchRuntime(tmp_path / "nowhere")


@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_absent_library_is_refused_with_the_pip_command(random_model, library):
    """In a process that cannot import the library."""
    script = f"""
import sys
from pathlib import Path
sys.meta_path[:] = [type("Hide", (), {{"find_spec": staticmethod(lambda name, path=None, target=None, f=f:
    None if name == {library!r} else f.find_spec(name, path, target))}}) for f in sys.meta_path]
from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
try:
    PyTorchRuntime(Path({str(random_model("plain"))!r}))
except RuntimeUnavailableError as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert 'pip install "hrm-edge[train]"' in result.stdout


@pytest.mark.parametrize("token_id", [-1, 10**6])
def test_token_outside_the_vocabulary_is_refused_and_not_an_index_error(random_model, token_id):
    with PyTorchRuntime(random_model("plain"), threads=1) as runtime:
        with pytest.raises(PromptError, match=f"token {token_id} is outside the vocabulary"):
            runtime.prefill([1, token_id])
        runtime.prefill([1])
        with pytest.raises(PromptError, match=f"token {token_id} is outside the vocabulary"):
            runtime.decode(token_id)
