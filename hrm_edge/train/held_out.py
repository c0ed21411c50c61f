"""What no training sees: the share of requests that a model's loss and accuracy are measured on."""

import random
from collections.abc import Sequence

from hrm_edge.train.examples import Example
from hrm_edge.train.mixture import draw_recipe
from hrm_edge.train.recipes import Recipe

RECIPE_COUNT = 300
_SEED = 20_261_120  # the fillings are the same for every run


def held_out_examples(examples: Sequence[Example], recipes: Sequence[Recipe]) -> list[Example]:
    """The held-out share of the data, and recipes whose filled request falls into it."""
    rng = random.Random(_SEED)
    drawn = [draw_recipe(recipes, rng, held_out=True) for _ in range(RECIPE_COUNT if recipes else 0)]
    return [example for example in examples if example.held_out] + drawn
