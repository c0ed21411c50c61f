"""Packed rows give what transformers gives for each example alone, at every depth, and nothing crosses examples."""

import dataclasses

import pytest
import torch
from train_data import TINY
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.train.answer_model import EARLY_EXIT_WEIGHT, AnswerModel, answers_of
from hrm_edge.train.packed_rows import collate, row_of

EXAMPLES = [([0, 17, 30, 31, 1], [40, 41, 2]), ([0, 55, 1], [60, 61, 62, 2]), ([0, 9, 8, 7, 6, 1], [5, 2])]


@pytest.fixture(params=["eager", "sdpa"])
def model(request) -> AnswerModel:
    torch.manual_seed(0)
    return AnswerModel._from_config(HrmTextConfig(**TINY.to_config()), attn_implementation=request.param).eval()


def alone(model: AnswerModel, example, cycles: int) -> torch.Tensor:
    """Logits of one example's answer by transformers' own model of that many cycles and its own PrefixLM mask."""
    sizes = dataclasses.replace(TINY, h_cycles=cycles).to_config()
    reference = HrmTextForCausalLM._from_config(HrmTextConfig(**sizes), attn_implementation="eager").eval()
    reference.load_state_dict(model.state_dict())
    request, answer = example
    ids = torch.tensor([request + answer])
    types = torch.tensor([[1] * len(request) + [0] * len(answer)])
    with torch.inference_mode():
        return reference(input_ids=ids, token_type_ids=types).logits[0, len(request) - 1 : -1]


@pytest.mark.parametrize("cycles", [1, 2, 3])
def test_every_exit_of_packed_rows_is_transformers_on_each_example_alone(model, cycles):
    rows = collate([row_of(EXAMPLES[:2]), row_of(EXAMPLES[2:])])
    with torch.inference_mode():
        exits = model.exit_logits(rows, cycles)
    assert len(exits) == cycles
    for depth, logits_NV in enumerate(exits, 1):
        expected_NV = torch.cat([alone(model, example, depth) for example in EXAMPLES])
        torch.testing.assert_close(logits_NV, expected_NV, rtol=1e-4, atol=1e-4)
    assert model.config.H_cycles == 2


def test_no_gradient_crosses_examples_and_none_comes_from_later_answer_tokens(model):
    rows = collate([row_of(EXAMPLES)])
    seen: list[torch.Tensor] = []

    def keep(_module, _inputs, output):
        output.retain_grad()
        seen.append(output)

    model.model.embed_tokens.register_forward_hook(keep)
    model.exit_logits(rows, 2)[-1][4].logsumexp(0).backward()  # the second answer token of the second example
    has_gradient = seen[0].grad[0].abs().sum(1) > 0
    own = torch.zeros_like(has_gradient)
    start = len(EXAMPLES[0][0]) + len(EXAMPLES[0][1])
    own[start : start + len(EXAMPLES[1][0]) + 1] = True  # its request, both ways, and the answer token before it
    assert has_gradient.tolist() == own.tolist()


def test_loss_is_the_last_exit_and_a_share_of_the_earlier_ones_per_answer_token(model):
    rows = collate([row_of(EXAMPLES)])
    labels_N = answers_of(rows)
    assert labels_N.tolist() == [token for _, answer in EXAMPLES for token in answer]
    first, second = (torch.cat([alone(model, example, depth) for example in EXAMPLES]) for depth in (1, 2))
    losses = [torch.nn.functional.nll_loss(logits.log_softmax(-1), labels_N) for logits in (first, second)]
    with torch.inference_mode():
        torch.testing.assert_close(model(cycles=1, **rows)["loss"], losses[0])
        torch.testing.assert_close(model(**rows)["loss"], losses[1] + EARLY_EXIT_WEIGHT * losses[0])
        half = model(cycles=1, num_items_in_batch=2 * len(labels_N), **rows)["loss"]
    torch.testing.assert_close(half, losses[0] / 2)


def test_saved_model_is_a_plain_hrm_text_checkpoint(model, tmp_path):
    model.save_pretrained(tmp_path)
    read = HrmTextForCausalLM.from_pretrained(tmp_path)
    assert read.config.architectures == ["HrmTextForCausalLM"]
    assert all(torch.equal(weight, read.state_dict()[name]) for name, weight in model.state_dict().items())
