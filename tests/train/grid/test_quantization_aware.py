"""QAT: the forward runs on the grid's own weights, the masters learn, and the export is the forward bit for bit."""

import copy

import numpy as np
import pytest
import torch
from random_models import random_ids, save_random_model
from torch import nn
from transformers import HrmTextForCausalLM

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.layout import EMBEDDING, HEAD
from hrm_edge.errors import CheckpointError, GridError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.grid import QuantizedTensor, dequantize
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.train.grid import modules as grid_modules
from hrm_edge.train.grid.modules import FakeQuantizedLinear
from hrm_edge.train.grid.quantization_aware import (
    FURTHEST_FROM_CODE,
    export_qat,
    forward_weights,
    load_scales,
    optimizer_groups,
    prepare_for_qat,
    save_scales,
    scale_parameters,
    start_from_quantized,
)

BITS = pytest.mark.parametrize("bits", [4, 8])
TIED = pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
LEARNED = pytest.mark.parametrize("learned", [True, False], ids=["learned", "recomputed"])
IDS = torch.tensor([random_ids(24), random_ids(24, seed=2)])
BLOCK = (torch.arange(24) < 9).long().expand(2, 24)


@pytest.fixture(scope="module")
def tied_dir(tmp_path_factory):
    return save_random_model(tmp_path_factory.mktemp("float") / "tied", l_cycles=3)


@pytest.fixture(scope="module")
def untied_dir(tmp_path_factory):
    return save_random_model(tmp_path_factory.mktemp("float") / "untied", tie_word_embeddings=False)


def load(directory) -> HrmTextForCausalLM:
    return HrmTextForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")


def prepared(directory, bits=4, *, learned=False, activations=False) -> HrmTextForCausalLM:
    model = load(directory)
    prepare_for_qat(model, bits, learned_scales=learned, activations=activations)
    return model


def logits_of(model) -> torch.Tensor:
    return model(IDS, token_type_ids=BLOCK, use_cache=False).logits


def loss_of(model, ids=IDS) -> torch.Tensor:
    return model(ids, token_type_ids=BLOCK[: len(ids)], use_cache=False, labels=ids).loss


def stored_weights(path) -> dict[str, np.ndarray]:
    with open_checkpoint(path) as checkpoint:
        return {name: dequantize(t) for name, t in checkpoint.tensors() if isinstance(t, QuantizedTensor)}


def with_weights(directory, weights) -> HrmTextForCausalLM:
    """transformers' own model with other matrices."""
    model = load(directory)
    with torch.no_grad():
        for name, weight in weights.items():
            model.get_parameter(name).copy_(torch.as_tensor(weight))
    return model


def train_a_little(model, steps=3) -> None:
    """A few steps that also move learned scales away from the rule's."""
    optimizer = torch.optim.AdamW(optimizer_groups(model, learning_rate=1e-2, scale_learning_rate=1e-3))
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()


@BITS
@TIED
@LEARNED
def test_forward_is_that_of_the_rounded_checkpoint(bits, tied, learned, tied_dir, untied_dir, tmp_path):
    directory = tied_dir if tied else untied_dir
    with open_checkpoint(directory) as checkpoint:
        quantize_checkpoint(checkpoint, bits, tmp_path / "rtn").close()
    expected = logits_of(with_weights(directory, stored_weights(tmp_path / "rtn")))
    assert torch.equal(logits_of(prepared(directory, bits, learned=learned)), expected)


@TIED
@LEARNED
def test_gradient_of_a_master_adds_up_over_all_cycles(tied, learned, tied_dir, untied_dir):
    """The same gradient as a float model gets whose matrices are the dequantized ones; with recomputed scales
    nothing else happens to it."""
    model = prepared(tied_dir if tied else untied_dir, learned=learned)
    reference = with_weights(tied_dir if tied else untied_dir, forward_weights(model))
    loss_of(model).backward()
    loss_of(reference).backward()
    for name, parameter in reference.named_parameters():
        found = model.get_parameter(name).grad
        if not parameter.requires_grad or name in (EMBEDDING, HEAD):
            assert found is None
        elif learned:  # the scales of the rule clip nothing but the far end: there the gradient stops
            assert torch.all((found == parameter.grad) | (found == 0))
        else:
            assert torch.equal(found, parameter.grad)


def test_gradient_of_a_scale_adds_up_over_all_cycles(tied_dir):
    """By the chain rule through the dequantized weight, whose gradient a float model gives."""
    model = prepared(tied_dir, learned=True)
    reference = with_weights(tied_dir, forward_weights(model))
    loss_of(model).backward()
    loss_of(reference).backward()
    name = "model.L_module.layers.0.mlp.down_proj.weight"
    slopes = reference.get_parameter(name).grad.double().reshape(64, 3, 32)
    steps = model.get_parameter(f"{name}_scales").detach().half().double()[..., None]
    ratios = model.get_parameter(name).detach().double().reshape(64, 3, 32) / steps
    codes = ratios.round().clamp(-8, 7)
    inside = (ratios >= -8) & (ratios <= 7)
    expected = (slopes * torch.where(inside, codes - ratios, codes)).sum(-1) / (32 * 7) ** 0.5
    torch.testing.assert_close(model.get_parameter(f"{name}_scales").grad.double(), expected, rtol=1e-3, atol=1e-6)


def test_gradient_checkpointing_changes_nothing(tied_dir):
    plain, checkpointed = prepared(tied_dir), prepared(tied_dir)
    checkpointed.activation_checkpointing_enable()
    for model in (plain, checkpointed):
        model.train()
        loss_of(model).backward()
    for name, parameter in plain.named_parameters():
        if parameter.requires_grad:
            torch.testing.assert_close(checkpointed.get_parameter(name).grad, parameter.grad, rtol=1e-5, atol=1e-8)


def test_gradients_of_several_batches_add_up(tied_dir):
    together, apart = prepared(tied_dir), prepared(tied_dir)
    ((loss_of(together, IDS[:1]) + loss_of(together, IDS[1:])) / 2).backward()
    for ids in (IDS[:1], IDS[1:]):
        (loss_of(apart, ids) / 2).backward()
    for name, parameter in together.named_parameters():
        if parameter.requires_grad:
            torch.testing.assert_close(apart.get_parameter(name).grad, parameter.grad)


def test_each_matrix_is_quantized_once_a_forward_and_anew_in_the_next(tied_dir, monkeypatch):
    rounded = []
    original = grid_modules.fake_quantize
    monkeypatch.setattr(grid_modules, "fake_quantize", lambda w, bits: rounded.append(id(w)) or original(w, bits))
    model = prepared(tied_dir)
    before = logits_of(model)
    matrices = 2 * 2 * 8 + 1  # stacks · layers · matrices, and the embedding with its tied head
    assert len(rounded) == len(set(rounded)) == matrices
    train_a_little(model, steps=1)
    assert not torch.equal(logits_of(model), before)
    assert len(rounded) == 3 * matrices


def test_every_matrix_is_quantized_before_the_first_layer_runs(tied_dir, monkeypatch):
    """Compiled layers must not contain the rounding: inductor fuses fp16 away, and the weights were not the grid's."""
    rounded, seen = [], []
    original = grid_modules.fake_quantize
    monkeypatch.setattr(grid_modules, "fake_quantize", lambda w, bits: rounded.append(id(w)) or original(w, bits))
    model = prepared(tied_dir)
    for module in (model.model.L_module, model.model.H_module):
        module.register_forward_pre_hook(lambda *_: seen.append(len(rounded)))
    logits_of(model)
    assert set(seen) == {33}


@BITS
@TIED
@LEARNED
def test_export_is_the_forward_bit_for_bit(bits, tied, learned, tied_dir, untied_dir, tmp_path):
    directory = tied_dir if tied else untied_dir
    model = prepared(directory, bits, learned=learned)
    train_a_little(model)
    expected = forward_weights(model)
    with open_checkpoint(directory) as source, export_qat(model, source, tmp_path / "qat") as exported:
        assert exported.quantization.method == "qat"
        export_gguf(exported, tmp_path / "model.gguf")
    for path in (tmp_path / "qat", tmp_path / "model.gguf"):
        found = stored_weights(path)
        assert found.keys() == expected.keys()
        for name, weight in expected.items():
            np.testing.assert_array_equal(found[name].view(np.uint32), weight.numpy().view(np.uint32), err_msg=name)
    assert torch.equal(logits_of(with_weights(directory, stored_weights(tmp_path / "qat"))), logits_of(model))


def test_training_lowers_the_loss_on_the_grid(tied_dir):
    model = prepared(tied_dir, learned=True, activations=True)
    before = loss_of(model).item()
    train_a_little(model, steps=15)
    assert loss_of(model).item() < before / 2


def test_activations_are_rounded_before_every_matrix_and_no_norm(tied_dir):
    """Against transformers' own model whose linear maps get their inputs rounded by hooks of the test's own."""

    def rounding(_module, inputs):
        blocks = inputs[0].reshape(*inputs[0].shape[:-1], -1, 32)
        scale = blocks.abs().amax(-1, keepdim=True) / 127
        return ((blocks * (1 / scale)).round() * scale.half().float()).reshape(inputs[0].shape)

    model = prepared(tied_dir, activations=True)
    reference = with_weights(tied_dir, forward_weights(model))
    for module in reference.modules():
        if isinstance(module, nn.Linear):
            module.register_forward_pre_hook(rounding)
    assert torch.equal(logits_of(model), logits_of(reference))
    assert not torch.equal(logits_of(model), logits_of(prepared(tied_dir)))


@LEARNED
def test_saved_checkpoint_holds_the_float_masters_under_their_names(learned, tied_dir, tmp_path):
    model = prepared(tied_dir, learned=learned)
    train_a_little(model)
    model.save_pretrained(tmp_path)
    saved = load(tmp_path)
    for name, parameter in saved.named_parameters():
        assert torch.equal(parameter, model.get_parameter(name)), name
    with open_checkpoint(tmp_path) as checkpoint:
        assert checkpoint.bits == 32


def test_training_goes_on_from_its_checkpoint(tied_dir, tmp_path):
    model, resumed = prepared(tied_dir, learned=True), prepared(tied_dir, learned=True)
    train_a_little(model)
    model.save_pretrained(tmp_path)
    save_scales(model, tmp_path)
    resumed.load_state_dict(load(tmp_path).state_dict())
    load_scales(resumed, tmp_path)
    assert torch.equal(logits_of(resumed), logits_of(model))


def test_state_dict_of_its_own_brings_everything(tied_dir):
    model, resumed = prepared(tied_dir, learned=True), prepared(tied_dir, learned=True)
    train_a_little(model)
    resumed.load_state_dict(model.state_dict())
    assert torch.equal(logits_of(resumed), logits_of(model))


def test_tied_head_stays_tied_to_the_embedding(tied_dir):
    model = prepared(tied_dir, learned=True)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    assert model.lm_head.weight_scales is model.model.embed_tokens.weight_scales
    logits_of(model)
    assert model.lm_head.quantized_weight() is model.model.embed_tokens.quantized_weight()
    assert len(scale_parameters(model)) == 32


def test_scales_are_optimized_apart_and_nothing_twice_or_not_at_all(tied_dir):
    model = prepared(tied_dir, learned=True)
    masters, scales = optimizer_groups(model, learning_rate=1e-3, scale_learning_rate=1e-4)
    assert (masters["lr"], scales["lr"]) == (1e-3, 1e-4)
    named = {id(parameter): name for name, parameter in model.named_parameters() if parameter.requires_grad}
    found = [named[id(parameter)] for group in (masters, scales) for parameter in group["params"]]
    assert sorted(found) == sorted(named.values())
    assert all(named[id(parameter)].endswith("weight_scales") for parameter in scales["params"])
    [only] = optimizer_groups(prepared(tied_dir), learning_rate=1e-3, scale_learning_rate=1e-4)
    assert len(only["params"]) == 32


@BITS
@TIED
@LEARNED
def test_embedding_and_head_stay_as_they_were_rounded(bits, tied, learned, tied_dir, untied_dir):
    model = prepared(tied_dir if tied else untied_dir, bits, learned=learned)
    before = {name: weight.clone() for name, weight in forward_weights(model).items()}
    train_a_little(model)
    after = forward_weights(model)
    kept = {name for name in before if torch.equal(before[name], after[name])}
    assert kept == {EMBEDDING} | (set() if tied else {HEAD})


def test_other_heads_stay_float(tied_dir):
    model = load(tied_dir)
    model.halting_head = nn.Linear(64, 2)
    prepare_for_qat(model, 4, learned_scales=False, activations=True)
    assert type(model.halting_head) is nn.Linear


@LEARNED
def test_model_in_training_can_be_copied(learned, tied_dir):
    model = prepared(tied_dir, learned=learned)
    expected = logits_of(model)
    twin = copy.deepcopy(model)
    train_a_little(model, steps=1)
    assert torch.equal(logits_of(twin), expected)


def test_forward_without_gradients_leaves_the_next_one_its_own(tied_dir):
    model = prepared(tied_dir)
    with torch.inference_mode():
        logits_of(model)
    loss_of(model).backward()
    assert model.get_parameter("model.L_module.layers.0.mlp.down_proj.weight").grad is not None


def test_forward_from_embeddings_uses_the_newest_weights(tied_dir):
    model = prepared(tied_dir)
    train_a_little(model, steps=1)
    embeddings = forward_weights(model)["model.embed_tokens.weight"][IDS]
    expected = logits_of(model)
    logits_of(model)
    with torch.no_grad():
        found = model(inputs_embeds=embeddings, token_type_ids=BLOCK, use_cache=False).logits
    assert torch.equal(found, expected)


def test_start_from_a_quantized_checkpoint_is_its_forward(tied_dir, tmp_path):
    """Here one whose scales are not the rule's, as GPTQ's need not be."""
    other = prepared(tied_dir, learned=True)
    train_a_little(other)
    with open_checkpoint(tied_dir) as source:
        export_qat(other, source, tmp_path / "start").close()
    model, masters = prepared(tied_dir, learned=True), load(tied_dir)
    with open_checkpoint(tmp_path / "start") as start:
        start_from_quantized(model, start)
        grid = {name: tensor for name, tensor in start.tensors() if isinstance(tensor, QuantizedTensor)}
    for name, weight in forward_weights(model).items():
        assert torch.equal(weight, torch.from_numpy(dequantize(grid[name]))), name
        steps = np.repeat(grid[name].scales.astype(np.float32), 32, axis=1)
        before, after = (m.get_parameter(name).detach().numpy() / steps for m in (masters, model))
        code = grid[name].codes.astype(np.float32) - (8 if grid[name].bits == 4 else 0)
        stays = np.abs(before - code) <= FURTHEST_FROM_CODE
        np.testing.assert_array_equal(after[stays], before[stays])
        np.testing.assert_allclose(np.abs(after - code)[~stays], FURTHEST_FROM_CODE, atol=1e-3)


def test_start_at_other_bits_is_refused(tied_dir, tmp_path):
    model = prepared(tied_dir, 4, learned=True)
    with open_checkpoint(tied_dir) as source, quantize_checkpoint(source, 8, tmp_path / "q") as start:
        with pytest.raises(GridError, match="is 8 bits and the training is at 4 bits: start from a checkpoint"):
            start_from_quantized(model, start)
        with pytest.raises(GridError, match="is float and the training"):
            start_from_quantized(model, source)


def test_export_with_another_models_source_is_refused(tied_dir, untied_dir, tmp_path):
    with open_checkpoint(untied_dir) as source, pytest.raises(CheckpointError, match=r"has l_cycles 2 and the model"):
        export_qat(prepared(tied_dir), source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_export_of_weights_that_are_not_finite_is_refused(tied_dir, tmp_path):
    model = prepared(tied_dir)
    with torch.no_grad():
        model.model.H_module.layers[1].mlp.up_proj.weight[3, 5] = float("nan")
    with (
        open_checkpoint(tied_dir) as source,
        pytest.raises(GridError, match=r"H_module.layers.1.mlp.up_proj.weight has a"),
    ):
        export_qat(model, source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_matrix_that_does_not_divide_into_blocks_is_refused_before_anything_changes(tmp_path):
    model = load(save_random_model(tmp_path, intermediate_size=80))
    with pytest.raises(GridError, match="multiple of 32"):
        prepare_for_qat(model, 4, learned_scales=False, activations=False)
    assert not any(isinstance(module, FakeQuantizedLinear) for module in model.modules())


def test_scales_of_another_model_are_refused(tied_dir, tmp_path):
    model = prepared(tied_dir, learned=True)
    with pytest.raises(CheckpointError, match=r"qat_scales.safetensors is not there"):
        load_scales(model, tmp_path)
    other = prepared(save_random_model(tmp_path / "wide", intermediate_size=128), learned=True)
    save_scales(other, tmp_path)
    with pytest.raises(CheckpointError, match=r"gate_proj.weight are \[128, 2\] and the model needs \[96, 2\]"):
        load_scales(model, tmp_path)
