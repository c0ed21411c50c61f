"""Batches: the answer alone is learned, the request alone is bidirectional, every seed has its one order."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from train_data import shell_rows, write_lines
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train import batches as batches_module
from hrm_edge.train.batches import BatchPlan, collate, cut_into_batches
from hrm_edge.train.examples import read_examples
from hrm_edge.train.mixture import Mixture
from hrm_edge.train.tokenizer_training import train_tokenizer


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return read_examples(write_lines(tmp_path_factory.mktemp("data") / "n.jsonl", *shell_rows(50)))


@pytest.fixture(scope="module")
def tokenizer(examples) -> Tokenizer:
    return train_tokenizer((text for e in examples for text in (e.request, e.response)), 400)


def test_collate_marks_request_answer_and_padding():
    batch = collate([([1, 2, 3], [4, 5]), ([1], [6])], pad_id=0)
    assert batch["input_ids"].tolist() == [[1, 2, 3, 4, 5], [1, 6, 0, 0, 0]]
    assert batch["token_type_ids"].tolist() == [[1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]
    assert batch["labels"].tolist() == [[-100, -100, -100, 4, 5], [-100, 6, -100, -100, -100]]


@given(
    st.lists(st.tuples(st.lists(st.just(1), min_size=1, max_size=40), st.lists(st.just(2), min_size=1, max_size=40)))
)
def test_cut_keeps_every_example_in_order_within_the_budget(pairs):
    batches = cut_into_batches(pairs, 100)
    assert [pair for batch in batches for pair in batch] == pairs
    for batch in batches:
        widest = max(len(request) + len(answer) for request, answer in batch)
        assert len(batch) == 1 or widest * len(batch) <= 100


def test_plan_gives_the_same_batch_for_the_same_step_whatever_was_read_before(examples, tokenizer, monkeypatch):
    monkeypatch.setattr(batches_module, "EXAMPLES_PER_CHUNK", 256)

    def plan() -> BatchPlan:
        return BatchPlan(Mixture(examples, [], 7), tokenizer, steps=2000, batch_tokens=512, longest=64, seed=7)

    straight, resumed = plan(), plan()
    for step in range(5):
        straight[step]
    late = 70  # beyond the first chunk
    assert torch.equal(straight[late]["input_ids"], resumed[late]["input_ids"])
    assert not torch.equal(straight[0]["input_ids"], straight[1]["input_ids"])


def test_padding_and_other_rows_do_not_change_a_rows_logits():
    torch.manual_seed(0)
    config = HrmTextConfig(
        vocab_size=32, hidden_size=32, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, head_dim=16
    )
    model = HrmTextForCausalLM(config).eval()
    short = ([1, 2, 3], [4, 5])
    alone, padded = collate([short], 0), collate([short, ([6] * 9, [7] * 9)], 0)
    with torch.inference_mode():
        expected = model(**{k: v for k, v in alone.items() if k != "labels"}).logits[0]
        found = model(**{k: v for k, v in padded.items() if k != "labels"}).logits[0, :5]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
