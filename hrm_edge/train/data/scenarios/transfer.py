"""Say the same in another language: the thirty ordered pairs of six."""

import random

from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.scenarios.making import code_block, example


def transfer(origin: Emission, target: Emission, rng: random.Random) -> TrainingExample | None:
    """A program of one language as a program of another; the language of the example is the target's."""
    source = Telling(origin.problem, origin.renderer, rng)
    wanted = Telling(target.problem, target.renderer, rng)
    asked = rng.choice(
        (
            f"Translate this {source.title} code to {wanted.title}.",
            f"Write this in {wanted.title}.",
            f"Port `{source.name}` from {source.title} to {wanted.title} as `{wanted.head}`.",
            f"Here is a function in {source.title}. I need the same in {wanted.title}.",
        )
    )
    number = rng.randrange(min(len(origin.solutions), len(target.solutions)))
    request = f"{asked}\n{code_block(origin, origin.solutions[number].text)}"
    return example(target, Task.TRANSFER, request, code_block(target, target.solutions[number].text))
