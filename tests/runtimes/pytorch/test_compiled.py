"""Compiled layers: the same numbers, and few compilations. Traced by dynamo, run by torch itself: no code is generated,
which takes minutes and is torch's own affair."""

import numpy as np
import pytest
import torch
from random_models import random_ids, reference_logits, relative_error
from torch._dynamo.utils import counters

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.runtimes.pytorch.batch import PyTorchBatch
from hrm_edge.runtimes.pytorch.compiled import compile_layers
from hrm_edge.runtimes.pytorch.passes import ModelPasses
from hrm_edge.runtimes.pytorch.runtime import load_model

PROMPT, ANSWER = random_ids(7), random_ids(12, seed=2)
MOST_GRAPHS = 4
"""One of constants, then those in which dynamo takes the layer, the cycle and the length for variables."""


@pytest.fixture
def compiled_batch(random_model):
    """`compiled_batch("plain")`: a batch of one over a model whose layers are compiled."""
    torch._dynamo.reset()
    counters.clear()

    def make(shape):
        with open_checkpoint(random_model(shape)) as checkpoint:
            architecture = checkpoint.architecture
            model = load_model(checkpoint, architecture, "cpu")
        compile_layers(model, backend="eager")
        passes = ModelPasses(model, architecture, device="cpu", dtype=torch.float32, compiled=True)
        return PyTorchBatch(passes, capacity=1, context_length=40)

    with torch._dynamo.config.patch(allow_unspec_int_on_nn_module=False):
        yield make
    torch._dynamo.reset()


def test_every_layer_slot_and_length_share_a_few_compilations_of_whole_layers(random_model, compiled_batch):
    with compiled_batch("three_h_cycles") as batch:
        name, first_V = batch.prefill(PROMPT)
        assert not counters["stats"]  # prompts are not compiled: each has another length
        found = [batch.decode({name: [token]})[name][0] for token in ANSWER]
    wanted = reference_logits(random_model("three_h_cycles"), PROMPT, ANSWER)
    assert relative_error(np.stack([first_V, *found]), wanted) < 1e-5
    assert 1 <= counters["stats"]["unique_graphs"] <= MOST_GRAPHS
    assert not counters["graph_break"]
