"""Mend it: a program with one bug, and the test that fails by it."""

import random

from hrm_edge.repair_request import FAILURES, REPAIR_REQUESTS
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
    request = rng.choice(REPAIR_REQUESTS).format(task=sentence, block=block, failure=failure, title=telling.title)
    return example(emission, Task.REPAIR, request, code_block(emission, emission.solutions[0].text))


def failure_words(telling: Telling, wrong: BuggyText, rng: random.Random) -> str:
    """The test that fails: the call, what came, what should have come. All of it was run."""
    cases = telling.problem.cases
    failing = [n for n, case in enumerate(cases) if wrong.bug.returned[n] != case.result]
    number = min(rng.sample(failing, min(2, len(failing))), key=lambda n: len(repr(cases[n])))
    case = cases[number]
    call, value = telling.call(case), telling.value(case)
    got = telling.value(Case(case.arguments, wrong.bug.returned[number]))
    return rng.choice(FAILURES).format(call=call, got=got, expected=value)
