"""Rows as tensors: positions and labels of each example, held-out groups without a loss, epoch after epoch."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.held_out import HELD_OUT_SHARE, is_held_out
from hrm_edge.train.packed_rows import IGNORED_LABEL, PackedRows, collate, row_of

ids = st.lists(st.integers(3, 8191), min_size=1, max_size=9)


@given(st.lists(st.tuples(ids, ids), min_size=1, max_size=5))
def test_a_row_holds_each_example_from_position_zero_with_its_answer_as_label(examples):
    row = row_of(examples)
    for number, (request, answer) in enumerate(examples, 1):
        mine = row["segment_ids"] == number
        assert row["input_ids"][mine].tolist() == request + answer
        assert row["position_ids"][mine].tolist() == list(range(len(request) + len(answer)))
        assert row["token_type_ids"][mine].tolist() == [1] * len(request) + [0] * len(answer)
        assert row["labels"][mine].tolist() == [IGNORED_LABEL] * len(request) + answer


def test_rows_of_shards_are_their_examples_and_held_out_groups_have_no_loss(shards_directory, monkeypatch):
    shards = open_shards(shards_directory)
    monkeypatch.setattr("hrm_edge.train.packed_rows.is_held_out", lambda group: group.endswith("7"))
    rows = PackedRows(shards, len(shards), seed=3)
    held = 0
    for place, (shard, number) in enumerate(shards.training_order(3)):
        row = rows[place]
        for segment, example in enumerate(shards.examples(shard, number), 1):
            mine = row["segment_ids"] == segment
            answer = example.answer.tolist()
            out = example.group.endswith("7")
            held += out
            assert row["input_ids"][mine].tolist() == example.request.tolist() + answer
            expected = [IGNORED_LABEL] * len(answer) if out else answer
            assert row["labels"][mine].tolist() == [IGNORED_LABEL] * len(example.request) + expected
    assert held > 0


def test_second_epoch_has_the_same_rows_in_another_order(shards_directory):
    shards = open_shards(shards_directory)
    count = len(shards)
    rows = PackedRows(shards, 2 * count, seed=0)
    first, second = ([tuple(rows[start + n]["input_ids"].tolist()) for n in range(count)] for start in (0, count))
    assert first != second
    assert sorted(first) == sorted(second)


def test_mixed_rows_are_those_of_the_shards_in_another_order_each_epoch(shards_directory):
    shards = open_shards(shards_directory)
    count = len(shards)
    rows, in_order = PackedRows(shards, 2 * count, seed=0, mixed=True), PackedRows(shards, count, seed=0)
    first, second = ([tuple(rows[start + n]["input_ids"].tolist()) for n in range(count)] for start in (0, count))
    assert first != second
    assert sorted(first) == sorted(second)
    assert sorted(first) == sorted(tuple(in_order[n]["input_ids"].tolist()) for n in range(count))


def test_a_batch_is_padded_to_a_multiple_of_32_and_cut_where_all_is_padding():
    batch = collate([row_of([([5] * 30, [6] * 5)]), row_of([([7], [8])])])
    assert {column.shape for column in batch.values()} == {torch.Size([2, 64])}
    assert batch["segment_ids"].sum().item() == 37
    assert batch["labels"][1].ne(IGNORED_LABEL).sum().item() == 1
    longer = {name: torch.nn.functional.pad(column[0], (0, 100)) for name, column in batch.items()}
    assert collate([longer])["input_ids"].shape == (1, 64)


def test_about_two_in_a_hundred_groups_are_held_out_and_always_the_same():
    held = [name for name in (f"curriculum/{n}" for n in range(5000)) if is_held_out(name)]
    assert 0.7 < len(held) / 5000 / HELD_OUT_SHARE < 1.3
    assert held[:2] == [name for name in held[:2] if is_held_out(name)]
