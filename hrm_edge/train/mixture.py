"""What the model sees, in which share: a weighted, endless, reproducible stream of request and answer.

The n-th example of a seed is always the same, so that an interrupted training continues with the data it would have
seen. Rare programs (`tldr` knows 6,000) are named in the request: nobody can guess `pyrit` from "display speed".
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hrm_edge.train.augmentation import ValuePool, with_new_values
from hrm_edge.train.examples import Example
from hrm_edge.train.recipes import Recipe, fill

SOURCE_WEIGHTS = {"nl2bash": 0.36, "recipes": 0.36, "tldr": 0.20, "cheatsheets": 0.06, "mbpp": 0.02}
"""Share of examples by source (an MBPP answer is eight commands long), renormalised over the sources at hand; a
source that is not named here weighs as much as `tldr`."""
NEW_VALUES_SHARE = 0.6
"""How often an example's values are replaced by others of their kind."""
COMMON_COMMAND_EXAMPLES = 6
"""A program with at least this many examples outside tldr is common: a request need not name it."""


class Mixture:
    """Examples drawn by source weight, with new values and named programs."""

    def __init__(self, examples: Sequence[Example], recipes: Sequence[Recipe], seed: int) -> None:
        self._by_source: dict[str, list[Example]] = {}
        for example in examples:
            self._by_source.setdefault(example.source, []).append(example)
        self._recipes = recipes
        self._seed = seed
        self._pool = ValuePool(example for example in examples if example.language == "bash")
        used = Counter(word for e in examples if e.source != "tldr" for word in e.code.split()[:1])
        self._common = {command for command, count in used.items() if count >= COMMON_COMMAND_EXAMPLES}
        names = [*self._by_source, *(["recipes"] if recipes else [])]
        self._sources = names
        self._weights = [SOURCE_WEIGHTS.get(name, SOURCE_WEIGHTS["tldr"]) for name in names]

    def example(self, index: int) -> Example:
        """The index-th example of this mixture's seed."""
        rng = random.Random(self._seed * 1_000_003 + index)
        source = rng.choices(self._sources, self._weights)[0]
        if source == "recipes":
            return draw_recipe(self._recipes, rng, held_out=False)
        example = rng.choice(self._by_source[source])
        if example.language == "bash" and rng.random() < NEW_VALUES_SHARE:
            example = with_new_values(example, self._pool, rng)
        return self._with_program_named(example, rng)

    def _with_program_named(self, example: Example, rng: random.Random) -> Example:
        named = example.command.lower() in example.request.lower()
        common = example.command.split(" ")[0] in self._common
        if not example.command or named or (common and rng.random() < 0.7):
            return example
        wording = rng.choice(("{command}: {request}", "{request} with {command}", "{request} using {command}"))
        request = example.request[:1].lower() + example.request[1:]
        return replace(example, request=wording.format(command=example.command, request=request))


def draw_recipe(recipes: Sequence[Recipe], rng: random.Random, *, held_out: bool) -> Example:
    """A recipe with fresh values, from the held-out share of requests or from the rest."""
    while True:
        request, code = fill(rng.choice(recipes), rng)
        example = Example(request=request, code=code, language="bash", source="recipes")
        if example.held_out == held_out:
            return example
