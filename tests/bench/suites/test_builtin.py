"""The builtin suite: complete, its own, its references right in all six languages, and its stubs wrong."""

import gzip
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from hrm_edge.bench.suites.builtin import load_builtin
from hrm_edge.bench.suites.function_signatures import LANGUAGES_WITH_SIGNATURES
from hrm_edge.errors import SandboxError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, Calls, Prediction, Problem, Scenario, ShellCommand
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchain
from hrm_edge.sandbox.verdict import Outcome, Verdict
from hrm_edge.shell_match import words
from hrm_edge.shell_recipes.recipes import load_recipes
from hrm_edge.train.data.data_sets import read_examples
from hrm_edge.train.data.shell.slots import SLOTS

PROBLEMS = load_builtin()
FUNCTIONS = [problem for problem in PROBLEMS if problem.id.startswith("function/")]
SHELL = [problem for problem in PROBLEMS if problem.scenario is Scenario.SHELL]
SAMPLE = 6
"""Compiled languages are tested on one task in so many; HRM_EDGE_ALL_BUILTIN=1 takes all."""


JudgeAnswer = Callable[[Problem, Answer | None], Verdict]


@pytest.fixture(scope="module")
def verdict_on() -> Iterator[JudgeAnswer]:
    """`verdict_on(problem, answer)`, in the sandbox, each language in one of its own; skips where it is missing."""
    with ExitStack() as stack:

        @cache
        def judge_of(language: str) -> Judge:
            toolchain = find_toolchain(language)
            if toolchain is None:
                pytest.skip(f"needs {LANGUAGES[language].title}: {LANGUAGES[language].install}")
            try:
                sandbox = stack.enter_context(open_sandbox(toolchains=[toolchain]))
            except SandboxError as error:
                pytest.skip(f"needs a sandbox: {error}")
            return Judge(stack.enter_context(sandbox.session()), {language: toolchain})

        def judged(problem: Problem, answer: Answer | None) -> Verdict:
            assert answer is not None
            return judge_of(problem.language).judge(problem.check, problem.language, answer)

        yield judged


def calls(problem: Problem) -> Calls:
    assert isinstance(problem.check, Calls)
    return problem.check


def references(problem: Problem) -> tuple[str, ...]:
    assert isinstance(problem.check, ShellCommand)
    return problem.check.references


def test_parts_have_their_sizes() -> None:
    assert Counter(problem.id.partition("/")[0] for problem in PROBLEMS) == {
        "function": 24 * 6,
        "shell": 40,
        "repair": 8,
        "execution": 8,
    }
    assert len({problem.id for problem in PROBLEMS}) == 200
    assert Counter(problem.language for problem in FUNCTIONS) == dict.fromkeys(LANGUAGES_WITH_SIGNATURES, 24)
    tasks = {problem.id.split("/")[1]: problem.difficulty for problem in FUNCTIONS}
    assert Counter(tasks.values()) == {"easy": 8, "medium": 8, "hard": 8}


@pytest.mark.parametrize("limit", [20, 40])
def test_first_problems_are_a_mixture(limit: int) -> None:
    first = PROBLEMS[:limit]
    assert {problem.scenario for problem in first} == {problem.scenario for problem in PROBLEMS}
    assert {problem.language for problem in first} == {*LANGUAGES_WITH_SIGNATURES, "bash"}
    assert {problem.difficulty for problem in first} == {"easy", "medium", "hard"}


def test_every_function_has_six_to_ten_calls_and_shows_two() -> None:
    for problem in FUNCTIONS:
        check = calls(problem)
        assert check.signature is not None
        assert 6 <= len(check.arguments) == len(check.expected) <= 10, problem.id
        assert all(len(arguments) == len(check.signature.parameters) for arguments in check.arguments)
        assert problem.request.count(f"{check.function}(") == 3, problem.id  # the declaration and two examples
        assert check.function in str(problem.stub)
        assert check.function in str(problem.reference)


def test_names_follow_the_custom_of_the_language() -> None:
    names = {problem.language: calls(problem).function for problem in FUNCTIONS if "/seat_name/" in problem.id}
    snake, camel = "seat_name", "seatName"
    assert names == {
        "python": snake,
        "rust": snake,
        "cpp": snake,
        "javascript": camel,
        "go": camel,
        "java": camel,
    }
    assert "`perRow`" in next(problem.request for problem in FUNCTIONS if problem.id == "function/seat_name/java")


def test_values_have_the_types_of_the_signature() -> None:
    def fits(value: object, kind: str) -> bool:
        if found := re.fullmatch(r"list\[(.+)\]", kind):
            return isinstance(value, list) and all(fits(item, found[1]) for item in value)
        if found := re.fullmatch(r"map\[str,(.+)\]", kind):
            return isinstance(value, dict) and all(fits(item, found[1]) for item in value.values())
        return type(value) is {"int": int, "float": float, "bool": bool, "str": str}[kind]

    for problem in PROBLEMS:
        if isinstance(problem.check, Calls):
            signature = problem.check.signature
            assert signature is not None
            kinds = [kind for _, kind in signature.parameters]
            for arguments, expected in zip(problem.check.arguments, problem.check.expected, strict=True):
                assert all(fits(value, kind) for value, kind in zip(arguments, kinds, strict=True)), problem.id
                assert fits(expected, signature.result), problem.id


def _sampled(language: str) -> list[Problem]:
    tasks = [problem for problem in FUNCTIONS if problem.language == language]
    if language in ("python", "javascript") or os.environ.get("HRM_EDGE_ALL_BUILTIN"):
        return tasks
    return tasks[LANGUAGES_WITH_SIGNATURES.index(language) % SAMPLE :: SAMPLE]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES_WITH_SIGNATURES)
def test_references_pass_and_stubs_fail(verdict_on: JudgeAnswer, language: str) -> None:
    for problem in _sampled(language):
        verdict = verdict_on(problem, problem.reference)
        assert verdict.outcome is Outcome.PASSED, (problem.id, verdict)
        assert verdict.tests == verdict.passed == len(calls(problem).arguments)
    for problem in _sampled(language)[::2]:
        verdict = verdict_on(problem, problem.stub)
        assert verdict.outcome in (Outcome.FAILED, Outcome.RUNTIME_ERROR), (problem.id, verdict)


def test_repairs_pass_and_the_buggy_programs_fail_at_the_call_shown(verdict_on: JudgeAnswer) -> None:
    for problem in (problem for problem in PROBLEMS if problem.scenario is Scenario.REPAIR):
        assert verdict_on(problem, problem.reference).outcome is Outcome.PASSED, problem.id
        verdict = verdict_on(problem, problem.stub)
        assert verdict.outcome in (Outcome.FAILED, Outcome.RUNTIME_ERROR), problem.id
        assert verdict.passed == 0
        assert str(problem.stub).strip() in problem.request


def test_predictions_pass_and_another_value_fails(verdict_on: JudgeAnswer) -> None:
    for problem in (problem for problem in PROBLEMS if problem.scenario is Scenario.EXECUTION):
        assert isinstance(problem.check, Prediction)
        assert verdict_on(problem, problem.reference).outcome is Outcome.PASSED, problem.id
        assert verdict_on(problem, "'no such value'").outcome is Outcome.FAILED, problem.id
        assert problem.check.expected not in problem.request


def test_shell_references_pass_and_those_of_another_problem_fail(verdict_on: JudgeAnswer) -> None:
    for problem, other in zip(SHELL, SHELL[1:] + SHELL[:1], strict=True):
        for reference in references(problem):
            assert verdict_on(problem, reference).outcome is Outcome.PASSED, reference
            assert verdict_on(other, reference).outcome is Outcome.FAILED, reference


def test_no_reference_of_a_shell_problem_is_there_twice() -> None:
    for problem in SHELL:
        assert len({words(reference) for reference in references(problem)}) == len(references(problem))


def test_shell_request_is_no_recipe() -> None:
    """Of a recipe, every slot may hold any word: none of its requests reads like one of ours with the same command."""
    slot = re.compile(r"\{(?:" + "|".join(SLOTS) + r")\d*\}")

    def pattern(text: str) -> re.Pattern[str]:
        return re.compile(r"\S+".join(re.escape(part) for part in slot.split(text)), re.IGNORECASE)

    for recipe in load_recipes():
        command = pattern(recipe.command)
        ours = [problem for problem in SHELL if any(command.fullmatch(reference) for reference in references(problem))]
        for ask in recipe.asks:
            assert not [problem.request for problem in ours if pattern(ask).fullmatch(problem.request)]


def test_shell_request_is_in_no_training_text(data_directory: Path) -> None:
    trained = {
        re.sub(r"\W+", " ", example.request.lower()).strip()
        for name in ("tldr", "nl2bash", "cheatsheets")
        for example in read_examples(data_directory / f"{name}.jsonl.gz")
    }
    assert not [p.request for p in SHELL if re.sub(r"\W+", " ", p.request.lower()).strip() in trained]


def test_functions_are_those_of_no_other_suite(data_directory: Path) -> None:
    """By name: no task is called like one of HumanEval, MBPP or Exercism."""
    others = {slug.replace("-", "_") for slug in _exercism_slugs(data_directory)}
    for path in ("mbpp/train.jsonl", "mbpp/validation.jsonl", "mbpp/sanitized_nontest.jsonl"):
        text = (data_directory / path).read_text(encoding="utf-8")
        others |= set(re.findall(r"def (\w+)\(", text))
    with gzip.open(data_directory / "humaneval/HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        others |= {json.loads(line)["entry_point"] for line in lines}
    ours = {problem.id.split("/")[1] for problem in PROBLEMS if problem.id.startswith(("function/", "repair/"))}
    assert len(others) > 600
    assert ours.isdisjoint(others)


def _exercism_slugs(data_directory: Path) -> list[str]:
    with gzip.open(data_directory / "exercism-canonical.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["slug"] for line in lines]


def test_loading_gives_the_same_problems_each_time() -> None:
    random.seed(5)
    assert load_builtin() == PROBLEMS
