"""The torch runtime on a CUDA GPU, held to itself on the CPU. Skipped where there is none."""

import numpy as np
import pytest
import torch
from random_models import random_ids, reference_logits, relative_error

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.runtimes.pytorch.batch import PyTorchBatch
from hrm_edge.runtimes.pytorch.passes import ModelPasses
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime, load_model

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
PROMPTS = [random_ids(length, seed=length) for length in (5, 120)]
ANSWERS = [random_ids(20, seed=40 + index) for index in range(2)]
BFLOAT16_TOLERANCE = 0.05


def test_recorded_steps_equal_transformers_across_a_longer_horizon(random_model):
    """In float32: more steps than run before a recording, some beyond the shortest horizon, rows that come and go."""
    path = random_model("plain")
    with open_checkpoint(path) as checkpoint:
        architecture = checkpoint.architecture
        model = load_model(checkpoint, architecture, "cuda")
    passes = ModelPasses(model, architecture, device="cuda", dtype=torch.float32)
    with PyTorchBatch(passes, capacity=3, context_length=200) as batch:
        started = [batch.prefill(prompt) for prompt in PROMPTS]
        guest, _ = batch.prefill(random_ids(9))
        names = [name for name, _ in started]
        rows = {name: [logits_V] for name, logits_V in started}
        for index, step in enumerate(zip(*ANSWERS, strict=True)):
            if index == 10:
                batch.free(guest)
            found = batch.decode({name: [token] for name, token in zip(names, step, strict=True)})
            for name in names:
                rows[name].append(found[name][0])
        assert batch._captured is not None and batch._captured._graphs
    for name, prompt, answer in zip(names, PROMPTS, ANSWERS, strict=True):
        assert relative_error(np.stack(rows[name]), reference_logits(path, prompt, answer)) < 1e-4


@pytest.mark.parametrize("options", [{}, {"compiled": True}], ids=["eager", "compiled"])
def test_runtime_in_bfloat16_is_near_the_cpu(random_model, options):
    path = random_model("plain")
    with PyTorchRuntime(path, device="cuda", **options) as runtime:
        found = [runtime.prefill(PROMPTS[0]), *(runtime.decode(token) for token in ANSWERS[0])]
    assert relative_error(np.stack(found), reference_logits(path, PROMPTS[0], ANSWERS[0])) < BFLOAT16_TOLERANCE


@pytest.mark.parametrize("bits", [4, 8])
def test_quantized_weights_stay_so_and_give_what_they_give_on_the_cpu(random_model, tmp_path, bits):
    with open_checkpoint(random_model("untied")) as source, quantize_checkpoint(source, bits, tmp_path / "grid"):
        pass
    logits = []
    for device in ("cpu", "cuda"):
        with PyTorchRuntime(tmp_path / "grid", device=device) as runtime:
            logits.append(np.stack([runtime.prefill(PROMPTS[0]), *(runtime.decode(token) for token in ANSWERS[0])]))
    assert relative_error(logits[1], logits[0]) < BFLOAT16_TOLERANCE
