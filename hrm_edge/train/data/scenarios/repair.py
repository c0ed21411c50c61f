"""Mend it: a program with one bug, and the test that fails by it."""

import random

from hrm_edge.train.data.curriculum.emission import BuggyText, Emission
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.scenarios.making import code_block, example


def repair(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """The description, the wrong program, what it returned where; the answer is the right program."""
    if not emission.wrong:
        return None
    telling = Telling(emission.problem, emission.renderer, rng)
    wrong = rng.choice(emission.wrong)
    block = code_block(emission, wrong.text)
    failure = failure_words(telling, wrong, rng)
    sentence = telling.sentence(rng.choice(("It should return", "The function must return", "Return")))
    request = rng.choice(
        (
            f"{sentence}\n{block}\nThis code is wrong. {failure}\nAnswer with the whole code, mended.",
            f"Fix this {telling.title} code.\n{block}\n{sentence}\n{failure}",
            f"{block}\n{failure}\n{sentence} Find the bug and mend it.",
            f"{sentence}\n\n{block}\n\nThe above code is incorrect and got a wrong answer.\n{failure}",
        )
    )
    return example(emission, Task.REPAIR, request, code_block(emission, emission.solutions[0].text))


def failure_words(telling: Telling, wrong: BuggyText, rng: random.Random) -> str:
    """The test that fails: the call, what came, what should have come. All of it was run."""
    cases = telling.problem.cases
    failing = [n for n, case in enumerate(cases) if wrong.bug.returned[n] != case.result]
    number = min(rng.sample(failing, min(2, len(failing))), key=lambda n: len(repr(cases[n])))
    case = cases[number]
    call, value = telling.call(case), telling.value(case)
    got = telling.value(Case(case.arguments, wrong.bug.returned[number]))
    return rng.choice(
        (
            f"`{call}` returned {got}, expected {value}.",
            f"Failing test: {call} should be {value} but is {got}.",
            f"Input: {call}\nGenerated Output: {got}\nExpected: {value}",
            f"assertion failed: {call} == {value}\n  left: {got}\n right: {value}",
        )
    )
