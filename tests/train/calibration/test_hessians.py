"""The Hessians that calibration gathers are those of a forward pass written out by hand, over all cycles."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch
from random_models import random_ids
from torch.nn.functional import silu, softmax
from transformers import HrmTextForCausalLM

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import DataError
from hrm_edge.quantize.gptq import Curvature
from hrm_edge.train.calibration.examples import TokenizedExample
from hrm_edge.train.calibration.hessians import Calibration
from hrm_edge.train.quality.finished_model import load_finished_model

EXAMPLES = [
    TokenizedExample(request=tuple(random_ids(9, seed=1)), answer=tuple(random_ids(5, seed=2))),
    TokenizedExample(request=tuple(random_ids(3, seed=3)), answer=tuple(random_ids(12, seed=4))),
]


def normalized(x: torch.Tensor, eps: float) -> torch.Tensor:
    return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt()


def rotated(x_NTK: torch.Tensor, theta: float) -> torch.Tensor:
    """RoPE, the halves of a head turned against each other as complex numbers."""
    _, tokens, size = x_NTK.shape
    angles = torch.outer(torch.arange(tokens), theta ** (-torch.arange(0, size, 2) / size))
    turned = torch.complex(*x_NTK.chunk(2, -1)) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], -1)


class HandWritten:
    """The forward pass from the weights alone; keeps every input of every linear, per weight."""

    def __init__(self, model: HrmTextForCausalLM) -> None:
        self.config = model.config
        self.weights = {name: weight.detach() for name, weight in model.named_parameters()}
        self.inputs: dict[str, list[torch.Tensor]] = defaultdict(list)

    def linear(self, name: str, x: torch.Tensor) -> torch.Tensor:
        self.inputs[name].append(x)
        return x @ self.weights[name].T

    def stack(self, stack: str, x_TD: torch.Tensor, seen_TT: torch.Tensor) -> torch.Tensor:
        heads, eps = self.config.num_attention_heads, self.config.rms_norm_eps
        for layer in range(self.config.num_layers_per_stack):
            prefix = f"model.{stack}.layers.{layer}"
            normed = normalized(x_TD, eps)
            q, k, v, gate = (
                self.linear(f"{prefix}.self_attn.{name}_proj.weight", normed).unflatten(-1, (heads, -1)).transpose(0, 1)
                for name in ("q", "k", "v", "gate")
            )
            theta = self.config.rope_parameters["rope_theta"]
            scores = rotated(q, theta) @ rotated(k, theta).transpose(1, 2) / q.shape[-1] ** 0.5
            mixed = softmax(scores.masked_fill(~seen_TT, -torch.inf), -1) @ v * torch.sigmoid(gate)
            x_TD = x_TD + self.linear(f"{prefix}.self_attn.o_proj.weight", mixed.transpose(0, 1).flatten(1))
            normed = normalized(x_TD, eps)
            gate = silu(self.linear(f"{prefix}.mlp.gate_proj.weight", normed))
            wide = gate * self.linear(f"{prefix}.mlp.up_proj.weight", normed)
            x_TD = x_TD + self.linear(f"{prefix}.mlp.down_proj.weight", wide)
        return normalized(x_TD, eps)

    def read(self, example: TokenizedExample) -> None:
        ids = torch.tensor([*example.request, *example.answer])
        place = torch.arange(len(ids))
        seen_TT = place[None] <= place[:, None]
        if self.config.prefix_lm:
            asked = place < len(example.request)
            seen_TT = seen_TT | (asked[None] & asked[:, None])
        high = self.weights["model.embed_tokens.weight"][ids] * self.config.embedding_scale
        low = self.weights["model.z_L_init"].expand_as(high)
        for _ in range(self.config.H_cycles):
            for _ in range(self.config.L_cycles):
                low = self.stack("L_module", low + high, seen_TT)
            high = self.stack("H_module", high + low, seen_TT)


@pytest.mark.parametrize("shape", ["plain", "three_h_cycles", "causal", "head_dim_wider_than_hidden"])
def test_hessians_are_the_products_of_all_inputs_of_all_cycles(random_model, shape) -> None:
    model = load_finished_model(random_model(shape))
    by_hand = HandWritten(model)
    for example in EXAMPLES:
        by_hand.read(example)
    calibration = Calibration(model, EXAMPLES)
    assert calibration.passes == 1
    uses = model.config.H_cycles * len(EXAMPLES)
    for name, inputs in by_hand.inputs.items():
        assert len(inputs) == uses * (model.config.L_cycles if "L_module" in name else 1)
        x = torch.cat(inputs).double().numpy()
        np.testing.assert_allclose(calibration.hessian_of(name), x.T @ x, rtol=1e-3, atol=1e-4 * (x**2).sum() / len(x))


def test_every_matrix_of_the_stacks_has_a_hessian_of_its_width(random_model) -> None:
    path: Path = random_model("head_dim_narrower_than_hidden")
    calibration = Calibration(load_finished_model(path), EXAMPLES)
    for name, shape in open_checkpoint(path).architecture.tensor_shapes().items():
        if "layers" in name:
            assert calibration.hessian_of(name).shape == (shape[1], shape[1])
            Curvature.of(calibration.hessian_of(name), name)


def test_weights_of_the_same_inputs_have_the_same_array(random_model) -> None:
    calibration = Calibration(load_finished_model(random_model("plain")), EXAMPLES)
    layer = "model.H_module.layers.1"
    first = calibration.hessian_of(f"{layer}.self_attn.q_proj.weight")
    assert calibration.hessian_of(f"{layer}.self_attn.gate_proj.weight") is first
    assert calibration.hessian_of(f"{layer}.self_attn.o_proj.weight") is not first


def test_little_memory_takes_more_passes_and_gives_the_same(random_model) -> None:
    model = load_finished_model(random_model("plain"))
    one, more = Calibration(model, EXAMPLES), Calibration(model, EXAMPLES, memory_bytes=1)
    assert more.passes == 4
    heard: list[str] = []
    for name in open_checkpoint(random_model("plain")).architecture.tensor_shapes():
        if "layers" in name:
            found = more.hessian_of(name, on_example=heard.append)
            np.testing.assert_allclose(found, one.hessian_of(name), rtol=1e-6)
    assert len(heard) == 4 * len(EXAMPLES)


def test_nothing_to_calibrate_on_is_refused(random_model) -> None:
    with pytest.raises(DataError, match="there is no example to calibrate on: give at least one"):
        Calibration(load_finished_model(random_model("plain")), [])
