"""The halting head learns HRM's targets, taken from answers that transformers judges one by one."""

import dataclasses
import random

import halting_model as taught
import numpy as np
import pytest
import torch
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.checkpoint.halting import HaltingHead
from hrm_edge.errors import TrainingError
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.halting import (
    DepthOutcomes,
    HaltingQuality,
    chosen_depths,
    collect_outcomes,
    continue_targets,
    depth_outcomes,
    halting_loss,
    train_halting,
)
from hrm_edge.train.packed_rows import IGNORED_LABEL, collate, row_of


def binary_cross_entropy(q: float, target: float) -> float:
    """The paper's, from probabilities."""
    probability = 1 / (1 + np.exp(-q))
    return -(target * np.log(probability) + (1 - target) * np.log(1 - probability))


@pytest.mark.parametrize("discount", [1.0, 0.9])
@pytest.mark.parametrize("cycles", [2, 3, 5])
def test_loss_is_the_papers_formula(cycles, discount):
    rng = np.random.default_rng(cycles)
    q, right = rng.normal(size=(6, cycles, 2)) * 3, rng.random((6, cycles)) < 0.5
    expected = 0.0
    for example in range(6):
        for m in range(cycles):
            expected += binary_cross_entropy(q[example, m, 0], float(right[example, m]))
            if m + 1 < cycles:
                following = q[example, m + 1, 0] if m + 2 == cycles else max(q[example, m + 1])
                expected += binary_cross_entropy(q[example, m, 1], discount / (1 + np.exp(-following)))
    expected /= 2 * 6 * cycles
    q_EC2 = torch.from_numpy(q)
    found = halting_loss(q_EC2, torch.from_numpy(right), continue_targets(q_EC2, discount))
    assert found.item() == pytest.approx(expected, rel=1e-9)


def test_no_gradient_goes_through_the_target_of_continuing():
    q_EC2 = torch.randn(4, 3, 2, requires_grad=True)
    right_EC = torch.ones(4, 3, dtype=torch.bool)
    halting_loss(q_EC2, right_EC, continue_targets(q_EC2)).backward()
    alone = q_EC2.detach()[..., 0].sigmoid()
    torch.testing.assert_close(q_EC2.grad[..., 0], (alone - 1) / (2 * 4 * 3))  # the slope of its own term alone
    assert (q_EC2.grad[:, -1, 1] == 0).all()  # nothing runs beyond the last depth


def alone(model: AnswerModel, example, cycles: int) -> tuple[torch.Tensor, float, bool]:
    """One example by transformers' own model of that many cycles: its state at `<|answer|>`, its nats, whether the
    answer is right."""
    request, answer = example
    sizes = dataclasses.replace(taught.SIZES, h_cycles=cycles).to_config()
    reference = HrmTextForCausalLM._from_config(HrmTextConfig(**sizes), attn_implementation="eager").eval()
    reference.load_state_dict(model.state_dict())
    types = torch.tensor([[1] * len(request) + [0] * len(answer)])
    with torch.inference_mode():
        ids = torch.tensor([request + answer])
        hidden_TD = reference.model(input_ids=ids, token_type_ids=types).last_hidden_state[0]
        logits_AV = reference.lm_head(hidden_TD)[len(request) - 1 : -1]
    nats = -sum(float(logits_V.log_softmax(-1)[token]) for logits_V, token in zip(logits_AV, answer, strict=True))
    return hidden_TD[len(request) - 1], nats, logits_AV.argmax(-1).tolist() == answer


def test_outcomes_of_packed_rows_are_transformers_on_each_example_alone():
    """Answers partly right, wholly right and wrong from the first token."""
    model, noise = taught.taught_model(), random.Random(3)
    of = [
        *taught.examples(4, seed=5),
        (taught.request(taught.EASY, noise), [40, 50, 2]),
        (taught.request(taught.HARD, noise), [41, 41, 2]),
        (taught.request(taught.HARD, noise), [40]),
    ]
    found = depth_outcomes(model, collate([row_of(of[:5]), row_of(of[5:])]), 3)
    assert found.tokens.tolist() == [3, 3, 3, 3, 3, 3, 1]
    assert 0 < found.right.sum() < found.right.numel()
    for number, example in enumerate(of):
        for depth in (1, 2, 3):
            hidden_D, nats, right = alone(model, example, depth)
            torch.testing.assert_close(found.hidden[number, depth - 1], hidden_D, rtol=1e-4, atol=1e-4)
            assert found.nats[number, depth - 1].item() == pytest.approx(nats, rel=1e-4, abs=1e-5)
            assert bool(found.right[number, depth - 1]) == right


def test_examples_without_labels_are_left_out():
    rows = collate([row_of(taught.examples(3, seed=1))])
    rows["labels"][rows["segment_ids"] == 2] = IGNORED_LABEL
    whole = depth_outcomes(taught.taught_model(), collate([row_of(taught.examples(3, seed=1))]), 2)
    found = depth_outcomes(taught.taught_model(), rows, 2)
    torch.testing.assert_close(found.hidden, whole.hidden[[0, 2]])


@pytest.fixture(scope="module")
def head() -> HaltingHead:
    outcomes = collect_outcomes(taught.taught_model(), taught.packed(taught.examples(240, seed=-1)), 2, most=232)
    assert len(outcomes) == 232
    assert outcomes.right.float().mean(0).tolist() == [0.5, 1.0]
    return train_halting(outcomes)


def test_head_halts_easy_requests_after_one_cycle_and_hard_ones_after_two(head):
    """On requests that it has not seen."""
    unseen = taught.examples(40, seed=-2)
    outcomes = collect_outcomes(taught.taught_model(), taught.packed(unseen), 2, most=40)
    depths = chosen_depths(head, outcomes.hidden)
    assert depths.tolist() == [1 if asked[1] == taught.EASY else 2 for asked, _ in unseen]
    quality = HaltingQuality.of(head, outcomes)
    assert quality.exact_by_depth == (0.5, 1.0)
    assert (quality.exact, quality.best_exact, quality.mean_cycles) == (1.0, 1.0, 1.5)
    assert quality.share_by_depth == (0.5, 0.5)


def test_requests_that_are_right_at_every_depth_never_halt_without_a_discount():
    """Why γ is not 1 as in the paper."""
    outcomes = collect_outcomes(taught.taught_model(), taught.packed(taught.examples(240, seed=-1)), 2, most=232)
    assert set(chosen_depths(train_halting(outcomes, discount=1.0), outcomes.hidden).tolist()) == {2}


def test_same_outcomes_give_the_same_head(head):
    outcomes = collect_outcomes(taught.taught_model(), taught.packed(taught.examples(240, seed=-1)), 2, most=232)
    np.testing.assert_array_equal(train_halting(outcomes).weight, head.weight)


def test_request_that_never_halts_runs_to_the_last_depth():
    never = HaltingHead(weight=np.zeros((2, 4), np.float32), bias=np.array([0, 1], np.float32))
    assert chosen_depths(never, torch.zeros(3, 5, 4)).tolist() == [5, 5, 5]
    equal = HaltingHead(weight=np.zeros((2, 4), np.float32), bias=np.zeros(2, np.float32))
    assert chosen_depths(equal, torch.zeros(1, 2, 4)).tolist() == [2]  # halts where halting is worth more, not as much


def test_quality_counts_answers_at_the_depth_of_each_request():
    halts_where_positive = HaltingHead(weight=np.array([[1.0], [0.0]], np.float32), bias=np.zeros(2, np.float32))
    outcomes = DepthOutcomes(
        hidden=torch.tensor([[1, 1], [1, 1], [-1, 1], [-1, 1.0]])[..., None],
        nats=torch.zeros(4, 2),
        hits=torch.tensor([[3, 3], [2, 3], [3, 0], [0, 1]]),
        tokens=torch.tensor([3, 3, 3, 3]),
    )
    assert HaltingQuality.of(halts_where_positive, outcomes) == HaltingQuality(
        examples=4, exact_by_depth=(0.5, 0.5), exact=0.25, best_exact=0.75, share_by_depth=(0.5, 0.5), mean_cycles=1.5
    )


def test_model_of_one_cycle_is_refused():
    outcomes = collect_outcomes(taught.taught_model(), taught.packed(taught.examples(4, seed=1)), 1)
    with pytest.raises(TrainingError, match="1 H cycle has no depth to choose"):
        train_halting(outcomes)


def test_model_that_answers_nothing_rightly_is_refused():
    wrong = [(asked, [5, 6]) for asked, _ in taught.examples(8, seed=1)]
    with pytest.raises(TrainingError, match="none of 8 answers is right at any depth"):
        train_halting(collect_outcomes(taught.taught_model(), taught.packed(wrong), 2))


def test_rows_without_examples_are_refused():
    with pytest.raises(TrainingError, match="no example to learn from"):
        collect_outcomes(taught.taught_model(), [], 2, most=8)
