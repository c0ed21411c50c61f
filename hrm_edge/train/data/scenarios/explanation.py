"""Say it: from code to a description."""

import random

from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.scenarios.making import code_block, example


def explanation(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """What a function returns, in a sentence or two."""
    telling = Telling(emission.problem, emission.renderer, rng)
    asked = rng.choice(
        (
            f"What does the function `{telling.name}` compute?",
            f"Describe in a sentence what this {telling.title} function returns.",
            f"Write the documentation of `{telling.name}`.",
            "Explain this code.",
        )
    )
    response = telling.sentence("It returns" if asked.startswith(("What", "Explain")) else "Returns")
    if claim := telling.claims():
        response = f"{response} {claim}"
    request = f"{asked}\n{code_block(emission, rng.choice(emission.solutions).text)}"
    return example(emission, Task.REVERSE, request, response)
