"""Write it: from a description to code."""

import random

from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.voices import tell
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.scenarios.making import code_block, example


def generation(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """A problem told in some voice; the answer is one of its solutions, or the whole program where that is asked."""
    whole = emission.whole_program
    voice, request = tell(emission.problem, emission.renderer, rng, whole_program=whole is not None)
    if voice == "contest" and whole is not None:
        return example(emission, Task.GENERATION, request, code_block(emission, whole))
    plainest = rng.random() < 0.6
    solution = emission.solutions[0] if plainest else rng.choice(emission.solutions)
    return example(emission, Task.GENERATION, request, code_block(emission, solution.text))
