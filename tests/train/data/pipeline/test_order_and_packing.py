"""Difficulty rises from step to step, and rows are full."""

import itertools
import random
from collections import Counter

import pytest
from data_pipeline_sources import example

from hrm_edge.train.data.pipeline.order import in_steps
from hrm_edge.train.data.pipeline.packing import MOST_IN_A_ROW, best_fit, pack
from hrm_edge.train.data.pipeline.prepared import Prepared
from hrm_edge.train.data.pipeline.recipe import Order

ORDERS = [
    Order(kind="none"),
    Order(kind="linear", steps=7),
    Order(kind="exponential", steps=4),
    Order(kind="staged", stages=(0.25, 0.5)),
]


def prepared(number: int, length: int) -> Prepared:
    return Prepared(example=example(number), identity=number, request=(0,) * (length - 2), answer=(1, 2))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.kind)
def test_every_item_is_in_one_step_and_no_step_is_easier_than_the_one_before(order):
    rng = random.Random(2)
    difficulties = [rng.random() for _ in range(1000)]
    steps = in_steps(range(1000), difficulties, order, random.Random(3))
    assert sorted(item for step in steps for item in step) == list(range(1000))
    for before, after in itertools.pairwise(steps):
        assert max(difficulties[item] for item in before) <= min(difficulties[item] for item in after)


def test_steps_have_the_sizes_their_kind_says():
    difficulties = [number / 1600 for number in range(1600)]

    def sizes(order: Order) -> list[int]:
        return [len(step) for step in in_steps(range(1600), difficulties, order, random.Random(3))]

    assert sizes(Order(kind="none")) == [1600]
    assert sizes(Order(kind="linear", steps=4)) == [400, 400, 400, 400]
    assert sizes(Order(kind="exponential", steps=5)) == [100, 100, 200, 400, 800]
    assert sizes(Order(kind="staged", stages=(0.25, 0.75))) == [400, 800, 400]


def test_items_within_a_step_are_shuffled():
    difficulties = [number / 100 for number in range(100)]
    (step,) = in_steps(range(100), difficulties, Order(kind="none"), random.Random(3))
    assert step != sorted(step)


def test_unknown_difficulty_is_spread_over_the_steps():
    difficulties = [number / 1000 for number in range(1000)] + [None] * 1000
    steps = in_steps(range(2000), difficulties, Order(kind="linear", steps=4), random.Random(3))
    for step in steps:
        assert 150 < sum(item >= 1000 for item in step) < 350
    steps = in_steps(range(100), [None] * 100, Order(kind="staged", stages=(0.5,)), random.Random(3))
    assert all(len(step) > 20 for step in steps)


def test_best_fit_decreasing_of_a_hand_worked_case():
    """7 and 3 fill the first row; 6 and 4 the second; 5 takes 2 and 2, and the 1 fills what is left."""
    rows = best_fit([prepared(n, length) for n, length in enumerate((2 + 4, 2 + 5, 4, 3, 5, 2, 2))], 10)
    assert [[item.length for item in row] for row in rows] == [[7, 3], [6, 4], [5, 2, 2]]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.kind)
def test_rows_hold_every_example_once_and_little_padding(order):
    rng = random.Random(4)
    items = [prepared(number, rng.randint(10, 300)) for number in range(2000)]
    steps = in_steps(items, [item.example.difficulty for item in items], order, rng)
    rows = pack(steps, 512, rng)
    assert Counter(item.identity for row in rows for item in row.examples) == Counter(range(2000))
    assert all(sum(item.length for item in row.examples) <= 512 for row in rows)
    assert [row.step for row in rows] == sorted(row.step for row in rows)
    used = sum(item.length for item in items)
    assert used / (512 * len(rows)) > 0.98
    own_step = {item.identity: number for number, step in enumerate(steps) for item in step}
    assert all(own_step[item.identity] <= row.step for row in rows for item in row.examples)


def test_row_numbers_its_examples_with_one_byte():
    rows = best_fit([prepared(number, 3) for number in range(600)], 3 * 600)
    assert [len(row) for row in rows] == [MOST_IN_A_ROW, MOST_IN_A_ROW, 600 - 2 * MOST_IN_A_ROW]
