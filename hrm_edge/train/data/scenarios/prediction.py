"""Run it by hand: what a call returns, which call returns it, what a test must expect."""

import random

from hrm_edge.prompt import fenced
from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.scenarios.making import code_block, example


def execution(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """What a program returns for one input. Wrong programs are run too: what code does is not what it should do."""
    telling = Telling(emission.problem, emission.renderer, rng)
    number = rng.randrange(len(emission.problem.cases))
    case, code = emission.problem.cases[number], rng.choice(emission.solutions).text
    if emission.wrong and rng.random() < 0.3:
        wrong = rng.choice(emission.wrong)
        case, code = Case(case.arguments, wrong.bug.returned[number]), wrong.text
    call, value = telling.call(case), telling.value(case)
    if emission.renderer.language == "python" and rng.random() < 0.4:
        request = (
            "Complete the assertion with the value that this code gives, as a literal, between [ANSWER] and [/ANSWER]."
            f"\n\n[PYTHON]\n{code}\nassert {call} == ??\n[/PYTHON]\n[ANSWER]\n"
        )
        return example(emission, Task.EXECUTION, request, f"assert {call} == {value}\n[/ANSWER]")
    asked = rng.choice(
        (
            f"What does `{call}` return?",
            f"Run this {telling.title} code by hand. What is the value of `{call}`?",
            f"What is the result of `{call}` with this code?",
        )
    )
    block = code_block(emission, code)
    request = f"{asked}\n{block}" if rng.random() < 0.5 else f"{block}\n{asked}"
    return example(emission, Task.EXECUTION, request, code_block(emission, value))


def test_output(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """What a test must expect, from the description alone."""
    telling = Telling(emission.problem, emission.renderer, rng)
    case = rng.choice(emission.problem.cases)
    call, value = telling.call(case), telling.value(case)
    assertion, form = "", f"{call} == "
    if emission.renderer.language == "python":
        assertion, form = "assert ", f"assert {call} == "
    function = code_block(emission, telling.head)
    asked = rng.choice(("Complete this test case:", "Which value does this test expect?", "Fill in the test:"))
    open_test = fenced(f"{form}# TODO" if assertion else f"{form}?", emission.renderer.language)
    request = f"{telling.sentence()}\n{function}\n{asked}\n{open_test}"
    return example(emission, Task.TEST_OUTPUT, request, code_block(emission, f"{form}{value}"))


def input_of_output(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """A call that returns a given value; any is right, this is one that was run."""
    telling = Telling(emission.problem, emission.renderer, rng)
    case = rng.choice(emission.problem.cases)
    asked = rng.choice(
        (
            f"Find a call of `{telling.name}` that returns {telling.value(case)}.",
            f"For which arguments does `{telling.name}` return {telling.value(case)}? Give one such call.",
        )
    )
    request = f"{asked}\n{code_block(emission, rng.choice(emission.solutions).text)}"
    return example(emission, Task.REVERSE, request, code_block(emission, telling.call(case)))


test_output.__test__ = False  # type: ignore[attr-defined]  # no test of pytest's
