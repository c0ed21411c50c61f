"""Test it: from a description or code to tests."""

import random

from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.scenarios.making import code_block, example

FRAMEWORKS = {
    "python": "pytest functions",
    "javascript": "node:test",
    "go": "the testing package",
    "rust": "a test module",
    "cpp": "a main with assertions",
    "java": "JUnit 5",
}


def test_writing(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """Tests of a function that is described, or shown."""
    telling = Telling(emission.problem, emission.renderer, rng)
    cases = emission.problem.cases
    edges = cases[:2]
    chosen = [*edges, *rng.sample(cases[2:], min(len(cases) - 2, rng.randint(1, 4)))]
    framework = FRAMEWORKS[emission.renderer.language]
    asked = rng.choice(
        (
            f"Write tests for this {telling.title} function with {framework}.",
            f"Test `{telling.name}` with {framework}.",
            f"I need {telling.title} tests ({framework}) for this function.",
        )
    )
    shown = code_block(emission, telling.head)
    if rng.random() < 0.4:
        shown = code_block(emission, emission.solutions[0].text)
    request = f"{asked}\n{telling.sentence()}\n{shown}"
    tests = emission.renderer.tests(emission.problem.program, chosen)
    return example(emission, Task.TEST_WRITING, request, code_block(emission, tests))


test_writing.__test__ = False  # type: ignore[attr-defined]  # no test of pytest's
