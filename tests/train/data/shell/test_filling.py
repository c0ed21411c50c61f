"""Recipes filled with values: all of them, in request and command, the same for the same seed."""

import random

from hrm_edge.shell_recipes.recipes import Recipe, load_recipes, slots_of
from hrm_edge.train.data.shell.filling import command_with, draw_values, fill

RECIPES = load_recipes()


def test_filling_leaves_no_slot_and_puts_every_value_in_the_request() -> None:
    rng = random.Random(1)
    for recipe in RECIPES:
        request, command = fill(recipe, rng)
        assert not slots_of(request) and not slots_of(command)
    sizes = Recipe(asks=("files over {size}",) * 4, command="find . -size +{size}")
    values = draw_values(sizes, rng)
    assert command_with(sizes, values) == f"find . -size +{values['size'][1]}"


def test_filling_is_the_same_for_the_same_seed() -> None:
    first, second = ([fill(recipe, random.Random(7)) for recipe in RECIPES] for _ in range(2))
    assert first == second


def test_numbered_slots_draw_different_values() -> None:
    recipe = Recipe(asks=("swap {small} {small2} {small3}",) * 4, command="echo {small} {small2} {small3}")
    for seed in range(100):
        assert len(set(fill(recipe, random.Random(seed))[1].split())) == 4
