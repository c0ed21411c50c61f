"""Scenarios: what is asked can be answered, and the answer given is right, by means that did not make it."""

import ast
import random
import re
from typing import Any

import pytest

from hrm_edge.edits import apply_edits, parse_edits
from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.curriculum.emission import Emission, emit
from hrm_edge.train.data.curriculum.parts import evaluate
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.scenarios.editing import bug_fix, feature, minimal_blocks, refactoring, renaming
from hrm_edge.train.data.scenarios.examples import TIMES, examples
from hrm_edge.train.data.scenarios.prediction import execution, input_of_output
from hrm_edge.train.data.scenarios.prediction import test_output as output_of_test
from hrm_edge.train.data.scenarios.repair import repair

NUMBERS = range(9000, 9040)
PYTHON = [emit(index, RENDERERS["python"]) for index in NUMBERS]


def scope_of(code: str) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    exec(compile(code, "answer", "exec"), scope)
    return scope


def passes(emission: Emission, code: str) -> bool:
    function = scope_of(code)[emission.problem.program.entry.name]
    try:
        return all(function(*case.arguments) == case.result for case in emission.problem.cases)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False


def code_of(example: TrainingExample) -> str:
    return parse_answer(example.response).text


def first_block(text: str) -> str:
    return parse_answer(text).text


def test_execution_answers_are_what_cpython_returns() -> None:
    for emission in PYTHON:
        for seed in range(4):
            example = execution(emission, random.Random(seed))
            assert example is not None
            if "[PYTHON]" in example.request:
                code = example.request.split("[PYTHON]\n")[1].partition("\nassert ")[0]
                exec(example.response.partition("\n[/ANSWER]")[0], scope_of(code))
                continue
            call = re.search(r"`(\w+\(.*\))`", example.request)
            assert call is not None
            assert eval(call[1], scope_of(first_block(example.request))) == ast.literal_eval(code_of(example))


def test_test_outputs_are_what_the_references_give() -> None:
    for emission in PYTHON:
        example = output_of_test(emission, random.Random(5))
        assert example is not None
        statement = ast.parse(code_of(example)).body[0]
        assert isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare)
        call, value = statement.test.left, statement.test.comparators[0]
        assert isinstance(call, ast.Call)
        arguments = [ast.literal_eval(argument) for argument in call.args]
        part = emission.problem.part
        assert evaluate(part, dict(zip(part.given, arguments, strict=True))) == ast.literal_eval(value)


def test_the_call_of_a_reverse_task_returns_the_value_asked_for() -> None:
    for emission in PYTHON:
        example = input_of_output(emission, random.Random(1))
        assert example is not None
        asked = example.request.partition("\n```")[0]
        value = re.search(r"returns? (.*?)(?:\.$|\? Give)", asked)
        assert value is not None, asked
        assert eval(code_of(example), scope_of(first_block(example.request))) == ast.literal_eval(value[1])


def test_repairs_start_from_code_that_fails_as_told_and_end_with_code_that_passes() -> None:
    found = 0
    for emission in PYTHON:
        example = repair(emission, random.Random(2))
        if example is None:
            continue
        assert not passes(emission, first_block(example.request))
        assert passes(emission, code_of(example))
        found += 1
    assert found > len(PYTHON) * 0.8


@pytest.mark.parametrize("make", [bug_fix, feature, refactoring, renaming])
@pytest.mark.parametrize("language", RENDERERS)
def test_edits_apply_exactly_once_and_give_a_text_that_was_run(make: Any, language: str) -> None:
    found = 0
    for index in NUMBERS[:25]:
        emission = emit(index, RENDERERS[language])
        example = make(emission, random.Random(3))
        if example is None:
            continue
        shown = example.request
        path = re.findall(r"^([\w.]+)\n```\n", shown, re.MULTILINE)[0]
        before = shown.split(f"{path}\n```\n", 1)[1].partition("```\n")[0]
        after = apply_edits(parse_edits(example.response, {path: before}, "diff"), {path: before})[path]
        texts = {solution.text for solution in emission.solutions}
        texts |= {emission.renamed.solution.text} if emission.renamed else set()
        assert after.rstrip("\n") in texts
        assert after != before
        found += 1
    assert found > 0


def test_minimal_blocks_hold_unique_lines_where_a_line_stands_twice() -> None:
    before = "a\nx\nb\nx\nc\n"
    blocks = minimal_blocks("f", before, "a\nx\nb\ny\nc\n")
    assert blocks is not None
    assert apply_edits(blocks, {"f": before}) == {"f": "a\nx\nb\ny\nc\n"}
    assert sum(block.search.count("\n") for block in blocks) <= 2


@pytest.mark.parametrize("seed", range(40))
def test_minimal_blocks_turn_any_text_into_any_near_one(seed: int) -> None:
    rng = random.Random(seed)
    before = [rng.choice("abcx") for _ in range(12)]
    after = list(before)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(after))
        after[place : place + rng.randint(0, 1)] = [rng.choice("abcxyz") for _ in range(rng.randint(0, 2))]
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    blocks = minimal_blocks("f", old, new)
    if blocks is not None:
        assert apply_edits(blocks, {"f": old}) == {"f": new}


def test_all_scenarios_all_pairs_and_nothing_twice() -> None:
    emissions = {language: emit(NUMBERS[0], renderer) for language, renderer in RENDERERS.items()}
    made = list(examples(emissions, 1))
    assert {(example.language, example.task) for example in made if example.task is not Task.TRANSFER} >= {
        (language, task) for language in RENDERERS for task in (Task.GENERATION, Task.EXECUTION, Task.TEST_WRITING)
    }
    assert sum(example.task is Task.TRANSFER for example in made) == 30
    assert len(made) <= sum(TIMES.values()) * 6 + 30
    assert all(example.executed for example in made)
    assert list(examples(emissions, 1)) == made
